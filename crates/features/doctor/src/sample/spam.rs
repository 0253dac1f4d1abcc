//! What a spam filter makes of the letter: SpamAssassin's spamd or rspamd, where one is configured.

use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Sample;
use crate::bag::{Bag, Silence};
use crate::examine::Outcome;
use crate::model::{Area, Finding, Level};

/// A report is a few kilobytes.
const ANSWER_MAX: u64 = 256 * 1024;
/// Rules with more points than this are worth a word.
const NOTABLE: f64 = 0.05;
/// So many rules are named.
const NAMED: usize = 12;

/// A filter that can be asked: `spamd://127.0.0.1:783` or `http://127.0.0.1:11333`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpamChecker {
    /// SpamAssassin's daemon; host and port.
    Spamd(String),
    /// rspamd; host and port of a normal worker.
    Rspamd(String),
}

impl SpamChecker {
    /// Reads the address of a filter.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("{text:?} is no spam checker: write spamd://127.0.0.1:783 or http://127.0.0.1:11333");
        let (scheme, rest) = text.trim().split_once("://").ok_or_else(wrong)?;
        let place = rest.trim_end_matches('/');
        let port = match scheme {
            "spamd" => "783",
            "http" => "11333",
            _ => return Err(wrong()),
        };
        if place.is_empty() || place.contains(['/', '@', '?', '#', ' ']) {
            return Err(wrong());
        }
        let has_port = match place.rsplit_once(':') {
            Some((host, port)) if !host.is_empty() && (!host.contains(':') || host.ends_with(']')) => {
                port.parse::<u16>().map_err(|_| wrong())?;
                true
            }
            // An IPv6 address stands in brackets, as in every URL.
            _ if place.contains(':') && !(place.starts_with('[') && place.ends_with(']')) => {
                return Err(wrong());
            }
            _ => false,
        };
        let place = if has_port { place.to_owned() } else { format!("{place}:{port}") };
        Ok(if scheme == "spamd" { SpamChecker::Spamd(place) } else { SpamChecker::Rspamd(place) })
    }

    fn place(&self) -> &str {
        match self {
            SpamChecker::Spamd(place) | SpamChecker::Rspamd(place) => place,
        }
    }
}

/// What a filter said.
#[derive(Clone, Debug, PartialEq)]
struct Verdict {
    score: f64,
    threshold: f64,
    /// Rules that spoke, with their points where they are told, the heaviest first.
    rules: Vec<(String, Option<f64>)>,
}

/// Asks the filter that is configured.
pub(crate) async fn look(bag: Arc<Bag>, sample: Arc<Sample>, about: String) -> Outcome {
    let finding = |level, what| Finding::new(Area::Letter, about.as_str(), "spam", level, what);
    let Some(configured) = bag.instance.config.spam_checker.as_deref() else { return Ok(Vec::new()) };
    if sample.fault.is_some() {
        return Ok(Vec::new());
    }
    let checker = SpamChecker::parse(configured).map_err(Silence::Fault)?;
    if bag.is_offline() && !checker.place().parse::<SocketAddr>().is_ok_and(|place| place.ip().is_loopback())
    {
        return Err(Silence::Offline);
    }
    let asked = match &checker {
        SpamChecker::Spamd(place) => spamd(place, &sample.message).await,
        SpamChecker::Rspamd(place) => rspamd(place, &sample.message).await,
    };
    Ok(vec![match asked {
        Err(why) => finding(Level::Unknown, "spam-silent").with("place", checker.place()).with("why", why),
        Ok(verdict) => {
            let (level, what) = match verdict.score {
                score if score >= verdict.threshold => (Level::Bad, "spam-high"),
                score if score >= verdict.threshold / 2.0 => (Level::Warn, "spam-near"),
                _ => (Level::Ok, "spam-low"),
            };
            let finding = finding(level, what)
                .with("score", format!("{:.1}", verdict.score))
                .with("threshold", format!("{:.1}", verdict.threshold));
            finding.with("rules", named(&verdict.rules))
        }
    }])
}

fn named(rules: &[(String, Option<f64>)]) -> String {
    let words: Vec<String> = rules
        .iter()
        .filter(|(_, points)| points.is_none_or(|points| points.abs() > NOTABLE))
        .take(NAMED)
        .map(|(rule, points)| match points {
            Some(points) => format!("{rule} ({points:+.1})"),
            None => rule.clone(),
        })
        .collect();
    if words.is_empty() { "–".to_owned() } else { words.join(", ") }
}

