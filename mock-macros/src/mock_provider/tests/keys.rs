//! Tests of keys.

use super::*;

#[test]
fn latency() {
    wrong(
        "latency = 80ms..120ms.«timeout_over»(150ms)",
        &[(
            "`timeout_over` follows the whole range",
            "write the range in parentheses, as in `(80ms..120ms).timeout_over(150ms)`",
        )],
    );
    wrong(
        "latency = 80ms.timeout_over(«150»)",
        &[("`150` has no unit", "add the unit, as in `150ms`")],
    );
    wrong(
        "latency = 80ms.«timeout_over»()",
        &[("`timeout_over` needs a time", "write `timeout_over(150ms)`")],
    );
    wrong(
        "latency = «growing»(100ms)",
        &[(
            "`growing` takes the first time and the growth of each call",
            "write `growing(100ms, 0.10)`",
        )],
    );
    wrong(
        "latency = growing(«100», «\"10%\"»)",
        &[
            ("`100` has no unit", "add the unit, as in `100ms`"),
            (
                "expected a number, 0 or more",
                "write it as in `growing(100ms, 0.10)`",
            ),
        ],
    );
    wrong(
        "latency = «growin»(100ms, 0.1)",
        &[("unknown latency `growin`", "did you mean `growing`?")],
    );
    wrong(
        "latency = «exponential»(100ms)",
        &[(
            "unknown latency `exponential`",
            "write a time, a range of times, or `growing(100ms, 0.10)`",
        )],
    );
}

#[test]
fn lists_of_words() {
    wrong(
        "capabilities = [«stream», tools, «tools», «5»], allow = [«unused», «unofered_tools», «broken_conversation»]",
        &[
            ("unknown capability `stream`", "did you mean `streaming`?"),
            ("`tools` is given twice", "remove one of the two `tools`"),
            (
                "expected a word for the capability",
                "capabilities: `streaming`, `tools`",
            ),
            ("unknown allowance `unused`", "did you mean `unused_turns`?"),
            (
                "unknown allowance `unofered_tools`",
                "did you mean `unoffered_tools`?",
            ),
            (
                "unknown allowance `broken_conversation`",
                "did you mean `broken_conversations`?",
            ),
        ],
    );
    wrong(
        "capabilities = «streaming», allow = «unused_turns»",
        &[
            ("`capabilities` is a list", "write `[streaming]`"),
            ("`allow` is a list", "write `[unused_turns]`"),
        ],
    );
}

#[test]
fn plain_values() {
    let seed = (
        "a seed is a whole number, at most 64 bits long",
        "write it as in `seed = 7`",
    );
    wrong("seed = «\"7\"»", &[(seed.0, "write `7`")]);
    wrong("seed = «-7»", &[seed]);
    wrong("seed = «99999999999999999999»", &[seed]);
    wrong(
        "seed = [«7»], name = [«\"a\"»], otherwise = [«reply(\"a\")»], usage = [«1», 2], metadata = [«1»]",
        &[
            ("`seed` is not a list", "write `seed = 7`"),
            ("`name` is not a list", "write `name = \"my-provider\"`"),
            (
                "`otherwise` is not a list",
                "write `otherwise = reply(\"..\")`",
            ),
            ("`usage` is not a list", "write `usage = usage(11, 7)`"),
            (
                "`metadata` is not a list",
                "write `metadata = object { request_id: \"abc\" }`",
            ),
        ],
    );
    wrong(
        "name = «5», usage = «5», metadata = «\"abc\"»",
        &[
            (
                "the name of a provider is a text",
                "write it in quotes: `\"5\"`",
            ),
            (
                "usage is two numbers of tokens, or a value of the type `Usage`",
                "write the request's and the answer's, as in `usage = usage(11, 7)`",
            ),
            (
                "metadata is an object",
                "write `metadata = object { request_id: \"abc\" }`",
            ),
        ],
    );
}

#[test]
fn words_in_the_wrong_place() {
    wrong(
        "«every» = 20ms, «on» = 5, «reply» = \"Hi.\", reply(\"a\").«seed»(7), reply(\"b\").«tools»([t])",
        &[
            (
                "unknown key `every`",
                "it is a modifier of a turn: `reply(\"Hi.\").every(..)`",
            ),
            (
                "unknown key `on`",
                "a matcher goes in a turn: `on(user(\"hello\")).reply(\"Hi.\")`",
            ),
            (
                "unknown key `reply`",
                "an action is a turn of its own: `reply(..)`",
            ),
            (
                "unknown action or modifier `seed`",
                "`seed` is a key of the mock: `seed = ..`",
            ),
            (
                "unknown action or modifier `tools`",
                "`tools` is a key of the mock: `tools = ..`",
            ),
        ],
    );
}

#[test]
fn a_value_that_is_given_twice_is_reported_with_both_places() {
    wrong(
        "latency = 5ms,
        tools = [t { a: string,
            «a»: string }, u,
            «t»],
        script = [reply(\"a\").times(2)
            .«times»(3)],
        «latency» = 6ms",
        &[
            ("`a` is given twice", "remove it here or in line 2"),
            ("tool `t` is declared twice", "remove it here or in line 2"),
            ("`times` is given twice", "remove it here or in line 5"),
            ("`latency` is given twice", "remove it here or in line 1"),
        ],
    );
}

#[test]
fn faults_by_chance() {
    let number = "write one number above 0, up to 1, as in `cut(0.1)`";
    wrong(
        "chaos = [«cuts»(0.1), cut(«1.5»), «end», rate_limit(1), «rate_limit»(0.5)]",
        &[
            ("unknown fault `cuts`", "did you mean `cut`?"),
            ("`1.5` is not a probability", number),
            ("`end` has no probability", "write `end(0.1)`"),
            (
                "`rate_limit` is given twice",
                "remove one of the two `rate_limit`",
            ),
        ],
    );
    wrong(
        "chaos = «cut(0.1)»",
        &[("`chaos` is a list", "write `[cut(0.1)]`")],
    );
}
