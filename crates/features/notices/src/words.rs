//! The words of a notice, as text and as a small letter in the publication's colours.

use i18n::{Language, t, t_with};
use letter::{Look, SANS};

/// What a notice says: a greeting line, a few sentences, one button, and why it was sent.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    /// Its language.
    pub language: Language,
    /// Whose colours it wears.
    pub look: &'a Look,
    /// Name above the text: the publication, or the house.
    pub name: &'a str,
    /// The subject, which is also the heading.
    pub subject: &'a str,
    /// Sentences before the button.
    pub before: &'a [String],
    /// The words of the button, and where it leads.
    pub button: (&'a str, &'a str),
    /// Sentences after the button.
    pub after: &'a [String],
    /// Who publishes, and from where.
    pub postal_address: Option<&'a str>,
}

impl Words<'_> {
    /// As text.
    pub fn text(&self) -> String {
        let (label, url) = self.button;
        let mut parts: Vec<String> = vec![self.name.to_owned()];
        parts.extend(self.before.iter().cloned());
        parts.push(format!("{label}\n{url}"));
        parts.extend(self.after.iter().cloned());
        if let Some(address) = self.postal_address {
            parts.push(format!("-- \n{}\n{address}", self.name));
        }
        parts.join("\n\n") + "\n"
    }

    /// As HTML, for every mail program: tables, styles in place, and readable by night.
    pub fn html(&self) -> String {
        let (day, night) = (self.look.light(), self.look.dark());
        let (label, url) = self.button;
        let font = self.look.reading_font.stack();
        let paragraph = |text: &String| {
            format!(
                "<p style=\"margin:0 0 16px;font:17px/26px {font};color:{}\" class=\"i\">{}</p>\n",
                day.ink,
                escaped(text)
            )
        };
        let before: String = self.before.iter().map(paragraph).collect();
        let after: String = self.after.iter().map(paragraph).collect();
        let link_text = t(self.language, "notices-link");
        let foot = match self.postal_address {
            Some(address) => format!("{} · {}", escaped(self.name), escaped(&address.replace('\n', ", "))),
            None => escaped(self.name),
        };
        let made = escaped(&t_with(self.language, "notices-why", &[("name", self.name.into())]));
        format!(
            r#"<!doctype html>
<html lang="{tag}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{subject}</title>
<style>
:root {{ color-scheme: light dark; }}
@media (prefers-color-scheme: dark) {{
.p {{ background: {night_paper} !important; }}
.i {{ color: {night_ink} !important; }}
.m, .m a {{ color: {night_muted} !important; }}
.h {{ border-color: {night_hairline} !important; }}
.b {{ background: {night_accent} !important; color: {night_on} !important; }}
}}
</style>
</head>
<body class="p" style="margin:0;padding:0;background:{paper}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="p" style="background:{paper}"><tr><td align="center" style="padding:32px 20px">
<table role="presentation" width="560" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:560px"><tr><td align="left">
<p class="i h" style="margin:0 0 32px;padding:0 0 12px;border-bottom:1px solid {hairline};font:22px/28px {font};color:{ink}">{name}</p>
<h1 class="i" style="margin:0 0 16px;font:normal 28px/34px {font};color:{ink}">{subject}</h1>
{before}<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 24px"><tr><td class="b" bgcolor="{accent}" style="background:{accent}"><a href="{url}" class="b" style="display:inline-block;padding:14px 24px;font:bold 16px/20px {sans};color:{on};background:{accent};text-decoration:none">{label}</a></td></tr></table>
{after}<p class="m" style="margin:0 0 32px;font:14px/22px {sans};color:{muted}">{link_text}<br><a href="{url}" class="m" style="color:{muted};word-break:break-all">{url}</a></p>
<p class="m h" style="margin:0;padding:12px 0 0;border-top:1px solid {hairline};font:13px/20px {sans};color:{muted}">{made}<br>{foot}</p>
</td></tr></table>
</td></tr></table>
</body>
</html>
"#,
            tag = self.language.tag(),
            direction = self.language.direction(),
            subject = escaped(self.subject),
            name = escaped(self.name),
            url = escaped(url),
            label = escaped(label),
            link_text = escaped(&link_text),
            sans = SANS,
            paper = day.paper,
            ink = day.ink,
            muted = day.muted,
            hairline = day.hairline,
            accent = day.accent,
            on = day.on_accent,
            night_paper = night.paper,
            night_ink = night.ink,
            night_muted = night.muted,
            night_hairline = night.hairline,
            night_accent = night.accent,
            night_on = night.on_accent,
        )
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter if letter.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_write_html_and_the_link_stands_in_both_forms() {
        let look = Look::default();
        let before = ["A <b>sentence</b>.".to_owned()];
        let words = Words {
            language: Language::French,
            look: &look,
            name: "Ada & <Co>",
            subject: "Encore un clic",
            before: &before,
            button: ("Confirmer", "https://letters.example/r/confirm/abc"),
            after: &[],
            postal_address: Some("1 rue de la Lune\n75002 Paris"),
        };
        let (text, html) = (words.text(), words.html());
        assert!(html.contains("Ada &amp; &lt;Co&gt;") && html.contains("&lt;b&gt;sentence"), "{html}");
        assert!(text.contains("Confirmer\nhttps://letters.example/r/confirm/abc"), "{text}");
        assert_eq!(html.matches("href=\"https://letters.example/r/confirm/abc\"").count(), 2);
        assert!(!html.contains("<script") && html.lines().all(|line| line.len() < 900));
    }
}
