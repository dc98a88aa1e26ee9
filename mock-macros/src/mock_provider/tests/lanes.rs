//! Tests of lanes.

use super::*;

#[test]
fn lanes_are_a_match_over_the_request() {
    let whole = "write `lanes = match request { system(\"You plan\") => [reply(\"ho\")] }`";
    let lanes = ("`lanes` are a `match`", whole);
    wrong("lanes = [«reply(\"a\")»]", &[lanes]);
    wrong("lanes = «reply(\"a\")»", &[lanes]);
    wrong(
        "lanes = match «message» { _ => [reply(\"a\")] }",
        &[(
            "expected `match request` after `lanes =`",
            "write `match request { .. }`",
        )],
    );
    wrong(
        "lanes = match request {«}»",
        &[("there is no lane in this `match`", whole)],
    );
    wrong(
        "lanes = match request «5»",
        &[("expected curly braces", whole)],
    );
}

#[test]
fn a_bad_lane_does_not_take_the_rest_down() {
    let lane =
        "a lane is `pattern => [turn, turn]`, as in `system(\"You plan\") => [reply(\"ho\")]`";
    wrong(
        "lanes = match request { model(\"a\") «[»reply(\"a\")], model(\"b\") => «reply»(\"b\"), model(\"c\") => [«repl»(\"c\"), reply(\"c\")], model(\"d\") => [reply(\"d\")] «reply»(\"e\"), «x» => [reply(\"f\")] }, «seeed» = 1",
        &[
            ("expected `=>`", lane),
            ("a lane is a list of turns", "write `[reply(\"b\")]`"),
            ("no turn begins with `repl`", "did you mean `reply`?"),
            ("expected `,`", "write a comma between lanes"),
            (
                "`x` would match every request",
                "write `_` for that, or a matcher, as in `user(\"hello\")`",
            ),
            ("unknown key `seeed`", "did you mean `seed`?"),
        ],
    );
    wrong(
        "lanes = match request { «when»(|request| true) => [reply(\"a\")], system(\"a\") «&&» model(\"b\") => [reply(\"b\")] }",
        &[
            (
                "a lane takes a guard in place of `when`",
                "write the test as a guard, as in `_ if request.messages.len() > 2 => ..`",
            ),
            (
                "a lane has one pattern",
                "write `all_of(system(\"a\"), model(\"b\"))`",
            ),
        ],
    );
}

#[test]
fn lanes_that_cannot_be_meant() {
    wrong(
        "lanes = match request { «user»(\"a\") => [reply(\"a\")], not(«tool_result»(t)) => [reply(\"b\")], _ => [reply(\"c\")] }",
        &[
            (
                "`user` matches only some requests of an agent",
                "write `any_user_message(..)`, which holds from then on",
            ),
            (
                "`tool_result` matches only some requests of an agent",
                "write `any_user_message(..)`, or another matcher that holds for the whole conversation",
            ),
        ],
    );
    wrong(
        "lanes = match request { «system»(\"a\") => [], _ => [reply(\"c\")] }",
        &[(
            "this lane has no turns",
            "add one, as in `[reply(\"Hi.\")]`, or remove the lane",
        )],
    );
    wrong(
        "lanes = match request { «_» => [reply(\"a\")] }, script = [reply(\"b\")]",
        &[(
            "turns go in a script or in lanes, not in both",
            "move the turns of the script into a lane: `_ => [..]`",
        )],
    );
    let help = "move it before that one, or write another pattern";
    wrong(
        "lanes = match request { system(\"a\") => [reply(\"a\")], «all_of»(model(\"b\"), system(\"a\")) => [reply(\"b\")], _ => [reply(\"c\")], «model»(\"d\") => [reply(\"d\")] }",
        &[
            (
                "this lane can never be reached: an earlier one (line 1) matches all of its requests",
                help,
            ),
            (
                "this lane can never be reached: an earlier one (line 1) matches every request",
                help,
            ),
        ],
    );
    wrong(
        "lanes = match request { _ => [reply(\"a\").forever(), «reply»(\"b\")] }",
        &[(
            "this turn can never be reached: an earlier one (line 1) answers every request, any number of times",
            "move it before that one, or limit that one, as in `.times(2)`",
        )],
    );
    wrong(
        "lanes = match request { all_of(model(\"a\"), «model»(\"b\")) => [reply(\"a\")] }",
        &[(
            "the matchers of this lane can never all hold",
            "remove one of them, or write `any_of(..)` where either is enough",
        )],
    );
}

#[test]
fn a_path_is_allowed_in_the_pattern_of_a_lane() {
    let help = "write a lane, as in `path(\"POST /oauth/token\") => [raw(\"{}\")]`, or a rule";
    let in_turn = ("the pattern of this lane has no path", help);
    wrong(
        "lanes = match request { model(\"a\") => [on(«path»(\"/a\")).raw(\"b\")], any_of(path(\"/b\"), model(\"b\")) => [reply(\"a\"), on(not(«path»(\"/a\"))).reply(\"b\")] }",
        &[in_turn; 2],
    );
    wrong(
        "script = [on(«path»(\"/a\")).raw(\"b\")]",
        &[(
            "`path` is only for rules and the patterns of lanes",
            "write a rule, as in `rules = match request { path(\"GET /health\") => raw(\"ok\") }`",
        )],
    );
    right(
        "lanes = match request { path(\"/v1/files/*\") => [on(path(\"GET *\")).raw(\"{}\"), raw(\"\").status(204)], _ => [reply(\"a\")] }",
    );
}

