//! Reads and writes times in the formats of the providers.

use std::time::Duration;

/// Seconds since 1970 as an RFC 3339 time. Days to dates as in Hinnant's `civil_from_days`.
pub(super) fn rfc3339(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute) = (second / 3_600, second / 60 % 60);
    let second = second % 60;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// A length of time as OpenAI writes it: `6m0s`, `1.5s`, `20ms`. Rounded up to a millisecond.
pub(super) fn short(time: Duration) -> String {
    let millis = millis(time);
    let (seconds, fraction) = (millis / 1_000, millis % 1_000);
    if seconds == 0 && fraction > 0 {
        return format!("{fraction}ms");
    }
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    let mut text = match (hours, minutes) {
        (0, 0) => String::new(),
        (0, minutes) => format!("{minutes}m"),
        (hours, minutes) => format!("{hours}h{minutes}m"),
    };
    text.push_str(&(seconds % 60).to_string());
    if fraction > 0 {
        text.push_str(format!(".{fraction:03}").trim_end_matches('0'));
    }
    text + "s"
}

/// Milliseconds, rounded up.
pub(super) fn millis(time: Duration) -> u128 {
    time.as_nanos().div_ceil(1_000_000)
}

/// Seconds, rounded up.
pub(super) fn seconds(time: Duration) -> u128 {
    time.as_nanos().div_ceil(1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_rfc_3339() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(rfc3339(1_700_000_000), "2023-11-14T22:13:20Z");
        assert_eq!(rfc3339(4_107_542_399), "2100-02-28T23:59:59Z");
        assert_eq!(rfc3339(4_107_542_400), "2100-03-01T00:00:00Z");
    }

    #[test]
    fn a_length_of_time_is_written_short() {
        let written = |millis| short(Duration::from_millis(millis));
        assert_eq!(written(0), "0s");
        assert_eq!(written(20), "20ms");
        assert_eq!(written(1_500), "1.5s");
        assert_eq!(written(360_000), "6m0s");
        assert_eq!(written(3_601_000), "1h0m1s");
        assert_eq!(short(Duration::from_nanos(1)), "1ms");
    }
}
