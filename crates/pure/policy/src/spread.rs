//! Which way a delivery takes, where a publication has several.
//!
//! Shares hold exactly: of any run of deliveries as long as the sum of the weights, each way carries as many as its
//! weight. The place of a delivery in its dispatch decides, so a retry takes the same way, and two processes agree
//! without speaking.

/// Weights above this are scaled down: the wheel stays small, and nobody tells 1,000 parts apart.
const LARGEST: u32 = 1_000;

/// The ways of a publication, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    /// Numbers of ways, each as often as its weight, mixed as evenly as can be.
    wheel: Vec<usize>,
    /// Ways of weight 0: only when no other is open.
    reserve: Vec<usize>,
}

impl Spread {
    /// From the weight of each way.
    pub fn new(weights: &[u32]) -> Self {
        let largest = weights.iter().copied().max().unwrap_or_default();
        let divisor = weights.iter().copied().fold(0, greatest_common_divisor).max(1);
        let scaled = |weight: u32| match largest / divisor {
            small if small <= LARGEST => u64::from(weight / divisor),
            // A way with a weight keeps at least one place.
            _ => (u64::from(weight) * u64::from(LARGEST)).div_ceil(u64::from(largest)),
        };
        let mut places: Vec<(u64, u64, usize)> = Vec::new();
        for (way, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0) {
            let count = scaled(*weight);
            // The k-th of n stands in the middle of the k-th n-th part of the wheel.
            places.extend((0..count).map(|place| (2 * place + 1, 2 * count, way)));
        }
        places.sort_by(|one, other| {
            (one.0 * other.1).cmp(&(other.0 * one.1)).then_with(|| one.2.cmp(&other.2))
        });
        Spread {
            wheel: places.into_iter().map(|(_, _, way)| way).collect(),
            reserve: (0..weights.len()).filter(|way| weights[*way] == 0).collect(),
        }
    }

    /// The way of a delivery: its own, or the next that is open; one of weight 0 only when no other is. None where
    /// all are closed.
    pub fn choose(&self, dispatch: i64, seq: i64, open: impl Fn(usize) -> bool) -> Option<usize> {
        let own = self.wheel.iter().cycle().skip(self.place(dispatch, seq)).take(self.wheel.len());
        own.chain(&self.reserve).copied().find(|way| open(*way))
    }

    /// Every way in the order in which a delivery would take them.
    pub fn order(&self, dispatch: i64, seq: i64) -> Vec<usize> {
        let mut order: Vec<usize> = Vec::with_capacity(4);
        let own = self.wheel.iter().cycle().skip(self.place(dispatch, seq)).take(self.wheel.len());
        for way in own.chain(&self.reserve) {
            if !order.contains(way) {
                order.push(*way);
            }
        }
        order
    }

    fn place(&self, dispatch: i64, seq: i64) -> usize {
        if self.wheel.is_empty() {
            return 0;
        }
        // Each dispatch begins elsewhere: many small ones share the ways as one large one does.
        let place = seq.rem_euclid(self.wheel.len() as i64) + dispatch.rem_euclid(self.wheel.len() as i64);
        (place as usize) % self.wheel.len()
    }
}

fn greatest_common_divisor(one: u32, other: u32) -> u32 {
    if other == 0 { one } else { greatest_common_divisor(other, one % other) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ways_take_turns_by_their_weight() {
        let spread = Spread::new(&[2, 1]);
        let ways: Vec<_> = (0..6).filter_map(|seq| spread.choose(0, seq, |_| true)).collect();
        assert_eq!(ways, [0, 1, 0, 0, 1, 0]);
        assert_eq!(Spread::new(&[20, 10]), spread, "only the proportion counts");
    }

    #[test]
    fn a_closed_way_passes_its_share_on_and_the_reserve_comes_last() {
        let spread = Spread::new(&[1, 1, 0]);
        assert!((0..10).all(|seq| spread.choose(3, seq, |way| way != 0) == Some(1)));
        assert!((0..10).all(|seq| spread.choose(3, seq, |way| way == 2) == Some(2)));
        assert!((0..10).all(|seq| spread.choose(3, seq, |_| true) != Some(2)));
        assert_eq!(spread.choose(3, 1, |_| false), None);
        assert_eq!(spread.order(0, 0), [0, 1, 2]);
        assert_eq!(spread.order(0, 1), [1, 0, 2]);
        assert_eq!(Spread::new(&[0]).choose(1, 1, |_| true), Some(0));
        assert_eq!(Spread::new(&[]).choose(1, 1, |_| true), None);
    }

    #[test]
    fn huge_weights_make_no_huge_wheel_and_lose_no_way() {
        let spread = Spread::new(&[u32::MAX, 1, u32::MAX - 1]);
        assert!(spread.wheel.len() <= 3_000);
        assert!((0..3).all(|way| spread.wheel.contains(&way)));
    }

    proptest! {
        #[test]
        fn shares_hold_exactly_over_any_run_as_long_as_the_weights(
            weights in prop::collection::vec(0_u32..12, 1..6), dispatch in 0_i64..1_000, from in 0_i64..1_000_000,
        ) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let spread = Spread::new(&weights);
            let sum: u32 = weights.iter().sum();
            let mut carried = vec![0_u32; weights.len()];
            for seq in from..from + i64::from(sum) {
                if let Some(way) = spread.choose(dispatch, seq, |_| true) {
                    carried[way] += 1;
                }
            }
            prop_assert_eq!(carried, weights);
        }

        #[test]
        fn a_delivery_always_takes_the_same_way(
            weights in prop::collection::vec(0_u32..50, 1..6), dispatch in 0_i64..i64::MAX, seq in 0_i64..i64::MAX,
        ) {
            let spread = Spread::new(&weights);
            prop_assert_eq!(spread.choose(dispatch, seq, |_| true), spread.choose(dispatch, seq, |_| true));
            prop_assert!(spread.choose(dispatch, seq, |_| true).is_some());
        }
    }
}
