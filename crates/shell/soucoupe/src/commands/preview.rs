//! An edition in the form its readers get.

use audience::Reader;
use editions::{Edition, Rendering};
use instance::Instance;
use letter::{PersonalSlot, Template, Values};
use publications::Publication;
use wire::Address;

use super::edition::Form;
use crate::failure::Failure;

/// Stands where a mail has the reader's own token: a preview must not unsubscribe anybody.
const NO_TOKEN: &str = "preview";

/// Prints an edition, as a reader gets it or as it is for everybody.
pub async fn print(
    instance: &Instance,
    publication: &Publication,
    edition: &Edition,
    form: Form,
    address: Option<&str>,
) -> Result<(), Failure> {
    let reader = match address {
        Some(address) => Some(known(instance, address).await?),
        None => None,
    };
    let edition = editions::foreseen(instance, edition).await?;
    let rendering = Rendering::of(instance, publication, &edition);
    let template = match form {
        Form::Mail => rendering.mail(),
        Form::Web => rendering.web(),
        Form::Text => rendering.text(),
    };
    let rendered = fill(instance, publication, &template, reader.as_ref()).await?;
    match form {
        Form::Web => println!("{}", page(&rendering, publication, &edition.title, &rendered)),
        Form::Mail | Form::Text => println!("{}", rendered.trim_end()),
    }
    Ok(())
}

async fn known(instance: &Instance, text: &str) -> Result<Reader, Failure> {
    let address = Address::parse(text)
        .map_err(|error| Failure::input(format!("--reader: the address {text:?} is not one: {error}")))?;
    let reader = audience::by_email(instance, &address).await?;
    reader.ok_or_else(|| Failure::input(format!("--reader: nobody is known here by the address {address}")))
}

async fn fill(
    instance: &Instance,
    publication: &Publication,
    template: &Template,
    reader: Option<&Reader>,
) -> Result<String, Failure> {
    let Some(reader) = reader else { return Ok(template.render_for_nobody()) };
    let mut segments = 0;
    for (bit, segment) in template.segments().iter().enumerate().take(64) {
        let inside = audience::matching(instance, publication.id, segment, &[reader.id]).await?;
        segments |= u64::from(inside.contains(&reader.id)) << bit;
    }
    let (first, last) = (reader.first_name.as_deref(), reader.last_name.as_deref());
    let name = [first, last].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let values = Values::default()
        .with_option(PersonalSlot::FirstName, first)
        .with_option(PersonalSlot::LastName, last)
        .with_option(PersonalSlot::Name, Some(name.as_str()).filter(|name| !name.is_empty()))
        .with(PersonalSlot::Email, reader.email.as_str())
        .with(PersonalSlot::UnsubscribeToken, NO_TOKEN)
        .with(PersonalSlot::PreferencesToken, NO_TOKEN)
        .with(PersonalSlot::HeartToken, NO_TOKEN)
        .in_segments(segments);
    Ok(template.render(&values))
}

/// The article as a page that stands by itself, in the look of its publication.
fn page(rendering: &Rendering, publication: &Publication, title: &str, article: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
         <style>\n{}\n{}\n</style>\n</head>\n<body>\n<article>\n<h1>{}</h1>\n{}\n</article>\n</body>\n</html>",
        rendering.tag(),
        escaped(title),
        letter::READING_CSS.trim_end(),
        letter::look_css(&publication.look).trim_end(),
        escaped(title),
        article.trim_end(),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
