//! What the sink's own log proves: who got the mail, how often, and how fast.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result, bail};
use smtp::sink::Accepted;

use crate::letter::number;

/// A complete dispatch, as the receiving end saw it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Arrived {
    /// Mails a second from the first that was taken to the last.
    pub(crate) rate: f64,
    /// The mean size of a mail, in octets.
    pub(crate) size: f64,
}

/// Reads a log. An error when a reader is missing, or is there twice, or heard of no 250.
pub(crate) fn every_reader_once(log: &Path, readers: u64) -> Result<Arrived> {
    let file = File::open(log).with_context(|| format!("{} cannot be read", log.display()))?;
    let lines = BufReader::new(file).lines();
    let taken = lines.map(|line| {
        let line = line.context("the sink's log cannot be read")?;
        line.parse::<Accepted>().with_context(|| format!("not a line of a log: {line:?}"))
    });
    judge(taken, readers)
}

fn judge(taken: impl Iterator<Item = Result<Accepted>>, readers: u64) -> Result<Arrived> {
    let mut copies = vec![0_u8; usize::try_from(readers).context("too many readers for this machine")?];
    let (mut first, mut last, mut octets, mut unanswered, mut strangers) = (u64::MAX, 0, 0_u64, 0_u64, 0_u64);
    for accepted in taken {
        let accepted = accepted?;
        first = first.min(accepted.time_us);
        last = last.max(accepted.time_us);
        octets += accepted.size as u64;
        unanswered += u64::from(!accepted.answered);
        let place = number(&accepted.to).and_then(|number| usize::try_from(number).ok());
        match place.and_then(|place| copies.get_mut(place)) {
            Some(copies) => *copies = copies.saturating_add(1),
            None => strangers += 1,
        }
    }
    let missing = copies.iter().filter(|copies| **copies == 0).count();
    let doubled = copies.iter().filter(|copies| **copies > 1).count();
    if missing + doubled > 0 || strangers + unanswered > 0 {
        bail!(
            "not complete: {missing} readers got nothing, {doubled} got it more than once, {strangers} mails went to \
             strangers, {unanswered} were not answered"
        );
    }
    let seconds = last.saturating_sub(first).max(1) as f64 / 1e6;
    Ok(Arrived {
        rate: readers.saturating_sub(1).max(1) as f64 / seconds,
        size: octets as f64 / readers.max(1) as f64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::address;

    fn taken(number: u64, time_us: u64) -> Result<Accepted> {
        Ok(Accepted {
            time_us,
            connection: 1,
            answered: true,
            size: 1_000,
            to: address(number).into(),
            message_id: "<1@x>".into(),
        })
    }

    #[test]
    fn a_complete_log_gives_the_rate_from_the_first_mail_to_the_last() {
        let log = (0..101).map(|number| taken(number, 5_000_000 + number * 1_000));
        assert_eq!(judge(log, 101).unwrap(), Arrived { rate: 1_000.0, size: 1_000.0 });
    }

    #[test]
    fn a_missing_a_doubled_and_a_strange_mail_are_found() {
        let judged = |numbers: &[u64]| {
            judge(numbers.iter().map(|number| taken(*number, 1)), 3).map_err(|e| e.to_string())
        };
        assert!(judged(&[0, 1, 2]).is_ok());
        assert!(judged(&[0, 2]).unwrap_err().contains("1 readers got nothing"));
        assert!(judged(&[0, 1, 2, 1]).unwrap_err().contains("1 got it more than once"));
        assert!(judged(&[0, 1, 2, 9]).unwrap_err().contains("1 mails went to strangers"));
    }
}