#[test]
fn calls_of_lanes_and_of_instances_have_ids_of_their_own() {
    let other = (
        "another call has this id (line 1)",
        "give each call an id of its own",
    );
    wrong(
        "lanes = match request { model(\"a\") => [call(t.id(\"a\"))], _ => [call(t.id(«\"a\"»))] }",
        &[other],
    );
    let again = "this turn may answer more than once, so its calls would have the same id";
    let help = "write the number of the call into it, as in `.id(\"a_{call}\")`";
    for source in [
        "lanes = match request { _ => [call(t.id(«\"a\"»)).times(2)] }",
        "lanes = match request { model(\"a\") => [call(t.id(«\"a\"»)), reply(\"b\")], _ => [reply(\"c\")] }, otherwise = cycle",
        "lanes = match request { model(\"a\") => [call(t.id(«\"a\"»))], _ => [reply(\"c\")] }, otherwise = repeat_last",
        "per = model, script = [call(t.id(«\"a\"»)).times(2)]",
    ] {
        wrong(source, &[(again, help)]);
    }
    let each = "with `per`, each instance plays this turn, so its calls would have the same id";
    for source in [
        "per = model, script = [call(t.id(«\"a\"»))]",
        "per = conversation, lanes = match request { _ => [call(t.id(«\"a\"»)), reply(\"b\")] }",
        "per = system(\"{a}\"), script = [call(t.id(«\"a\"»))]",
    ] {
        wrong(source, &[(each, help)]);
    }
    right(
        "lanes = match request { model(\"a\") => [call(t.id(\"a\"))], _ => [call(t.id(\"b\")), call(t.id(\"{call}\")).times(2)] }",
    );
    right("per = model, script = [call(t.id(\"{call}\"))]");
}

#[test]
fn the_key_per_distinguishes_instances() {
    let capture = (
        "this matcher has no capture to name an instance",
        "capture a text, as in `per = system(\"session {id:word}\")`",
    );
    let header = "write the name of a header, as in `per = header(\"x-session\")`";
    wrong(
        "per = «system»(\"session\"), script = [reply(\"a\")]",
        &[capture],
    );
    wrong("per = «has_tool»(t), script = [reply(\"a\")]", &[capture]);
    wrong(
        "per = «any_of»(system(\"{id}\"), any_user_message(\"x\")), script = [reply(\"a\")]",
        &[capture],
    );
    wrong(
        "per = «conversations», script = [reply(\"a\")]",
        &[(
            "unknown word `conversations`",
            "did you mean `conversation`?",
        )],
    );
    wrong(
        "per = «conversation»(), script = [reply(\"a\")]",
        &[("`conversation` takes nothing", "write `per = conversation`")],
    );
    wrong(
        "per = header(«\"x session\"»), script = [reply(\"a\")]",
        &[("`x session` is not a header name", header)],
    );
    wrong(
        "per = header(«x»), script = [reply(\"a\")]",
        &[("`header` needs a string literal", header)],
    );
    wrong(
        "per = «user»(\"I am {name}\"), script = [reply(\"a\")]",
        &[(
            "`user` matches only some requests of an agent",
            "write `any_user_message(..)`, which holds from then on",
        )],
    );
    for per in [
        "conversation",
        "model",
        "header(\"x-session\")",
        "system(\"session {id:word}\")",
        "any_of(system(\"{id}\"), any_user_message(\"I am {id}\"))",
        "model(\"{family}-*\")",
    ] {
        right(&format!("per = {per}, script = [reply(\"a\")]"));
    }
}

#[test]
fn variables_of_lanes_are_bound_by_the_lane_and_by_per() {
    let unbound =
        "template variable `name` is not bound by a matcher of this turn or an earlier one";
    wrong(
        "lanes = match request { system(\"You are {name}\") => [reply(\"{name}\")], _ => [reply(«\"{name}\"»)] }",
        &[(
            unbound,
            "variables: `user`, `model`, `call`; for a variable of Rust, write `format!(\"{name}\")`",
        )],
    );
    right(
        "per = system(\"session {id}\"), lanes = match request { model(\"{m:word}\") => [reply(\"{id} {m}\")], _ => [on(user(\"{x}\")).reply(\"{id}\"), reply(\"{x}\")] }, rules = match request { user(\"a\") => reply(\"{m} {x}\") }",
    );
}

#[test]
fn a_rule_after_instances_with_values_can_be_reached() {
    right(
        "per = header(\"x-session\"), script = [reply(\"a\").forever()], rules = match request { user(\"ping\") => reply(\"pong\") }",
    );
}

#[test]
fn a_list_of_headers_has_a_header() {
    wrong(
        "reply(\"a\").headers(«[]»)",
        &[(
            "there is no header in this list",
            "write it as in `.headers([(\"x-request-id\", \"abc\")])`, or remove it",
        )],
    );
}
