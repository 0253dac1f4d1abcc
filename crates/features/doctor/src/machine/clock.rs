//! Asking a time server (SNTP, RFC 4330) how far our clock is off.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use tokio::net::UdpSocket;
use tokio::time::timeout;

use crate::bag::{Bag, Silence};
use crate::model::{Area, Finding, Level};

/// A service that many operators share, for whoever needs the time.
const SERVERS: &str = "pool.ntp.org";
/// Between 1900, where NTP begins to count, and 1970 (RFC 4330 3).
const EPOCHS_APART: u64 = 2_208_988_800;
/// Links and signatures carry seconds: from here on it shows…
const SLOW: f64 = 2.0;
/// …and from here on mail looks old or comes from the future.
const WRONG: f64 = 60.0;
/// RFC 4330 4: an answer is 48 octets.
const PACKET: usize = 48;

/// How far our clock is ahead of a time server, in seconds.
pub(super) async fn apart(bag: &Bag) -> Result<f64, Silence> {
    let found = bag.addresses(SERVERS).await?;
    let server = found.first().ok_or(Silence::Slow)?;
    ask(SocketAddr::new(*server, 123), bag.patience.step).await.ok_or(Silence::Slow)
}

/// Asks one server.
async fn ask(server: SocketAddr, patience: Duration) -> Option<f64> {
    let own = if server.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    let socket = UdpSocket::bind(own).await.ok()?;
    socket.connect(server).await.ok()?;
    let mut packet = [0_u8; PACKET];
    // RFC 4330 4: no warning, version 4, client.
    packet[0] = 0b00_100_011;
    let asked = now()?;
    packet[40..48].copy_from_slice(&stamp(asked).to_be_bytes());
    socket.send(&packet).await.ok()?;
    let mut answer = [0_u8; PACKET];
    let length = timeout(patience, socket.recv(&mut answer)).await.ok()?.ok()?;
    let came = now()?;
    read(&packet, answer.get(..length)?, asked, came)
}

/// RFC 4330 5: the middle of our two moments against the middle of the server's two.
fn read(question: &[u8], answer: &[u8], asked: f64, came: f64) -> Option<f64> {
    let mode = answer.first()? & 0b111;
    let stratum = *answer.get(1)?;
    // The answer repeats the moment of the question, so that nobody else's answer is taken; stratum 0 is a refusal.
    if answer.len() < PACKET || mode != 4 || stratum == 0 || answer[24..32] != question[40..48] {
        return None;
    }
    let taken = seconds(answer.get(32..40)?)?;
    let given = seconds(answer.get(40..48)?)?;
    Some((asked + came) / 2.0 - (taken + given) / 2.0)
}

fn now() -> Option<f64> {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok().map(|age| age.as_secs_f64())
}

/// Seconds since 1970 as 32 bits of seconds since 1900 and 32 bits of fraction. Goes round in 2036, as NTP does.
fn stamp(seconds: f64) -> u64 {
    let whole = (seconds as u64).wrapping_add(EPOCHS_APART) & u64::from(u32::MAX);
    let fraction = (seconds.fract() * 4_294_967_296.0) as u64 & u64::from(u32::MAX);
    whole << 32 | fraction
}

fn seconds(stamp: &[u8]) -> Option<f64> {
    let stamp = u64::from_be_bytes(stamp.try_into().ok()?);
    let whole = stamp >> 32;
    // RFC 4330 3: with the first bit clear the moment lies after 2036.
    let era = if whole < EPOCHS_APART { 1_u64 << 32 } else { 0 };
    let fraction = (stamp & u64::from(u32::MAX)) as f64 / 4_294_967_296.0;
    Some((whole + era).checked_sub(EPOCHS_APART)? as f64 + fraction)
}

/// What is said about a clock that is so many seconds ahead.
pub(super) fn told(apart: f64) -> Finding {
    let (level, what) = match apart.abs() {
        off if off < SLOW => (Level::Ok, "clock-right"),
        off if off < WRONG => (Level::Warn, "clock-off"),
        _ => (Level::Bad, "clock-far-off"),
    };
    Finding::new(Area::Machine, "", "clock", level, what).number("seconds", apart.abs().round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_time_server_says_how_far_the_clock_is_off() {
        for (ahead, level) in [(0.0, Level::Ok), (30.0, Level::Warn), (-3_600.0, Level::Bad)] {
            let server = UdpSocket::bind("127.0.0.1:0").await.unwrap();
            let address = server.local_addr().unwrap();
            let serving = tokio::spawn(async move {
                let mut packet = [0; PACKET];
                let (_, from) = server.recv_from(&mut packet).await.unwrap();
                let mut answer = [0; PACKET];
                answer[0] = 0b00_100_100;
                answer[1] = 2;
                answer[24..32].copy_from_slice(&packet[40..48]);
                let there = stamp(now().unwrap() - ahead).to_be_bytes();
                answer[32..40].copy_from_slice(&there);
                answer[40..48].copy_from_slice(&there);
                server.send_to(&answer, from).await.unwrap();
            });
            let apart = ask(address, Duration::from_secs(300)).await.unwrap();
            serving.await.unwrap();
            assert_eq!(told(apart).level, level, "{ahead}: {apart}");
        }
    }

    #[test]
    fn somebody_elses_answer_and_a_refusal_are_not_taken() {
        let mut question = [0; PACKET];
        question[40..48].copy_from_slice(&stamp(1_800_000_000.5).to_be_bytes());
        let mut answer = [0; PACKET];
        answer[0] = 0b00_100_100;
        answer[1] = 2;
        answer[24..32].copy_from_slice(&question[40..48]);
        answer[32..40].copy_from_slice(&question[40..48]);
        answer[40..48].copy_from_slice(&question[40..48]);
        let apart = read(&question, &answer, 1_800_000_000.5, 1_800_000_000.5).unwrap();
        assert!(apart.abs() < 0.001, "{apart}");
        let mut refusal = answer;
        refusal[1] = 0;
        assert_eq!(read(&question, &refusal, 0.0, 0.0), None);
        let mut foreign = answer;
        foreign[31] ^= 1;
        assert_eq!(read(&question, &foreign, 0.0, 0.0), None);
        assert_eq!(read(&question, &answer[..40], 0.0, 0.0), None);
        assert_eq!(read(&question, &[], 0.0, 0.0), None);
    }

    #[test]
    fn moments_after_2036_are_read_as_such() {
        for moment in [1_800_000_000.25_f64, 2_085_978_496.5, 2_500_000_000.75] {
            let back = seconds(&stamp(moment).to_be_bytes()).unwrap();
            assert!((back - moment).abs() < 0.001, "{moment} {back}");
        }
    }
}
