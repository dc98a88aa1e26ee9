//! Random draws that are the same in every run.

use std::time::Duration;

use crate::sort_and_group::sort_by;

/// Derives a seed from names: FNV-1a, 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv).
pub(crate) fn seed_of(names: &[&str]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    for name in names {
        name.bytes().for_each(&mut add);
        add(0);
    }
    hash
}

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// Returns a value of the SplitMix64 sequence (Steele, Lea, Flood 2014).
pub(super) fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Picks `most` of the numbers below `all`, in order: the same ones for the same seed.
pub(crate) fn pick(seed: u64, all: usize, most: usize) -> Vec<usize> {
    let mut numbers: Vec<_> = (0..all).collect();
    if most < all {
        sort_by(&mut numbers, &|number| CallRng::new(seed, number).next());
        numbers.truncate(most);
        sort_by(&mut numbers, &|number| number as u64);
    }
    numbers
}

/// The random draws of one call. The sequence depends only on the seed and the call's number, so the order of calls does not change any
/// draw.
pub(super) struct CallRng(u64);

impl CallRng {
    pub(super) fn new(seed: u64, number: usize) -> Self {
        CallRng(mix(seed.wrapping_add((number as u64).wrapping_mul(STEP))))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// Draws a time between `least` and `most`, uniformly.
    pub(super) fn time(&mut self, least: Duration, most: Duration) -> Duration {
        let width = most.saturating_sub(least).as_nanos();
        let nanos = (u128::from(self.next()) * width) >> 64;
        least + Duration::from_nanos(nanos as u64)
    }

    /// Draws a number from 0 to below 1, uniformly.
    pub(super) fn share(&mut self) -> f64 {
        const STEPS: u32 = f64::MANTISSA_DIGITS;
        (self.next() >> (u64::BITS - STEPS)) as f64 / (1_u64 << STEPS) as f64
    }

    /// Draws a number from `least` to `most`, uniformly.
    pub(super) fn number(&mut self, least: u32, most: u32) -> u32 {
        let width = u128::from(most.saturating_sub(least)) + 1;
        let above = (u128::from(self.next()) * width) >> 64;
        least.saturating_add(above as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_splitmix64() {
        // The first outputs for the seed 1234567, as the algorithm's authors published them.
        let mut rng = CallRng(1_234_567);
        assert_eq!(rng.next(), 6_457_827_717_110_365_317);
        assert_eq!(rng.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn numbers_are_picked_by_the_seed_and_stay_in_order() {
        assert_eq!(pick(1, 3, 5), [0, 1, 2]);
        assert_eq!(pick(1, 0, 5), [0_usize; 0]);
        let picked = pick(1, 1_000, 50);
        assert_eq!(picked.len(), 50);
        assert!(picked.is_sorted() && picked.iter().all(|number| *number < 1_000));
        assert_eq!(pick(1, 1_000, 50), picked);
        assert_ne!(pick(2, 1_000, 50), picked);
    }

    #[test]
    fn calls_draw_apart() {
        let first = |number| CallRng::new(1, number).next();
        let firsts: std::collections::BTreeSet<_> = (1..=1_000).map(first).collect();
        assert_eq!(firsts.len(), 1_000);
    }

    #[test]
    fn a_time_stays_in_its_range_and_fills_it() {
        let (least, most) = (Duration::from_millis(80), Duration::from_millis(120));
        let times: Vec<_> = (1..=1_000)
            .map(|number| CallRng::new(1, number).time(least, most))
            .collect();
        assert!(times.iter().all(|time| (least..most).contains(time)));
        let mean = times.iter().sum::<Duration>() / 1_000;
        assert!(
            mean.abs_diff(Duration::from_millis(100)) < Duration::from_millis(2),
            "{mean:?}"
        );
    }

    #[test]
    fn a_share_is_below_1_and_fills_its_range() {
        let mut rng = CallRng::new(1, 1);
        let shares: Vec<_> = (0..1_000).map(|_| rng.share()).collect();
        assert!(shares.iter().all(|share| (0.0..1.0).contains(share)));
        let mean = shares.iter().sum::<f64>() / 1_000.0;
        assert!((mean - 0.5).abs() < 0.05, "{mean}");
    }

    #[test]
    fn a_number_takes_each_value_of_its_range() {
        let mut rng = CallRng::new(1, 1);
        let numbers: std::collections::BTreeSet<_> =
            (0..1_000).map(|_| rng.number(1, 12)).collect();
        assert_eq!(numbers, (1..=12).collect());
        assert_eq!(rng.number(3, 3), 3);
    }

    #[test]
    fn names_do_not_run_together() {
        assert_ne!(seed_of(&["ab", "c"]), seed_of(&["a", "bc"]));
    }
}
