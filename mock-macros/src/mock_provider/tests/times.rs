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
    let empty = (
        "the range of times is empty",
        "write the shorter time first, as in `80ms..120ms`",
    );
    wrong("latency = «120ms..80ms»", &[empty]);
    wrong("latency = «80ms..80ms»", &[empty]);
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
fn a_time_with_its_unit_is_no_value_of_rust() {
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
fn a_pause_takes_some_time_and_stands_beside_an_answer() {
    wrong(
        "reply(\"a\").pause(«2»).reply(\"b\"), reply(\"a\").«pause»(), reply(\"a\").pause(«0s»)",
        &[
            ("`2` has no unit", "add the unit, as in `2ms`"),
            ("`pause` needs a time", "write `pause(2s)`"),
            (
                "this is not a time",
                "write more than that, or remove `pause`",
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
