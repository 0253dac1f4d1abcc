//! Importing at the desk: a file is tried out first, then imported by a second button.

use std::path::PathBuf;
use std::time::Duration;

use accounts::Act;
use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use i18n::{Language, t, t_with};
use instance::Instance;
use publications::{Desk, Publication};
use serde::Deserialize;
use tokio::io::AsyncWriteExt;
use web::{Field, Form as Sent, Notice, OrInternal, Problems, WebError, rendered};

use crate::import::{ImportError, Options, Report, import as import_file};

/// A file that nobody confirmed is forgotten after a day.
const WAITS: Duration = Duration::from_secs(24 * 3600);
/// Length of an upload's name: 16 random bytes in hexadecimal.
const NAME: usize = 32;

#[derive(Template)]
#[template(path = "audience/desk-import.html")]
struct Choose<'a> {
    slug: &'a str,
    lead: String,
    file: Field,
    button: String,
}

#[derive(Template)]
#[template(path = "audience/desk-import-report.html")]
struct Told<'a> {
    language: Language,
    slug: &'a str,
    lead: Option<String>,
    sentences: Vec<String>,
    /// Of a file that waits to be imported.
    waiting: Option<Waiting>,
    errors: Option<String>,
}

struct Waiting {
    upload: String,
    source: String,
    promise: Field,
    button: String,
}

impl Told<'_> {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

/// What the second button sends.
#[derive(Deserialize)]
pub(super) struct Confirmed {
    #[serde(default)]
    source: String,
    #[serde(default)]
    promise: String,
}

pub(super) async fn show(Path(slug): Path<String>, desk: Desk) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::ManageReaders)?;
    choose(&desk, publication, None, &Problems::new())
}

pub(super) async fn try_out(
    State(instance): State<Instance>,
    Path(slug): Path<String>,
    desk: Desk,
    form: Multipart,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::ManageReaders)?;
    let Some((upload, source)) = receive(&instance, publication, form).await? else {
        let mut problems = Problems::new();
        problems.add("file", t(desk.language, "audience-import-file-needed"));
        return choose(&desk, publication, None, &problems);
    };
    trial(&instance, &desk, publication, upload, source, &Problems::new()).await
}

async fn trial(
    instance: &Instance,
    desk: &Desk,
    publication: &Publication,
    upload: String,
    source: String,
    problems: &Problems,
) -> Result<Response, WebError> {
    let language = desk.language;
    let errors = errors_path(instance, publication, &upload);
    let options = Options { dry_run: true, source: source.clone(), errors: Some(errors), language };
    let file = path(instance, publication, &upload);
    let report = match run(instance, publication, &file, options).await? {
        Ok(report) => report,
        Err(sentence) => return choose(desk, publication, Some(Notice::wrong(sentence)), &Problems::new()),
    };
    let promise =
        Field::tick("promise", t(language, "audience-import-promise"), false).required().checked(problems);
    let button = t_with(language, "audience-import-confirm", &[("n", report.added.into())]);
    let errors = report.errors_file.as_ref().map(|_| upload.clone());
    let told = Told {
        language,
        slug: publication.slug.as_str(),
        lead: Some(t(language, "audience-import-trial-lead")),
        sentences: report.findings(language),
        waiting: Some(Waiting { upload, source, promise, button }),
        errors,
    };
    page(desk, publication, "audience-import-trial-title", rendered(&told)?, problems.summary(language))
}

pub(super) async fn import(
    State(instance): State<Instance>,
    Path((slug, upload)): Path<(String, String)>,
    desk: Desk,
    Sent(confirmed): Sent<Confirmed>,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::ManageReaders)?;
    let language = desk.language;
    let file = path(&instance, publication, &upload);
    let gone = || {
        let notice = Notice::wrong(t(language, "audience-import-gone"));
        choose(&desk, publication, Some(notice), &Problems::new())
    };
    if !is_name(&upload) || !file.exists() {
        return gone();
    }
    if confirmed.promise.is_empty() {
        let mut problems = Problems::new();
        problems.add("promise", t(language, "audience-import-promise-needed"));
        return trial(&instance, &desk, publication, upload, confirmed.source, &problems).await;
    }
    // Taken away before it is read: a second click finds nothing to import twice.
    let taken = file.with_extension("taken");
    if tokio::fs::rename(&file, &taken).await.is_err() {
        return gone();
    }
    let errors = errors_path(&instance, publication, &upload);
    let options = Options { dry_run: false, source: confirmed.source, errors: Some(errors), language };
    let (worker, letter) = (instance.clone(), publication.clone());
    // Done to its end, also when the browser is closed meanwhile.
    let work = tokio::spawn(async move {
        let report = run(&worker, &letter, &taken, options).await;
        // The file has done its work; its refused lines stay for a day.
        let _ = tokio::fs::remove_file(&taken).await;
        report
    });
    let report = match work.await.or_internal()?? {
        Ok(report) => report,
        Err(sentence) => return choose(&desk, publication, Some(Notice::wrong(sentence)), &Problems::new()),
    };
    let errors = report.errors_file.as_ref().map(|_| upload);
    let told = Told {
        language,
        slug: publication.slug.as_str(),
        lead: None,
        sentences: report.findings(language),
        waiting: None,
        errors,
    };
    page(&desk, publication, "audience-import-done-title", rendered(&told)?, None)
}

