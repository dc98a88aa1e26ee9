//! Words that the grammar does not know, such as a misspelled key: the nearest known word, or all of them.

use super::*;

#[test]
fn a_word_that_no_one_knows() {
    wrong_items(
        "Weather = «opnai»(\"gpt-4o\"), «lateny» = 80ms..120ms, «sript» = [reply(\"x\")], «voice» = 5",
        &[
            ("`opnai` is not a profile", "did you mean `openai`?"),
            ("unknown key `lateny`", "did you mean `latency`?"),
            ("unknown key `sript`", "did you mean `script`?"),
            ("unknown key `voice`", &keys()),
        ],
    );
    wrong(
        "on(«usr»(\"x\")).«repply»(\"x\"), «repl»(\"x\"), «jump»(), «openai»(\"x\")",
        &[
            ("unknown matcher `usr`", "did you mean `user`?"),
            (
                "unknown action or modifier `repply`",
                "did you mean `reply`?",
            ),
            ("no turn begins with `repl`", "did you mean `reply`?"),
            ("no turn begins with `jump`", &beginnings()),
            (
                "no turn begins with `openai`",
                "the profile comes first: `openai(..)`, or `Name = openai(..)`",
            ),
        ],
    );
    wrong_items(
        "Weather, tools = [t { a: «strng», b: «String», c: «bool», d: «Vec»(string), e: «f64», f: «Option»(string), g: «Value» }]",
        &[
            ("unknown type `strng`", "did you mean `string`?"),
            ("unknown type `String`", "write `string`"),
            ("unknown type `bool`", "write `boolean`"),
            ("unknown type `Vec`", "write `list(..)`"),
            ("unknown type `f64`", "write `number`"),
            ("unknown type `Option`", "write `optional(..)`"),
            ("unknown type `Value`", "write `json`"),
        ],
    );
    wrong(
        "fail(«rate_limt»), fail(«a::b»), fail(rate_limit { «retryafter»: 2s, «reason»: \"x\" })",
        &[
            (
                "unknown kind of failure `rate_limt`",
                "did you mean `rate_limit`?",
            ),
            (
                "expected a kind of failure",
                "kinds: `timeout`, `rate_limit`, `auth`, `connection`, `invalid_response`, `generic`, `overloaded`, `server_error`, `bad_request`, `context_length`, `content_filter`, `permission`, `not_found`, `quota`",
            ),
            (
                "a failure has no field `retryafter`",
                "did you mean `retry_after`?",
            ),
            (
                "a failure has no field `reason`",
                "fields: `message`, `retry_after`, `status`, `code`, `headers`, `body`",
            ),
        ],
    );
}

#[test]
fn a_key_that_other_libraries_have() {
    wrong(
        "«delay» = 20ms",
        &[(
            "unknown key `delay`",
            "write `latency = 120ms` for the time before an answer, or `.every(20ms)` after a stream for the time between its chunks",
        )],
    );
}

#[test]
fn a_misspelled_key() {
    wrong(
        "latency = 5ms, «sed» = 7, «otherwse» = cycle",
        &[
            ("unknown key `sed`", "did you mean `seed`?"),
            ("unknown key `otherwse`", "did you mean `otherwise`?"),
        ],
    );
}
