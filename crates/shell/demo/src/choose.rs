//! Choosing by number: the same seed always chooses the same.

/// SplitMix64 (Steele, Lea, Flood 2014): small, and good enough to shuffle names.
#[derive(Clone, Debug)]
pub(crate) struct Chooser(u64);

impl Chooser {
    pub(crate) fn new(seed: u64) -> Self {
        Chooser(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a limit; 0 below 0.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    /// True so many times in a thousand.
    pub(crate) fn in_thousand(&mut self, times: u64) -> bool {
        self.below(1000) < times
    }

    /// One of a list, each as likely; nothing of an empty one.
    pub(crate) fn one<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len() as u64) as usize)
    }

    /// One of a list by weight.
    pub(crate) fn weighed<'a, T>(&mut self, list: &'a [T], weight: impl Fn(&T) -> u64) -> Option<&'a T> {
        let mut left = self.below(list.iter().map(&weight).sum());
        list.iter().find(|one| {
            let own = weight(one);
            let here = left < own;
            left = left.saturating_sub(own);
            here
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_chooses_the_same_and_weights_count() {
        let list = [("never", 0), ("seldom", 1), ("often", 9)];
        let mut counts = [0; 3];
        let (mut chooser, mut twin) = (Chooser::new(7), Chooser::new(7));
        for _ in 0..1000 {
            let chosen = chooser.weighed(&list, |(_, weight)| *weight).unwrap();
            assert_eq!(twin.weighed(&list, |(_, weight)| *weight), Some(chosen));
            counts[list.iter().position(|one| one == chosen).unwrap()] += 1;
        }
        assert!(counts[0] == 0 && counts[1] > 50 && counts[2] > 800, "{counts:?}");
        assert_eq!(chooser.one::<u8>(&[]), None);
    }
}