pub(super) async fn errors(
    State(instance): State<Instance>,
    Path((slug, upload)): Path<(String, String)>,
    desk: Desk,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::ManageReaders)?;
    if !is_name(&upload) {
        return Err(WebError::NotFound);
    }
    let bytes = tokio::fs::read(errors_path(&instance, publication, &upload))
        .await
        .map_err(|_| WebError::NotFound)?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"readers.errors.csv\""),
    ];
    Ok((headers, bytes).into_response())
}

/// The report, or the sentence about a file that cannot be used.
async fn run(
    instance: &Instance,
    publication: &Publication,
    path: &std::path::Path,
    options: Options,
) -> Result<Result<Report, String>, WebError> {
    let language = options.language;
    let file = tokio::fs::File::open(path).await.or_internal()?.into_std().await;
    match import_file(instance, publication, file, options).await {
        Ok(report) => Ok(Ok(report)),
        Err(error) => told(error, language),
    }
}

fn told(error: ImportError, language: Language) -> Result<Result<Report, String>, WebError> {
    match error.sentence(language) {
        Some(sentence) => Ok(Err(sentence)),
        None => Err(WebError::internal(error)),
    }
}

/// Writes the file of a form to the data folder, a piece at a time. Its name there, and the name it had.
async fn receive(
    instance: &Instance,
    publication: &Publication,
    mut form: Multipart,
) -> Result<Option<(String, String)>, WebError> {
    forget_old(instance).await;
    while let Some(mut field) = form.next_field().await.map_err(|_| WebError::TooLarge)? {
        if field.name() != Some("file") || field.file_name().is_none_or(str::is_empty) {
            continue;
        }
        let source = field.file_name().unwrap_or_default().to_owned();
        let upload: String = instance.random::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
        tokio::fs::create_dir_all(folder(instance)).await.or_internal()?;
        let mut file = tokio::fs::File::create(path(instance, publication, &upload)).await.or_internal()?;
        while let Some(piece) = field.chunk().await.map_err(|_| WebError::TooLarge)? {
            file.write_all(&piece).await.or_internal()?;
        }
        file.flush().await.or_internal()?;
        return Ok(Some((upload, source)));
    }
    Ok(None)
}

/// Files that were tried out and never imported do not stay: they are full of addresses.
async fn forget_old(instance: &Instance) {
    let Ok(mut entries) = tokio::fs::read_dir(folder(instance)).await else { return };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let age =
            entry.metadata().await.and_then(|data| data.modified()).ok().and_then(|at| at.elapsed().ok());
        if age.is_some_and(|age| age > WAITS) {
            // What cannot be removed now is met again at the next upload.
            let _ = tokio::fs::remove_file(entry.path()).await;
        }
    }
}

fn folder(instance: &Instance) -> PathBuf {
    instance.config.data.join("uploads")
}

/// The publication's number stands in the name: a file tried for one is not imported into another.
fn path(instance: &Instance, publication: &Publication, upload: &str) -> PathBuf {
    folder(instance).join(format!("{}-{upload}.csv", publication.id))
}

fn errors_path(instance: &Instance, publication: &Publication, upload: &str) -> PathBuf {
    path(instance, publication, upload).with_extension("errors.csv")
}

/// Only names we gave: nothing from an address reaches the file system unchecked.
fn is_name(upload: &str) -> bool {
    upload.len() == NAME && upload.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn choose(
    desk: &Desk,
    publication: &Publication,
    notice: Option<Notice>,
    problems: &Problems,
) -> Result<Response, WebError> {
    let language = desk.language;
    let file = Field::file("file", t(language, "audience-import-file"), ".csv,.tsv,.txt,text/csv")
        .hint(t(language, "audience-import-file-hint"))
        .required()
        .checked(problems);
    let body = rendered(&Choose {
        slug: publication.slug.as_str(),
        lead: t(language, "audience-import-lead"),
        file,
        button: t(language, "audience-import-try"),
    })?;
    page(desk, publication, "audience-import-title", body, notice.or_else(|| problems.summary(language)))
}

fn page(
    desk: &Desk,
    publication: &Publication,
    title: &str,
    body: String,
    notice: Option<Notice>,
) -> Result<Response, WebError> {
    let title = t(desk.language, title);
    let mut page = desk.page(Some(publication), "readers", &title, body);
    page.notice = notice.or(page.notice);
    page.back = Some(web::Link::new(
        t(desk.language, "audience-desk-title"),
        format!("/desk/{}/readers", publication.slug),
    ));
    page.respond()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_is_named_by_us_alone() {
        for (name, ours) in [
            ("0123456789abcdef0123456789abcdef", true),
            ("../../../../etc/passwd-0123456789", false),
            ("0123456789abcdef0123456789abcde/", false),
            ("", false),
        ] {
            assert_eq!(is_name(name), ours, "{name}");
        }
    }
}
