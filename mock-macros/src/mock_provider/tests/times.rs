//! Tests of times.

use super::*;

#[test]
fn times() {
    wrong(
        "latency = «120», reply(\"x\").ttft(«\"20ms\"»).every(«20sec»), reply(\"x\").ttft(«\"soon\"»).every(«true»), fail(rate_limit { retry_after: «2» }), reply(\"x\").every(«-5ms»).ttft(«1.5»)",
        &[
            ("`120` has no unit", "add the unit, as in `120ms`"),
            ("a time is not a string", "remove the quotes: `20ms`"),
            ("`20sec` is not a time", "write `20s`"),
            (
                "a time is not a string",
                "write a number and its unit, as in `120ms`",
            ),
            (
                "expected a time",
                "write a number and its unit, as in `120ms`",
            ),
            ("`2` has no unit", "add the unit, as in `2s`"),
            ("a time is not negative", "remove the `-`"),
            ("`1.5` has no unit", "add the unit, as in `1.5ms`"),
        ],
    );
    let too_long = "write a shorter time, as in `120ms`";
    let digits = "9".repeat(40);
    for unit in ["h", "hours", "ms", "weeks"] {
        let message = format!("`{digits}{unit}` is not a time");
        wrong(
            &format!("latency = «{digits}{unit}»"),
            &[(&message, too_long)],
        );
    }
    let both = (
        "a range of times has two ends",
        "write both, as in `80ms..120ms`",
    );
    wrong("latency = «80ms..»", &[both]);
    wrong("latency = «..80ms»", &[both]);
    let empty = "the range of times is empty";
    let help = "write the shorter time first: `80ms..120ms`";
    wrong("latency = «120ms..80ms»", &[(empty, help)]);
    wrong("latency = «80ms..80ms»", &[(empty, "write `80ms`")]);
}

#[test]
fn what_follows_a_latency() {
    let unknown = (
        "a latency has no `timeout_ovr`",
        "did you mean `timeout_over`?",
    );
    for latency in [
        "(80ms..120ms).«timeout_ovr»(150ms)",
        "growing(80ms, 0.1).«timeout_ovr»(150ms)",
        "80ms.«timeout_ovr»(150ms)",
        "80ms.«timeout_ovr»(LIMIT)",
        "SLOW.«timeout_ovr»(150ms)",
    ] {
        wrong(&format!("latency = {latency}"), &[unknown]);
    }
    wrong(
        "latency = 80ms.«max»(LIMIT)",
        &[("a latency has no `max`", "methods: `timeout_over`")],
    );
    wrong(
        "latency = 80ms..120ms.«timeout_ovr»(150ms)",
        &[(
            "a latency has no `timeout_ovr`",
            "write the range in parentheses, as in `(80ms..120ms).timeout_over(150ms)`",
        )],
    );
    right("latency = SLOW.max(LIMIT)");
    right("latency = slow(5).mul_f64(2.0).timeout_over(150ms)");
    right("latency = LEAST..MOST.max(LIMIT)");
}

#[test]
fn a_time_with_its_unit_is_not_a_value_of_rust() {
    let millis = (
        "`5ms` is not a Rust value",
        "write `Duration::from_millis(5)`",
    );
    wrong("reply(\"x\").ttft(twice(«5ms»))", &[millis]);
    wrong("reply(\"x\").every(PAUSE.max(«5ms»))", &[millis]);
    wrong(
        "latency = slow(&[«1.5us»])",
        &[(
            "`1.5us` is not a Rust value",
            "write `Duration::from_nanos(1500)`",
        )],
    );
    right("reply(\"x\").ttft(time!(5ms)).every(twice(5u64, \"5ms\"))");
}

#[test]
fn a_pause_takes_some_time_and_needs_an_answer() {
    wrong(
        "reply(\"a\").pause(«2»).reply(\"b\"), reply(\"a\").«pause»(), reply(\"a\").pause(«0s»)",
        &[
            ("`2` has no unit", "add the unit, as in `2ms`"),
            ("`pause` needs a time", "write `pause(2s)`"),
            (
                "this time is zero",
                "write a longer time, as in `300ms`, or remove `pause`",
            ),
        ],
    );
    wrong(
        "«pause»(2s)",
        &[(
            "this turn has no action",
            "add an action, as in `on(..).reply(\"Hi.\")`",
        )],
    );
}

