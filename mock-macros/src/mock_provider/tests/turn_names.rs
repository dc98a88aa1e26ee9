//! Tests of the names of turns.

use super::*;

#[test]
fn names_of_turns() {
    wrong(
        "reply(\"x\").named(«\"first\"»), reply(\"x\").«named»(), reply(\"x\").named(a).times(2), rules = match request { _ => reply(\"y\").named(«a») }",
        &[
            ("the name of a turn is one word", "write `.named(first)`"),
            ("`named` needs a name", "write `named(first_answer)`"),
            (
                "two turns are named `a`",
                "write another name here or in line 1",
            ),
        ],
    );
    wrong(
        "reply(\"x\").named(«self»)",
        &[(
            "`self` is a keyword of Rust",
            "write another name, as in `.named(first_answer)`",
        )],
    );
}
