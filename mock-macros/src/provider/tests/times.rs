use super::*;

#[test]
fn times() {
    wrong(
        "latency = «120», reply(\"x\").ttft(«\"20ms\"»).every(«20sec»), reply(\"x\").ttft(«\"soon\"»).every(«true»), fail(rate_limit { retry_after: «2» }), reply(\"x\").every(«-5ms»).ttft(«1.5»)",
        &[
            ("`120` has no unit", "add the unit, as in `120ms`"),
            ("a time is not a string", "remove the quotes: `20ms`"),
            (
                "`20sec` is not a time",
                "units are `us`, `ms`, `s`, `m` and `h`, as in `20ms`",
            ),
            (
                "a time is not a string",
                "write a number and its unit, as in `120ms`",
            ),
            (
                "expected a time",
                "write a number and its unit, as in `120ms`",
            ),
            ("`2` has no unit", "add the unit, as in `2ms`"),
            ("a time is not negative", "remove the `-`"),
            ("`1.5` has no unit", "add the unit, as in `1.5ms`"),
        ],
    );
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