/// The spamd protocol: REPORT tells each rule with its points; a server that gives no such table is asked for SYMBOLS.
async fn spamd(place: &str, message: &[u8]) -> Result<Verdict, String> {
    let report = spamd_asked(place, "REPORT", message).await?;
    let mut verdict = spamd_score(&report)?;
    let body = report.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    verdict.rules = body.lines().filter_map(table_row).collect();
    if verdict.rules.is_empty() {
        let symbols = spamd_asked(place, "SYMBOLS", message).await?;
        let body = symbols.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        verdict.rules = body
            .split(',')
            .map(str::trim)
            .filter(|rule| !rule.is_empty())
            .map(|rule| (rule.to_owned(), None))
            .collect();
    }
    heaviest_first(&mut verdict.rules);
    Ok(verdict)
}

async fn spamd_asked(place: &str, command: &str, message: &[u8]) -> Result<String, String> {
    let head = format!("{command} SPAMC/1.5\r\nContent-length: {}\r\n\r\n", message.len());
    exchange(place, head.as_bytes(), message).await
}

/// `SPAMD/1.1 0 EX_OK`, then `Spam: True ; 6.6 / 5.0`.
fn spamd_score(answer: &str) -> Result<Verdict, String> {
    let mut lines = answer.lines();
    let first = lines.next().unwrap_or_default();
    let mut words = first.split_whitespace();
    if !words.next().is_some_and(|word| word.starts_with("SPAMD/")) || words.next() != Some("0") {
        return Err(shortened(first));
    }
    let line = lines.take_while(|line| !line.trim().is_empty()).find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("spam").then_some(value)
    });
    let figures = line.and_then(|line| line.split_once(';')).and_then(|(_, figures)| figures.split_once('/'));
    let (score, threshold) = figures.ok_or_else(|| shortened(first))?;
    let read = |text: &str| text.trim().parse::<f64>().map_err(|_| shortened(first));
    Ok(Verdict { score: read(score)?, threshold: read(threshold)?, rules: Vec::new() })
}

/// ` 0.7 HTML_IMAGE_ONLY_20     BODY: HTML: images with 1600-2000 bytes of words`
fn table_row(line: &str) -> Option<(String, Option<f64>)> {
    let mut words = line.split_whitespace();
    let points = words.next()?.parse::<f64>().ok()?;
    let rule = words.next()?;
    let sound = rule.len() > 2
        && rule.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    sound.then(|| (rule.to_owned(), Some(points)))
}

/// rspamd's `/checkv2`: JSON with a score, what it takes to be refused, and symbols with their scores.
async fn rspamd(place: &str, message: &[u8]) -> Result<Verdict, String> {
    // HTTP/1.0: the answer ends where the connection does.
    let head = format!(
        "POST /checkv2 HTTP/1.0\r\nHost: {place}\r\nContent-Type: message/rfc822\r\nContent-Length: {}\r\n\r\n",
        message.len()
    );
    let answer = exchange(place, head.as_bytes(), message).await?;
    rspamd_read(&answer)
}

fn rspamd_read(answer: &str) -> Result<Verdict, String> {
    let first = answer.lines().next().unwrap_or_default();
    if first.split_whitespace().nth(1) != Some("200") {
        return Err(shortened(first));
    }
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let said: Value = serde_json::from_str(body).map_err(|error| error.to_string())?;
    let score = said["score"].as_f64().ok_or("no score")?;
    let threshold = said["required_score"].as_f64().unwrap_or(15.0);
    let mut rules: Vec<(String, Option<f64>)> = match said["symbols"].as_object() {
        Some(symbols) => {
            symbols.iter().map(|(name, symbol)| (name.clone(), symbol["score"].as_f64())).collect()
        }
        None => Vec::new(),
    };
    heaviest_first(&mut rules);
    Ok(Verdict { score, threshold, rules })
}

fn heaviest_first(rules: &mut [(String, Option<f64>)]) {
    rules.sort_by(|one, other| {
        let points = |rule: &(String, Option<f64>)| rule.1.unwrap_or_default();
        points(other).total_cmp(&points(one)).then_with(|| one.0.cmp(&other.0))
    });
}

