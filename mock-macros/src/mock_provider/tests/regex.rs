//! Tests of regular expressions.

use super::*;

#[test]
fn regular_expressions_are_checked() {
    let correct = "correct it there, or write the text without `regex(..)` for a plain pattern";
    wrong(
        "on(user(regex(«\"a(b\"»))).reply(\"x\"), on(any_user_message(regex(«\"ä[z-a]\"»))).reply(\"x\"), on(system(«regex»())).reply(\"x\"), on(model(«regex»(5))).reply(\"x\"), on(«regex»(\"x\")).reply(\"x\")",
        &[
            (
                "this is not a regular expression: unclosed group, at `(b` (character 2)",
                correct,
            ),
            (
                "this is not a regular expression: invalid character class range, the start must be <= the end, at `z-a]` (character 3)",
                correct,
            ),
            (
                "`regex` needs a string literal",
                "write it as in `regex(r\"in (?<city>\\w+)\")`",
            ),
            (
                "`regex` needs a string literal",
                "write it as in `regex(r\"in (?<city>\\w+)\")`",
            ),
            (
                "unknown matcher `regex`",
                "write it in place of a text, as in `user(regex(r\"..\"))`",
            ),
        ],
    );
}

#[test]
fn groups_are_captures() {
    wrong(
        "on(user(regex(\"(?<a>x)|(?P<b>y(?<c>z))*\"))).reply(«\"{a}{b}{c}{d}\"»), on(user(regex(«\"(?<user>x)\"»))).reply(\"x\"), on(user(regex(«\"(?<a.b>x)\"»))).reply(\"{anything}\")",
        &[
            (
                "template variable `d` is not bound by a matcher of this turn or an earlier one",
                "did you mean `a`?",
            ),
            (
                "`{user}` already has a meaning in templates",
                "use another name, as in `{the_user}`",
            ),
            (
                "no template can name the group `a.b`",
                "write its name in letters, digits and `_`, as in `(?<city>..)`",
            ),
        ],
    );
}

#[test]
fn a_regular_expression_is_one_text() {
    wrong(
        "on(user(regex(\"x\", «\"i\"»))).reply(\"y\")",
        &[("`regex` takes one text", "remove this")],
    );
}
