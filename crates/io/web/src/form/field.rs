//! One field of a form.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;

use crate::Problems;

/// What a field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An `input` of this type: `text`, `email`, `password`, `url`, `number`, `search`, `date`, `datetime-local`...
    Input(&'static str),
    /// Several lines.
    Area {
        /// Lines shown.
        rows: u16,
        /// Whether it is set in a typewriter font.
        code: bool,
    },
    /// One of a list that unfolds.
    Menu(Vec<Choice>),
    /// One of a list that is all in sight.
    Radio(Vec<Choice>),
    /// Yes or no; the value is `yes` when it is ticked.
    Tick,
    /// A file.
    File {
        /// The types it takes, as in `accept`.
        accept: &'static str,
    },
}

/// One of the values a field can take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A sentence below it, in a list that is all in sight.
    pub hint: Option<String>,
}

impl Choice {
    /// A value and its words.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Choice { value: value.into(), label: label.into(), hint: None }
    }

    /// With a sentence below.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// A field with its label, its hint and its error; shows itself in a template: `{{ email }}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name in the body of the form; the `id` is made of it.
    pub name: &'static str,
    /// What it is called.
    pub label: String,
    /// What it takes.
    pub kind: Kind,
    /// What it holds.
    pub value: String,
    /// A sentence below the label.
    pub hint: Option<String>,
    /// What is wrong with it.
    pub error: Option<String>,
    /// The purpose, for browsers that fill forms: `email`, `name`, `new-password`...
    pub autocomplete: Option<&'static str>,
    /// Whether it may be left empty.
    pub required: bool,
    /// Whether the page begins there.
    pub autofocus: bool,
    /// An example shown while it is empty; never the only explanation.
    pub placeholder: Option<String>,
}

impl Field {
    /// A field of any kind.
    pub fn new(kind: Kind, name: &'static str, label: impl Into<String>) -> Self {
        Field {
            name,
            label: label.into(),
            kind,
            value: String::new(),
            hint: None,
            error: None,
            autocomplete: None,
            required: false,
            autofocus: false,
            placeholder: None,
        }
    }

    /// One line of text.
    pub fn text(name: &'static str, label: impl Into<String>) -> Self {
        Self::new(Kind::Input("text"), name, label)
    }

    /// A mail address.
    pub fn email(name: &'static str, label: impl Into<String>) -> Self {
        Field { autocomplete: Some("email"), ..Self::new(Kind::Input("email"), name, label) }
    }

    /// A password; what was typed never comes back in a page. `autocomplete` is `current-password` or `new-password`.
    pub fn password(name: &'static str, label: impl Into<String>, autocomplete: &'static str) -> Self {
        Field { autocomplete: Some(autocomplete), ..Self::new(Kind::Input("password"), name, label) }
    }

    /// Several lines of text.
    pub fn area(name: &'static str, label: impl Into<String>, rows: u16) -> Self {
        Self::new(Kind::Area { rows, code: false }, name, label)
    }

    /// One of a list that unfolds.
    pub fn menu(name: &'static str, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(Kind::Menu(choices), name, label)
    }

    /// One of a list that is all in sight.
    pub fn radio(name: &'static str, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(Kind::Radio(choices), name, label)
    }

    /// Yes or no.
    pub fn tick(name: &'static str, label: impl Into<String>, ticked: bool) -> Self {
        Field {
            value: if ticked { "yes".to_owned() } else { String::new() },
            ..Self::new(Kind::Tick, name, label)
        }
    }

    /// A file.
    pub fn file(name: &'static str, label: impl Into<String>, accept: &'static str) -> Self {
        Self::new(Kind::File { accept }, name, label)
    }

    /// Holding this.
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// With a sentence below the label.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// With what is wrong with it, if anything is.
    pub fn error(mut self, error: Option<&str>) -> Self {
        self.error = error.map(str::to_owned);
        self
    }

    /// With what a checked form says of it.
    pub fn checked(self, problems: &Problems) -> Self {
        let error = problems.of(self.name).map(str::to_owned);
        self.error(error.as_deref())
    }

    /// With a purpose.
    pub fn autocomplete(mut self, purpose: &'static str) -> Self {
        self.autocomplete = Some(purpose);
        self
    }

    /// With an example.
    pub fn placeholder(mut self, example: impl Into<String>) -> Self {
        self.placeholder = Some(example.into());
        self
    }

    /// May not be empty.
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The page begins here.
    pub fn autofocus(mut self) -> Self {
        self.autofocus = true;
        self
    }

    fn kept(&self) -> &str {
        if self.kind == Kind::Input("password") { "" } else { &self.value }
    }

    fn described_by(&self) -> String {
        let part = |there: bool, end: &str| there.then(|| format!("{}-{end}", self.name));
        let parts = [part(self.hint.is_some(), "hint"), part(self.error.is_some(), "error")];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

#[derive(Template)]
#[template(path = "field.html")]
struct FieldTemplate<'a> {
    field: &'a Field,
}

impl fmt::Display for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&FieldTemplate { field: self }.render().map_err(|_| fmt::Error)?)
    }
}

impl HtmlSafe for Field {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_stands_beside_its_field_and_what_was_typed_is_kept() {
        let html = Field::email("email", "Address")
            .value("ada\"<@x")
            .hint("Where the letter goes.")
            .error(Some("There is no dot in it."))
            .required()
            .to_string();
        for part in [
            r#"<label for="email""#,
            r#"type="email""#,
            r#"aria-describedby="email-hint email-error""#,
            r#"aria-invalid="true""#,
            r#"id="email-error""#,
            "There is no dot in it.",
            "ada&#34;&#60;@x",
            "required",
        ] {
            assert!(html.contains(part), "{part}\n{html}");
        }
    }

    #[test]
    fn a_password_never_comes_back() {
        let html = Field::password("password", "Password", "current-password").value("secret").to_string();
        assert!(!html.contains("secret"), "{html}");
    }

    #[test]
    fn the_chosen_one_stays_chosen() {
        let choices = vec![Choice::new("fr", "français"), Choice::new("en", "English").hint("Also good.")];
        let menu = Field::menu("language", "Language", choices.clone()).value("en").to_string();
        assert!(menu.contains(r#"<option value="en" selected>English"#), "{menu}");
        let radio = Field::radio("language", "Language", choices).value("fr").to_string();
        assert!(radio.contains(r#"value="fr" checked"#) && radio.contains("<fieldset"), "{radio}");
        assert!(Field::tick("all", "All", true).to_string().contains("checked"));
        assert!(!Field::tick("all", "All", false).to_string().contains("checked"));
    }
}
