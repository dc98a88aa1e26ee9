//! The mocks of a test's arguments, `#[mock(..)]`.

use super::wrong;

#[test]
fn an_attribute_that_is_nearly_mock_is_one() {
    wrong(
        "async fn a(#[«mok»(reply(\"x\").«evry»(5ms))] x: MockLlm) {}",
        &[
            ("unknown attribute `mok`", "did you mean `mock`?"),
            ("unknown action or modifier `evry`", "did you mean `every`?"),
        ],
    );
}

#[test]
fn arguments() {
    wrong(
        "async fn a(«#[mock]» x: X, «#[mock = \"reply\"]» y: Y, #[mock(Weather)] «#[mock(Other)]» z: Z) {}",
        &[
            (
                "`#[mock]` names no mock",
                "write which one, as in `#[mock(Weather)]` or `#[mock(reply(\"Hi.\"))]`",
            ),
            (
                "`#[mock]` names no mock",
                "write which one, as in `#[mock(Weather)]` or `#[mock(reply(\"Hi.\"))]`",
            ),
            (
                "an argument takes one mock",
                "remove this `#[mock(..)]`, or write `#[mocks(First, Second)]` for a test with each",
            ),
        ],
    );
    wrong(
        "async fn a(#[mock(«Weather», reply(\"x\"))] x: X, #[mock(reply(«\"{\"»))] y: Y, #[mock(script = [«repply»(\"x\")], vis = «5»)] z: Z, #[mock(vis = «pub», reply(\"x\"))] w: W) {}",
        &[
            (
                "a mock in `#[mock(..)]` has no name, found `Weather`",
                "declare it with `mock_provider!(Weather, ..)` and write `#[mock(Weather)]`, or leave out `Weather`",
            ),
            (
                "`{` is not closed",
                "write `{{` for a brace, or `verbatim(..)` for the whole text",
            ),
            ("no turn begins with `repply`", "did you mean `reply`?"),
            (
                "expected a visibility",
                "write `pub`, `pub(crate)`, or `pub(self)` for this module only",
            ),
            (
                "a mock without a name has no visibility",
                "remove it, or give the mock a name: `Weather = ..`",
            ),
        ],
    );
}

#[test]
fn a_declared_mock_is_named_by_its_path() {
    for (mock, path) in [
        ("\"Weather\"", "Weather"),
        ("Weather::new()", "Weather"),
        ("mocks::Weather::default()", "mocks::Weather"),
    ] {
        wrong(
            &format!("async fn a(#[mock(«{mock}»)] llm: MockLlm) {{}}"),
            &[(
                "a declared mock is given by its path only",
                &format!("write `#[mock({path})]`"),
            )],
        );
    }
    wrong(
        "async fn a(#[mock(«\"Hello there.\"»)] llm: MockLlm) {}",
        &[("expected a turn", "write `reply(\"Hello there.\")`")],
    );
}

#[test]
fn a_declared_mock_is_injected_by_its_type_alone() {
    for (mock, ty) in [("W", "W"), ("W", "&W"), ("a::W", "Arc<a::W>")] {
        wrong(
            &format!("async fn t(«#[mock({mock})]» v: {ty}) {{}}"),
            &[(
                &format!("`{mock}` cannot be made from itself"),
                &format!(
                    "remove `#[mock({mock})]` if `{mock}` is a declared mock, else name one that is"
                ),
            )],
        );
    }
}

#[test]
fn an_unknown_type_has_a_known_one_in_its_help() {
    for (ty, help) in [
        ("Arc<«dyn Llm»>", "Arc<MockLlm>"),
        ("&«dyn Llm»", "&MockLlm"),
        ("«impl Llm»", "MockLlm"),
    ] {
        let (before, rest) = ty.split_once('«').expect("a mark");
        let (sort, _) = rest.split_once('»').expect("a mark");
        wrong(
            &format!("async fn t(#[mock(reply(\"x\"))] v: {ty}) {{}}"),
            &[(
                &format!("no mock can be made into `{sort}`"),
                &format!("write a type of your own that implements it, as in `{help}`"),
            )],
        );
        assert!(before.len() < 5);
    }
}
