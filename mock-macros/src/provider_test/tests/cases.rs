//! Tests with cases: what they become, and what is wrong with them.

use proc_macro2::TokenStream;

use super::{expand, tokens, wrong};
use crate::tests::{assert_mistakes, mistakes};

/// The paths of the tests in an expansion, in their order, with their attributes.
fn tests(source: &str) -> Vec<String> {
    let expansion = expand(TokenStream::new(), tokens(source));
    assert_eq!(mistakes(source, &expansion), [], "{source}");
    let file: syn::File = syn::parse2(expansion).expect(source);
    let mut tests = Vec::new();
    collect("", &file.items, &mut tests);
    tests
}

fn collect(path: &str, items: &[syn::Item], tests: &mut Vec<String>) {
    for item in items {
        match item {
            syn::Item::Mod(module) => {
                let (_, items) = module.content.as_ref().expect("items");
                collect(&format!("{path}{}::", module.ident), items, tests);
            }
            syn::Item::Fn(test) => {
                let mut names = test.attrs.iter().map(|attribute| {
                    let path = attribute.path().segments.last().expect("a word");
                    path.ident.to_string()
                });
                if names.by_ref().any(|name| name == "test") {
                    let others: Vec<_> = test
                        .attrs
                        .iter()
                        .map(|attribute| attribute.path().segments[0].ident.to_string())
                        .filter(|name| !name.is_empty() && name != "core")
                        .collect();
                    tests.push(
                        format!("{path}{} {}", test.sig.ident, others.join(" "))
                            .trim_end()
                            .to_owned(),
                    );
                }
            }
            _ => {}
        }
    }
}

#[test]
fn the_name_of_a_test_is_that_of_its_fn_its_case_and_its_values() {
    for (source, expected) in [
        (
            "#[case::b(1)] #[case::a(2)] async fn t(#[case] n: u32) {}",
            &["t::b", "t::a"][..],
        ),
        (
            "async fn t(#[values(1, -1, 0.5, \"a b-c\", \"\", 'x', X::Y, f(1), true, (1, 2), \"°\")] n: N) {}",
            &[
                "t::n_1",
                "t::n_minus_1",
                "t::n_0_5",
                "t::n_a_b_c",
                "t::n_empty",
                "t::n_x",
                "t::n_X_Y",
                "t::n_f_1",
                "t::n_true",
                "t::n_1_2",
                "t::n",
            ],
        ),
        (
            "#[case::a(1)] async fn t(#[values(1, 2)] n: u32, #[case] c: u32, #[mocks(A, b::B)] llm: M) {}",
            &[
                "t::a::n_1::llm_A",
                "t::a::n_1::llm_B",
                "t::a::n_2::llm_A",
                "t::a::n_2::llm_B",
            ],
        ),
        (
            "async fn t(#[values(true, \"+\")] _flag: F, #[mocks(A)] __llm_: M) {}",
            &["t::flag_true::llm_A", "t::flag::llm_A"],
        ),
        (
            "async fn t(#[mocks(a::A, b::A)] _: M, #[values(1, \"self\")] _: M, #[values(1)] (a, b): (u8, u8), #[values(\"für²\")] r#type: &str) {}",
            &[
                "t::A::value_1::a_b_1::type_für",
                "t::A::value_self::a_b_1::type_für",
                "t::A_2::value_1::a_b_1::type_für",
                "t::A_2::value_self::a_b_1::type_für",
            ],
        ),
    ] {
        assert_eq!(tests(source), expected, "{source}");
    }
}

#[test]
fn attributes_before_a_case_are_its_own_and_those_after_the_last_are_of_all() {
    let source = "#[ignore] #[case::a(1)] #[should_panic] #[serial] #[case::b(2)] #[case::c(3)] #[flaky] #[allow(x)] async fn t(#[case] n: u32) {}";
    assert_eq!(
        tests(source),
        [
            "t::a flaky ignore",
            "t::b flaky should_panic serial",
            "t::c flaky"
        ]
    );
}

#[test]
fn lints_docs_and_spans_are_of_the_body_wherever_they_stand() {
    let source = "/// Docs.\n #[allow(x)] #[case::a(1)] #[traced_test] #[case::b(2)] async fn t(#[case] n: u32) {}";
    assert_eq!(tests(source), ["t::a", "t::b"]);
    let text = expand(TokenStream::new(), tokens(source)).to_string();
    for attribute in ["# [doc", "# [allow (x)]", "# [traced_test]"] {
        assert_eq!(text.matches(attribute).count(), 1, "{text}");
    }
}