async fn exchange(place: &str, head: &[u8], message: &[u8]) -> Result<String, String> {
    let said = |error: std::io::Error| error.to_string();
    let mut stream = TcpStream::connect(place).await.map_err(said)?;
    stream.write_all(head).await.map_err(said)?;
    stream.write_all(message).await.map_err(said)?;
    stream.flush().await.map_err(said)?;
    let mut answer = Vec::new();
    stream.take(ANSWER_MAX).read_to_end(&mut answer).await.map_err(said)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn shortened(line: &str) -> String {
    line.chars().take(120).collect()
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    const TABLE: &str = "Spam detection software has looked.\r\n\r\nContent analysis details:   (1.9 points, 5.0 required)\r\n\r\n \
        pts rule name              description\r\n---- ---------------------- --------\r\n \
        0.0 HTML_MESSAGE           BODY: HTML included in message\r\n 1.2 SUBJ_ALL_CAPS          Subject is all capitals\r\n\
        -0.3 BAYES_00               BODY: Bayes spam probability is 0 to 1%\r\n                            [score: 0.0000]\r\n";

    /// A filter that answers each connection in turn, and tells what it was asked.
    async fn stand_in(answers: Vec<String>) -> (String, tokio::task::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let place = listener.local_addr().unwrap().to_string();
        let serving = tokio::spawn(async move {
            let mut asked = Vec::new();
            for answer in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut heard = Vec::new();
                while !heard.ends_with(b"end\r\n") {
                    let mut some = [0; 4096];
                    let length = stream.read(&mut some).await.unwrap();
                    heard.extend_from_slice(&some[..length]);
                }
                stream.write_all(answer.as_bytes()).await.unwrap();
                asked.push(String::from_utf8(heard).unwrap());
            }
            asked
        });
        (place, serving)
    }

    fn spamd_answer(body: &str) -> String {
        format!(
            "SPAMD/1.1 0 EX_OK\r\nContent-length: {}\r\nSpam: False ; 1.9 / 5.0\r\n\r\n{body}",
            body.len()
        )
    }

    #[tokio::test]
    async fn spamassassin_tells_its_score_and_each_rule_with_its_points() {
        let (place, serving) = stand_in(vec![spamd_answer(TABLE)]).await;
        let verdict = spamd(&place, b"Subject: x\r\n\r\nend\r\n").await.unwrap();
        assert_eq!((verdict.score, verdict.threshold), (1.9, 5.0));
        assert_eq!(named(&verdict.rules), "SUBJ_ALL_CAPS (+1.2), BAYES_00 (-0.3)");
        let asked = serving.await.unwrap();
        assert!(
            asked[0].starts_with("REPORT SPAMC/1.5\r\nContent-length: 19\r\n\r\nSubject: x"),
            "{asked:?}"
        );
    }

    #[tokio::test]
    async fn a_filter_without_a_table_is_asked_for_the_names_of_its_rules() {
        let answers = vec![spamd_answer("nothing"), spamd_answer("HTML_MESSAGE,MISSING_DATE")];
        let (place, serving) = stand_in(answers).await;
        let verdict = spamd(&place, b"Subject: x\r\n\r\nend\r\n").await.unwrap();
        assert_eq!(named(&verdict.rules), "HTML_MESSAGE, MISSING_DATE");
        assert!(serving.await.unwrap()[1].starts_with("SYMBOLS SPAMC/1.5\r\n"));
    }

    #[tokio::test]
    async fn rspamd_tells_its_score_and_its_symbols() {
        let body = r#"{"score":3.5,"required_score":15.0,"symbols":{"R_SPF_FAIL":{"score":1.0},"MANY":{"score":2.5},"ZERO":{"score":0.0}}}"#;
        let (place, serving) =
            stand_in(vec![format!("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{body}")]).await;
        let verdict = rspamd(&place, b"Subject: x\r\n\r\nend\r\n").await.unwrap();
        assert_eq!((verdict.score, verdict.threshold), (3.5, 15.0));
        assert_eq!(named(&verdict.rules), "MANY (+2.5), R_SPF_FAIL (+1.0)");
        assert!(serving.await.unwrap()[0].starts_with("POST /checkv2 HTTP/1.0\r\n"));
    }

    #[test]
    fn an_answer_that_is_none_is_an_error_in_words() {
        for answer in
            ["", "SPAMD/1.1 76 EX_PROTOCOL\r\n\r\n", "SPAMD/1.1 0 EX_OK\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\n"]
        {
            assert!(spamd_score(answer).is_err(), "{answer}");
        }
        for answer in ["", "HTTP/1.0 500 no\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\n{", "HTTP/1.0 200 OK\r\n\r\n{}"]
        {
            assert!(rspamd_read(answer).is_err(), "{answer}");
        }
    }

    #[test]
    fn the_address_of_a_filter_has_its_usual_port() {
        for (text, place) in [
            ("spamd://127.0.0.1", Some(SpamChecker::Spamd("127.0.0.1:783".into()))),
            ("spamd://[::1]:7830", Some(SpamChecker::Spamd("[::1]:7830".into()))),
            ("spamd://[::1]", Some(SpamChecker::Spamd("[::1]:783".into()))),
            ("http://rspamd.local", Some(SpamChecker::Rspamd("rspamd.local:11333".into()))),
            ("http://127.0.0.1:11334/", Some(SpamChecker::Rspamd("127.0.0.1:11334".into()))),
            ("https://127.0.0.1", None),
            ("127.0.0.1:783", None),
            ("spamd://", None),
            ("spamd://a:b:c", None),
            ("spamd://a:x", None),
            ("http://a/b", None),
        ] {
            assert_eq!(SpamChecker::parse(text).ok(), place, "{text}");
        }
    }
}
