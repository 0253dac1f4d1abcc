//! How much one network may ask of the listener. Returned mail comes in waves from a few servers, so that taken mail is
//! hardly limited; whoever guesses addresses is, soon.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use policy::rate::{Bucket, Rate};

/// Mails taken from one network.
const MAILS: Rate = Rate { burst: 5_000.0, per_second: 50.0 };
/// Letters taken from one network: anybody may write one, and each is kept.
const LETTERS: Rate = Rate { burst: 300.0, per_second: 0.1 };
/// Addresses asked for that are not ours.
const GUESSES: Rate = Rate { burst: 60.0, per_second: 1.0 / 30.0 };
/// Connections of one network at once: nobody holds all of ours.
const CONNECTIONS: usize = 20;
/// Networks remembered; beyond, all are forgotten: an attacker with so many is not stopped by this.
const NETWORKS: usize = 10_000;

/// A network: 24 bits of IPv4, 64 of IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Network(u64);

impl Network {
    pub(crate) fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(four) => Network(u64::from(u32::from(four) >> 8)),
            // The first 64 bits; never as small as an IPv4 network.
            IpAddr::V6(six) => Network((u128::from(six) >> 64) as u64 | 1 << 63),
        }
    }
}

/// What each network has left.
#[derive(Default)]
pub(crate) struct Throttle {
    buckets: Mutex<HashMap<Network, Buckets>>,
    open: Arc<Mutex<HashMap<Network, usize>>>,
}

#[derive(Clone, Copy)]
struct Buckets {
    mails: Bucket,
    letters: Bucket,
    guesses: Bucket,
}

/// A connection that is open; dropped when it closes.
pub(crate) struct Place {
    network: Network,
    open: Arc<Mutex<HashMap<Network, usize>>>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.network);
            }
        }
    }
}

impl Throttle {
    /// A place for one more connection; none when the network has all that it gets.
    pub(crate) fn enter(&self, network: Network) -> Option<Place> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(network).or_default();
        if *count >= CONNECTIONS {
            return None;
        }
        *count += 1;
        Some(Place { network, open: Arc::clone(&self.open) })
    }

    /// Whether a mail may come.
    pub(crate) fn mail(&self, network: Network, now: i64) -> bool {
        self.take(network, now, |buckets| draw(&mut buckets.mails, MAILS, now))
    }

    /// Whether a letter may be kept.
    pub(crate) fn letter(&self, network: Network, now: i64) -> bool {
        self.take(network, now, |buckets| draw(&mut buckets.letters, LETTERS, now))
    }

    /// Notes an address that is not ours; whether more may be asked.
    pub(crate) fn guess(&self, network: Network, now: i64) -> bool {
        self.take(network, now, |buckets| draw(&mut buckets.guesses, GUESSES, now))
    }

    /// Whether a network may come at all.
    pub(crate) fn is_welcome(&self, network: Network, now: i64) -> bool {
        self.take(network, now, |buckets| buckets.guesses.take(GUESSES, 1.0, now).1.is_ok())
    }

    fn take(&self, network: Network, now: i64, act: impl FnOnce(&mut Buckets) -> bool) -> bool {
        // Buckets are whole after every step: a panic elsewhere leaves nothing half done.
        let mut networks = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if networks.len() >= NETWORKS && !networks.contains_key(&network) {
            networks.clear();
        }
        let full = || Buckets {
            mails: Bucket::full(MAILS, now),
            letters: Bucket::full(LETTERS, now),
            guesses: Bucket::full(GUESSES, now),
        };
        act(networks.entry(network).or_insert_with(full))
    }
}

/// Takes one; whether there was one.
fn draw(bucket: &mut Bucket, rate: Rate, now: i64) -> bool {
    let (left, taken) = bucket.take(rate, 1.0, now);
    *bucket = left;
    taken.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_guesses_addresses_is_soon_turned_away_and_a_neighbour_is_not() {
        let throttle = Throttle::default();
        let guesser = Network::of("192.0.2.7".parse().unwrap());
        let neighbour = Network::of("198.51.100.7".parse().unwrap());
        assert_eq!(guesser, Network::of("::ffff:192.0.2.9".parse().unwrap()));
        assert_eq!((0..1_000).filter(|_| throttle.guess(guesser, 0)).count(), 60);
        assert!(!throttle.is_welcome(guesser, 0) && throttle.is_welcome(neighbour, 0));
        assert!(throttle.is_welcome(guesser, 60 * policy::SECOND));
        let places: Vec<_> = (0..30).filter_map(|_| throttle.enter(guesser)).collect();
        assert!(places.len() == 20 && throttle.enter(neighbour).is_some());
        drop(places);
        assert!(throttle.enter(guesser).is_some());
        assert_eq!((0..9_000).filter(|_| throttle.mail(neighbour, 0)).count(), 5_000);
    }
}