#[test]
fn the_body_and_the_mocks_are_expanded_once_for_all_cases() {
    let source = "#[case::a(1)] #[case::b(2)] async fn t(#[case] n: u32, #[mock(reply(\"only once\"))] llm: M) { only_once() }";
    let text = expand(TokenStream::new(), tokens(source)).to_string();
    assert_eq!(text.matches("only_once ()").count(), 1, "{text}");
    assert_eq!(text.matches("inject_mock").count(), 1, "{text}");
}

#[test]
fn mistakes_in_a_case() {
    wrong(
        "#[«case»(\"New York\", 5)] #[case::a(1, 2)] #[case::«a»(3, 4)] #[case::b::«c»(1, 2)] #[case::«self»(1, 2)] #[case::«few»(1)] #[case::many(1, 2, «3», «4»)] #[case::list(1 «2»)] async fn t(#[case] n: u32, #[case] m: u32) {}",
        &[
            ("this case has no name", "write one, as in `case::new_york`"),
            (
                "two cases are called `a`",
                "give this one another name, as in `case::a_3`",
            ),
            ("the name of a case is one word", "write `case::b_c`"),
            (
                "`self` is a keyword, so it cannot name a case",
                "write `case::self_`",
            ),
            (
                "`few` has no value for `m`",
                "add it, as in `case::few(1, m)`",
            ),
            (
                "no argument takes this value",
                "remove it, or write `#[case]` before the argument that takes it",
            ),
            (
                "no argument takes this value",
                "remove it, or write `#[case]` before the argument that takes it",
            ),
            (
                "expected the values of the case",
                "write them in parentheses with commas between them, as in `#[case::first(\"a\", 5)]`",
            ),
        ],
    );
    wrong(
        "#[case::«a»] async fn t() {}",
        &[(
            "`a` has no values",
            "write one, as in `case::a(5)`, and `#[case]` before the argument that takes it",
        )],
    );
}

#[test]
fn mistakes_in_an_argument_of_the_cases() {
    let none = "this test has no cases";
    let write = "write one below `#[provider_test]`, as in `#[case::first(5)]`";
    wrong(
        "async fn t(«#[case]» n: u32, «#[case]» m: u32) {}",
        &[(none, write), (none, write)],
    );
    wrong(
        "async fn t(«#[values]» a: A, «#[values()]» b: B, «#[mocks()]» c: C, #[values(1 «2»)] d: D, #[mocks(A, «reply(\"x\")», «reply»)] e: E) {}",
        &[
            (
                "`#[values]` has no values",
                "write them as in `#[values(1, 2)]`",
            ),
            (
                "`#[values]` has no values",
                "write them as in `#[values(1, 2)]`",
            ),
            (
                "`#[mocks]` has no mocks",
                "write them as in `#[mocks(Fast, Slow)]`",
            ),
            (
                "expected a list of values",
                "write them as in `#[values(1, 2)]`",
            ),
            (
                "`#[mocks(..)]` takes the names of declared mocks",
                "declare it with `mock_provider!(Fast, ..)`, and write `Fast`",
            ),
            (
                "`#[mocks(..)]` takes the names of declared mocks",
                "declare it with `mock_provider!(Fast, ..)`, and write `Fast`",
            ),
        ],
    );
    wrong(
        "async fn t(#[values(1, «1», f(), f())] a: A, #[mocks(A, «A»)] b: B, #[mocks(A, «C»)] c: &C, #[values(1)] d: «impl D») {}",
        &[
            ("`1` is given twice", "remove one of the two `1`"),
            ("`A` is given twice", "remove one of the two `A`"),
            (
                "`C` cannot be made from itself",
                "write a type for the argument that each mock can become, as in `MockProvider`",
            ),
            (
                "the values of all cases have one type",
                "write it, as in `&str`",
            ),
        ],
    );
}

#[test]
fn a_case_that_is_written_with_an_equals_sign_is_one_mistake() {
    let message = "expected the values of the case";
    for (case, help) in [
        ("case «=» \"a b\"", "write `#[case::a_b(\"a b\")]`"),
        ("case «=» 5", "write `#[case::first(5)]`"),
        ("case::five «=» 5", "write `#[case::five(5)]`"),
    ] {
        let source = format!("#[{case}] async fn t(#[case] n: N) {{}}");
        wrong(&source, &[(message, help)]);
    }
}

#[test]
fn a_keyword_that_the_compiler_reports_is_not_reported_again() {
    for keyword in ["fn", "_", "match", "async", "type"] {
        let source = format!("#[case::{keyword}(1)] async fn t(#[case] n: u32) {{}}");
        assert_eq!(tests(&source), [format!("t::case_{keyword}").trim_end()]);
    }
}

