//! Chance that is the same in every run.

use std::time::Duration;

/// A seed from names: FNV-1a, 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv).
pub(crate) fn seed_of(names: &[&str]) -> u64 {
    let bytes = names.iter().flat_map(|name| name.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The draw of the `number`th call: SplitMix64 (Steele, Lea, Flood 2014) at that place of the seed's sequence, so that
/// the order in which calls come in changes no draw.
pub(super) fn draw(seed: u64, number: usize) -> u64 {
    let mut z = seed.wrapping_add((number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A time between `least` and `most`, each as likely.
pub(super) fn uniform(draw: u64, least: Duration, most: Duration) -> Duration {
    let width = most.saturating_sub(least).as_nanos();
    let nanos = (u128::from(draw) * width) >> 64;
    least + Duration::from_nanos(nanos as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_splitmix64() {
        // The first outputs for the seed 1234567, as published with the algorithm.
        assert_eq!(draw(1_234_567, 1), 6_457_827_717_110_365_317);
        assert_eq!(draw(1_234_567, 2), 3_203_168_211_198_807_973);
    }

    #[test]
    fn a_uniform_time_stays_in_its_range_and_fills_it() {
        let (least, most) = (Duration::from_millis(80), Duration::from_millis(120));
        let times: Vec<_> = (1..=1_000)
            .map(|number| uniform(draw(1, number), least, most))
            .collect();
        assert!(times.iter().all(|time| (least..most).contains(time)));
        let mean = times.iter().sum::<Duration>() / 1_000;
        assert!(
            mean.abs_diff(Duration::from_millis(100)) < Duration::from_millis(2),
            "{mean:?}"
        );
    }

    #[test]
    fn names_do_not_run_together() {
        assert_ne!(seed_of(&["ab", "c"]), seed_of(&["a", "bc"]));
    }
}
