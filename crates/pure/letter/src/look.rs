//! How a publication looks: data, never a template. Colours that carry text are computed so that they can be read.

use serde::{Deserialize, Serialize};

/// WCAG 2.2, 1.4.3: least contrast of text of any size.
pub const LEAST_CONTRAST: f64 = 4.5;

/// A colour; `#rrggbb` when written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rgb(pub u8, pub u8, pub u8);

/// Not a colour.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a colour; write it as #1d6f5c")]
pub struct NotAColour(pub String);

impl Rgb {
    /// White.
    pub const WHITE: Rgb = Rgb(255, 255, 255);
    /// Black.
    pub const BLACK: Rgb = Rgb(0, 0, 0);

    /// Contrast with another colour, 1 to 21 (WCAG 2.2).
    pub fn contrast(self, other: Rgb) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// This colour on the way to another, by hundredths.
    fn towards(self, other: Rgb, hundredths: u16) -> Rgb {
        let mix = |from: u8, to: u8| {
            let mixed = (u16::from(from) * (100 - hundredths) + u16::from(to) * hundredths + 50) / 100;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Rgb(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }

    /// The nearest colour on the way to `end` that can be read on all of `grounds`.
    fn readable(self, end: Rgb, grounds: &[Rgb]) -> Rgb {
        (0..=100)
            .map(|hundredths| self.towards(end, hundredths))
            .find(|colour| grounds.iter().all(|ground| colour.contrast(*ground) >= LEAST_CONTRAST))
            .unwrap_or(end)
    }
}

impl std::fmt::Display for Rgb {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

impl std::str::FromStr for Rgb {
    type Err = NotAColour;

    fn from_str(text: &str) -> Result<Self, NotAColour> {
        let wrong = || NotAColour(text.to_owned());
        let digits = text.trim().strip_prefix('#').ok_or_else(wrong)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let channel = |at: usize, length: usize| {
            let part = &digits[at..at + length];
            u8::from_str_radix(&part.repeat(3 - length), 16).map_err(|_| wrong())
        };
        match digits.len() {
            3 => Ok(Rgb(channel(0, 1)?, channel(1, 1)?, channel(2, 1)?)),
            6 => Ok(Rgb(channel(0, 2)?, channel(2, 2)?, channel(4, 2)?)),
            _ => Err(wrong()),
        }
    }
}

impl TryFrom<String> for Rgb {
    type Error = NotAColour;

    fn try_from(text: String) -> Result<Self, NotAColour> {
        text.parse()
    }
}

impl From<Rgb> for String {
    fn from(colour: Rgb) -> String {
        colour.to_string()
    }
}

/// The letters an edition is read in; always fonts that the reader's machine has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadingFont {
    /// With serifs, as in a magazine.
    #[default]
    Serif,
    /// Without.
    Sans,
}

impl ReadingFont {
    /// The value of `font-family`, fit for a style attribute in double quotes.
    pub const fn stack(self) -> &'static str {
        match self {
            // Georgia first: Outlook falls back to Times when the first name is unknown to it.
            ReadingFont::Serif => "Georgia,'Iowan Old Style','Times New Roman',serif",
            ReadingFont::Sans => SANS,
        }
    }
}

/// Labels, buttons and the small print stand in this, whatever the reading font.
pub const SANS: &str = "'Helvetica Neue',Helvetica,Arial,sans-serif";

/// A publication's sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// Its address.
    pub src: String,
    /// What it shows, in words.
    pub alt: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// How a publication looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Look {
    /// The one colour that is not ink or paper.
    pub accent: Rgb,
    /// What editions are read in.
    pub reading_font: ReadingFont,
    /// The sign at the head, in the place of the name in letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<Logo>,
}

impl Default for Look {
    fn default() -> Self {
        Look { accent: Rgb(0x1d, 0x6f, 0x5c), reading_font: ReadingFont::Serif, logo: None }
    }
}

impl Look {
    /// The colours by day.
    pub fn light(&self) -> Palette {
        let (paper, tint) = (Rgb::WHITE, Rgb(0xf6, 0xf4, 0xef));
        Palette {
            paper,
            tint,
            ink: Rgb(0x1f, 0x1d, 0x1a),
            muted: Rgb(0x66, 0x61, 0x59),
            hairline: Rgb(0xdf, 0xda, 0xd0),
            accent_text: self.accent.readable(Rgb::BLACK, &[paper, tint]),
            accent: self.accent,
            on_accent: on(self.accent),
        }
    }

    /// The colours by night.
    pub fn dark(&self) -> Palette {
        let (paper, tint) = (Rgb(0x17, 0x18, 0x1b), Rgb(0x22, 0x23, 0x27));
        let accent_text = self.accent.readable(Rgb::WHITE, &[paper, tint]);
        Palette {
            paper,
            tint,
            ink: Rgb(0xe9, 0xe6, 0xe0),
            muted: Rgb(0xa9, 0xa4, 0x9b),
            hairline: Rgb(0x3a, 0x3b, 0x40),
            accent_text,
            // A dark accent would not stand out from dark paper.
            accent: accent_text,
            on_accent: on(accent_text),
        }
    }
}

/// White or black, whichever is easier to read; one of them always has a contrast above 4.5.
fn on(ground: Rgb) -> Rgb {
    if ground.contrast(Rgb::WHITE) >= LEAST_CONTRAST { Rgb::WHITE } else { Rgb::BLACK }
}

/// Colours that go together; each text colour can be read on paper and on tint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Behind everything.
    pub paper: Rgb,
    /// Behind what stands apart.
    pub tint: Rgb,
    /// Text.
    pub ink: Rgb,
    /// Small print.
    pub muted: Rgb,
    /// Thin lines; never text.
    pub hairline: Rgb,
    /// Links and other accented text.
    pub accent_text: Rgb,
    /// Behind the text of a button.
    pub accent: Rgb,
    /// Text of a button.
    pub on_accent: Rgb,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_the_accent_every_text_can_be_read(red: u8, green: u8, blue: u8) {
            let look = Look { accent: Rgb(red, green, blue), ..Look::default() };
            for palette in [look.light(), look.dark()] {
                for ground in [palette.paper, palette.tint] {
                    for text in [palette.ink, palette.muted, palette.accent_text] {
                        prop_assert!(text.contrast(ground) >= LEAST_CONTRAST, "{text} on {ground}");
                    }
                }
                prop_assert!(palette.on_accent.contrast(palette.accent) >= LEAST_CONTRAST);
            }
        }
    }

    #[test]
    fn colours_are_written_as_on_the_web() {
        for (text, colour) in
            [("#1d6f5c", Rgb(0x1d, 0x6f, 0x5c)), ("#fff", Rgb::WHITE), (" #000000 ", Rgb::BLACK)]
        {
            assert_eq!(text.parse(), Ok(colour));
        }
        assert_eq!(Rgb(1, 2, 255).to_string(), "#0102ff");
        for text in ["red", "#12", "#12345é", "#ggg", "url(x)", "#1234567"] {
            assert!(text.parse::<Rgb>().is_err(), "{text}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((Rgb::WHITE.contrast(Rgb::BLACK) - 21.0).abs() < 0.01);
        assert!((Rgb(0x77, 0x77, 0x77).contrast(Rgb::WHITE) - 4.48).abs() < 0.01);
    }
}