#[test]
fn several_values_in_one_are_written_apart() {
    for (value, ty, what, help) in [
        ("1..3", "u8", "range", "write `1, 2`"),
        ("1..=3", "i64", "range", "write `1, 2, 3`"),
        (
            "0..100",
            "usize",
            "range",
            "write each value, as in `#[values(1, 2)]`",
        ),
        (
            "a..b",
            "u8",
            "range",
            "write each value, as in `#[values(1, 2)]`",
        ),
        ("[\"a\", \"b\"]", "&str", "list", "write `\"a\", \"b\"`"),
    ] {
        let message = format!("a {what} is one value, not a `{ty}`");
        let source = format!("async fn t(#[values(«{value}»)] n: {ty}) {{}}");
        wrong(&source, &[(&message, help)]);
    }
    for (value, ty) in [
        ("1..3", "Range<u8>"),
        ("[1, 2]", "[u8; 2]"),
        ("[1]", "&[u8]"),
    ] {
        tests(&format!("async fn t(#[values({value})] n: {ty}) {{}}"));
    }
}

#[test]
fn several_mocks_in_one_are_written_apart() {
    let names = "`#[mocks(..)]` takes the names of declared mocks";
    for (mocks, help) in [
        ("\"Fast\"", "write `Fast`"),
        ("[Fast, Slow]", "write `Fast, Slow`"),
        ("(Fast, a::Slow)", "write `Fast, a::Slow`"),
        ("Fast | Slow | Odd", "write `Fast, Slow, Odd`"),
    ] {
        let source = format!("async fn t(#[mocks(«{mocks}»)] llm: M) {{}}");
        wrong(&source, &[(names, help)]);
    }
    wrong(
        "async fn t(#[mock(«Fast, a::Slow»)] llm: M) {}",
        &[(
            "`#[mock(..)]` takes one mock",
            "write `#[mocks(Fast, a::Slow)]` for a test with each",
        )],
    );
}

#[test]
fn an_attribute_in_the_place_of_another_is_moved() {
    wrong(
        "#[case::a(1)] async fn t(«#[case::x(1)]» n: u32) {}",
        &[(
            "`#[case]` before an argument has no name",
            "write `#[case]` here, and `#[case::x(1)]` above the test",
        )],
    );
    wrong(
        "«#[values(1, 2)]» async fn t() {}",
        &[(
            "`#[values]` goes before an argument",
            "write it there, as in `async fn answers(#[values(1, 2)] count: u32) { .. }`",
        )],
    );
    wrong(
        "#[«cases»::a(1)] #[«Case»::b(1)] async fn t(#[case] n: u32) {}",
        &[
            ("unknown attribute `cases`", "did you mean `case`?"),
            ("unknown attribute `Case`", "did you mean `case`?"),
        ],
    );
    // Without an argument for it, it may be an attribute of another crate.
    tests("#[cases(1)] async fn t(#[values(1)] n: u32) {}");
}

#[test]
fn an_argument_is_made_from_one_thing() {
    for (first, second) in [
        ("values(1)", "mock(A)"),
        ("mock(A)", "mocks(A, B)"),
        ("mocks(A, B)", "values(1)"),
        ("values(1)", "values(2)"),
    ] {
        let word = |source: &str| source.split('(').next().expect("a word").to_owned();
        let (one, two) = (word(first), word(second));
        wrong(
            &format!("async fn t(#[{first}] «#[{second}]» a: M) {{}}"),
            &[(
                &format!("`#[{one}]` already makes this argument"),
                &format!("remove this `#[{two}]`, or move it to another argument"),
            )],
        );
    }
    wrong(
        "#[case::a(1)] async fn t(#[case] «#[cfg(unix)]» a: u32) {}",
        &[(
            "an argument with `#[case]` or `#[values]` cannot have `#[cfg(..)]`",
            "remove this `#[cfg(..)]`, or put it before the test",
        )],
    );
}

#[test]
fn an_attribute_of_an_argument_that_is_nearly_one_is_it() {
    for (wrong_one, right) in [
        ("mok", "mock(A)"),
        ("moks", "mocks(A)"),
        ("valeus", "values(1)"),
        ("value", "values(1)"),
    ] {
        let (word, list) = right.split_once('(').expect("a list");
        wrong(
            &format!("async fn t(#[«{wrong_one}»({list}] a: M) {{}}"),
            &[(
                &format!("unknown attribute `{wrong_one}`"),
                &format!("did you mean `{word}`?"),
            )],
        );
    }
    wrong(
        "#[case::a(1)] async fn t(#[«cas»] a: u32) {}",
        &[("unknown attribute `cas`", "did you mean `case`?")],
    );
}