#[test]
fn a_time_is_a_decimal_number_and_its_unit() {
    for (time, help) in [
        ("0x10ms", "write `16ms`"),
        ("0b10s", "write `2s`"),
        ("0o17h", "write `15h`"),
        ("0xffh", "write `255h`"),
        ("1e3s", "write `1000s`"),
        ("1E3ms", "write `1s`"),
        ("1.5e3ms", "write `1500ms`"),
        ("1e-3s", "write `1ms`"),
        ("1.5e-3us", "write `0.001us`"),
    ] {
        let message = format!("`{time}` is not a decimal number with a unit");
        for source in [
            format!("reply(\"x\").ttft(«{time}»)"),
            format!("latency = «{time}»..9h, reply(\"x\")"),
            format!("fail(rate_limit {{ retry_after: «{time}» }})"),
            format!("expect = [within(«{time}»)], reply(\"x\")"),
        ] {
            wrong(&source, &[(&message, help)]);
        }
    }
    right("reply(\"x\").ttft(1_000ms).every(0.5us)");
    right("latency = 1_ms..1.5s, reply(\"x\")");
}

#[test]
fn a_time_of_another_notation_is_written_out() {
    for (time, help) in [
        ("20Ms", "write `20ms`"),
        ("20S", "write `20s`"),
        ("5ns", "write `0.005us`"),
        ("2500nanos", "write `2.5us`"),
        ("5days", "write `120h`"),
        ("1d", "write `24h`"),
        ("1m30s", "write `90s`"),
        ("1h30m", "write `90m`"),
        ("2h30m15s", "write `9015s`"),
        ("5milliseconds", "write `5ms`"),
        ("5µs", "write `5us`"),
    ] {
        let message = format!("`{time}` is not a time");
        wrong(&format!("reply(\"x\").ttft(«{time}»)"), &[(&message, help)]);
    }
    for (time, help) in [
        ("1m30s", "remove the quotes: `90s`"),
        ("1h 30m", "remove the quotes: `90m`"),
        ("2 days", "remove the quotes: `48h`"),
        ("1.5.2s", "write a number and its unit, as in `120ms`"),
        ("5 fortnights", "write a number and its unit, as in `120ms`"),
        ("", "write a number and its unit, as in `120ms`"),
    ] {
        wrong(
            &format!("reply(\"x\").ttft(«\"{time}\"»)"),
            &[("a time is not a string", help)],
        );
    }
    wrong(
        "reply(\"x\").ttft(«1.ms»)",
        &[("`1.ms` is not a time", "write `1ms`")],
    );
    // Anybody's method.
    right("reply(\"x\").ttft(5.millis())");
}

#[test]
fn a_time_is_a_nanosecond_or_longer_where_it_is_not_zero() {
    for time in ["0.0000001us", "0.0001us", "0.0000000001s"] {
        let shorter = format!("`{time}` is shorter than a nanosecond");
        for source in [
            format!("reply(\"x\").ttft(«{time}»)"),
            format!("latency = «{time}», reply(\"x\")"),
            format!("fail(rate_limit {{ retry_after: «{time}» }})"),
        ] {
            wrong(&source, &[(&shorter, "write `0.001us` or more")]);
        }
    }
    // In units of other notations, too.
    wrong(
        "reply(\"x\").ttft(«0.4ns»)",
        &[("`0.4ns` is not a time", "write `0.001us` or more")],
    );
    wrong(
        "reply(\"x\").ttft(«0d»)",
        &[("`0d` is not a time", "write a longer time, as in `120ms`")],
    );
    for (source, word) in [
        ("reply(\"x\").ttft(«0s»)", "ttft"),
        ("reply(\"x\").every(«0.0s»)", "every"),
        ("latency = «0ms», reply(\"x\")", "latency"),
        ("reply(\"x\").keepalive(«0ms»)", "keepalive"),
    ] {
        let help = format!("write a longer time, as in `300ms`, or remove `{word}`");
        wrong(source, &[("this time is zero", &help)]);
    }
    right("fail(rate_limit { retry_after: 0s })");
}

#[test]
fn a_comma_between_two_times_of_a_latency_is_one_mistake() {
    for after in ["", ", reply(\"x\")", ", seed = 7, reply(\"x\")"] {
        wrong(
            &format!("latency = 5ms«,» 10ms{after}"),
            &[(
                "a range of times has `..` between its ends",
                "write `5ms..10ms`",
            )],
        );
    }
}
