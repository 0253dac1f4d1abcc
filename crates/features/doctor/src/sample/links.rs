//! The links of a letter: whether they are encrypted, and whether somebody is there.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::Sample;
use crate::bag::{Bag, Reach, is_local};
use crate::examine::Outcome;
use crate::model::{Area, Finding, Level};

/// A letter has some tens of links; more would make a visit long.
const MOST: usize = 40;
/// So many at a time.
const AT_ONCE: usize = 8;
/// So many are named in a sentence.
const NAMED: usize = 5;

/// Looks at every link and picture of the letter.
pub(crate) async fn look(bag: Arc<Bag>, sample: Arc<Sample>, about: String) -> Outcome {
    let finding = |level, what| Finding::new(Area::Letter, about.as_str(), "links", level, what);
    if sample.fault.is_some() {
        return Ok(Vec::new());
    }
    let all: BTreeSet<String> = addresses(&sample.html).into_iter().filter(|url| is_web(url)).collect();
    let (own, foreign): (Vec<String>, Vec<String>) =
        all.into_iter().partition(|url| url.starts_with(&sample.base_url));
    let mut findings = Vec::new();
    let plain: Vec<&str> = own
        .iter()
        .filter(|_| !is_local(&sample.base_url))
        .chain(&foreign)
        .map(String::as_str)
        .filter(|url| !url.starts_with("https://"))
        .collect();
    if !plain.is_empty() {
        findings
            .push(finding(Level::Warn, "links-plain").number("n", plain.len()).with("urls", named(&plain)));
    }
    let told = |finding: Finding| finding.number("own", own.len()).number("foreign", foreign.len());
    if bag.is_offline() {
        findings.push(told(finding(Level::Unknown, "links-not-asked")));
        return Ok(findings);
    }
    let asked: Vec<String> =
        foreign.iter().filter(|url| url.starts_with("https://")).take(MOST).cloned().collect();
    let number = asked.len();
    let (dead, silent) = reached(&bag, asked).await;
    if !dead.is_empty() {
        let words: Vec<&str> = dead.iter().map(String::as_str).collect();
        findings.push(finding(Level::Warn, "links-dead").number("n", dead.len()).with("urls", named(&words)));
    }
    if silent > 0 && silent == number {
        findings.push(told(finding(Level::Unknown, "links-silent")));
    } else if findings.is_empty() {
        findings.push(told(finding(Level::Ok, "links")));
    }
    Ok(findings)
}

/// Those behind which nobody is, each with what was said; and the number of those of which nothing is known.
async fn reached(bag: &Arc<Bag>, urls: Vec<String>) -> (Vec<String>, usize) {
    let gate = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for url in urls {
        let (bag, gate) = (Arc::clone(bag), Arc::clone(&gate));
        running.spawn(async move {
            // The gate is never closed.
            let _turn = gate.acquire_owned().await.ok();
            let reach = bag.reach(&url).await;
            (url, reach)
        });
    }
    let (mut dead, mut silent) = (Vec::new(), 0);
    while let Some(ended) = running.join_next().await {
        match ended {
            Ok((url, Reach::Dead(why))) => dead.push(format!("{url} ({why})")),
            Ok((_, Reach::Silent)) => silent += 1,
            Ok((_, Reach::Alive)) | Err(_) => {}
        }
    }
    dead.sort();
    (dead, silent)
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn named(urls: &[&str]) -> String {
    let mut words = urls.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    if urls.len() > NAMED {
        words.push_str(", …");
    }
    words
}

/// Every value of `href` and `src`. The HTML is our own: attributes stand in double quotes.
fn addresses(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for attribute in [" href=\"", " src=\""] {
        for rest in html.split(attribute).skip(1) {
            if let Some((value, _)) = rest.split_once('"') {
                found.push(value.replace("&amp;", "&").replace("&#39;", "'").replace("&quot;", "\""));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_pictures_are_found_and_mail_addresses_left_alone() {
        let html = r#"<a class="x" href="https://a.example/?b=1&amp;c=2">a</a><img src="http://b.example/p.png" alt=""><a href="mailto:a@b.example">m</a>"#;
        let web: Vec<String> = addresses(html).into_iter().filter(|url| is_web(url)).collect();
        assert_eq!(web, ["https://a.example/?b=1&c=2", "http://b.example/p.png"]);
        assert_eq!(named(&["1", "2", "3", "4", "5", "6"]), "1, 2, 3, 4, 5, …");
    }
}