/// `rstest` takes every other attribute of an argument away, or leaves it where the compiler does not know it.
#[test]
fn above_rstest_an_argument_with_a_mock_is_left_to_the_tests_that_it_makes() {
    let source = "#[rstest] #[case(1)] async fn t(#[case] n: u32, #[mock(A)] (a, b): &mut Pair, #[mock(reply(\"x\"))] mut llm: Arc<M>, #[ignore] c: TestClock) { body() }";
    let expansion = expand(tokens("timeout = 5s"), tokens(source));
    assert_eq!(mistakes(source, &expansion), []);
    let file: syn::File = syn::parse2(expansion.clone()).expect("items");
    let text = expansion.to_string();
    for part in [
        "# [test_attr (:: mock_core :: provider_test (timeout = 5s))]",
        "async fn t (# [case] n : u32 , # [ignore] argument_1 : __MockCore_t_1 , # [ignore] llm : __MockCore_t_2 , # [ignore] c : TestClock)",
        "let (a , b) : & mut Pair = & mut __mock_core_argument_1 ;",
        "let mut llm : Arc < M > = __mock_core_argument_2 ;",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let fns = file
        .items
        .iter()
        .filter(|item| matches!(item, syn::Item::Fn(_)));
    assert_eq!(fns.count(), 1, "{text}");
}

#[test]
fn below_rstest_a_mock_is_said_to_be_lost() {
    let lost = (
        "`#[rstest]` does not pass on `#[mock(..)]`",
        "write `#[provider_test]` above `#[rstest]`, in place of `#[test_attr(provider_test)]`",
    );
    wrong(
        "async fn t(«#[mock(A)]» a: M) { async fn t(#[mock(A)] a: M) {} t(a).await }",
        &[lost],
    );
    let source = "async fn t(#[mock(A)] a: M) { t(a).await }";
    let renamed = |word: proc_macro2::TokenTree| match word {
        proc_macro2::TokenTree::Ident(name) if name == "t" => {
            proc_macro2::Ident::new("case_1", name.span()).into()
        }
        other => other,
    };
    let item = tokens(source).into_iter().map(renamed).collect();
    let expansion = expand(TokenStream::new(), item);
    assert_eq!(mistakes(source, &expansion).len(), 1);
    // A test that calls another fn is not one of `rstest`, and neither is one that calls itself.
    for source in ["async fn t(#[mock(A)] a: M) { u(a).await }", source] {
        let expansion = expand(TokenStream::new(), tokens(source));
        assert_eq!(mistakes(source, &expansion), []);
    }
}

#[test]
fn mistakes_beside_other_attributes() {
    let move_it = "move this attribute above, or write a case as in `#[case::name(..)]`";
    wrong(
        "«#[test_case(1)]» «#[test_case::test_matrix([1, 2])]» async fn t(n: u32) {}",
        &[
            ("`#[test_case]` goes above `#[provider_test]`", move_it),
            (
                "`#[test_case::test_matrix]` goes above `#[provider_test]`",
                move_it,
            ),
        ],
    );
    let source = "#[rstest] «#[test_attr(provider_test)]» async fn t(«#[mocks(A, B)]» llm: M) {}";
    crate::tests::assert_mistakes(
        source,
        |item| expand(TokenStream::new(), item),
        &[
            (
                "this is already a test",
                "remove this attribute: `#[provider_test]` above `#[rstest]` is enough",
            ),
            (
                "`#[rstest]` makes these tests, and it does not know `#[mocks(..)]`",
                "remove `#[rstest]`, or write `#[mock(..)]` with one mock",
            ),
        ],
    );
}

#[test]
fn numbers_of_arguments_that_rust_does_not_read() {
    let digit = ("a number begins with a digit", "write `0.5`");
    for item in [
        "#[case::half(«.5»)] async fn a(#[case] x: f64) {}",
        "async fn a(#[values(1.0, «.5»)] x: f64) {}",
    ] {
        let item = item.to_owned();
        let expand = |tokens| expand(TokenStream::new(), tokens);
        assert_mistakes(&item, expand, &[digit]);
    }
}

#[test]
fn primitive_arguments_need_a_value() {
    for (ty, values, first) in [
        ("u32", "1, 2", "1"),
        ("&str", "\"a\", \"b\"", "\"a\""),
        ("bool", "true, false", "true"),
    ] {
        wrong(
            &format!("async fn a(x: «{ty}») {{}}"),
            &[(
                &format!("no attribute gives this `{ty}` a value"),
                &format!(
                    "write `#[values({values})]` before the argument, or `#[case]` and a case, as in `#[case::first({first})]`"
                ),
            )],
        );
    }
}

#[test]
fn the_value_of_a_case_may_be_that_of_an_argument_without_case() {
    let text = wrong(
        "#[case::a(«1»)] async fn a(x: u32, y: Text) {}",
        &[(
            "no argument takes this value",
            "remove it, or write `#[case]` before the argument that takes it",
        )],
    );
    assert!(!text.contains("inject"), "{text}");
}
