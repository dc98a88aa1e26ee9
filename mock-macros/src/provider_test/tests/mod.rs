//! Tests of `#[provider_test]`.

mod cases;
#[cfg(feature = "sweep")]
mod runs;

use proc_macro2::TokenStream;
use syn::ItemFn;

use crate::diagnostics::Diagnostics;
use crate::tests::{Mutants, assert_mistakes, mistakes, tries};

pub(super) fn tokens(source: &str) -> TokenStream {
    source.parse().expect("tokens")
}

pub(super) fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    super::expand(options, item, &Diagnostics::default())
}

/// Asserts the mistakes of a test, each at its mark; what is left of it is a `#[test]` nevertheless.
#[track_caller]
pub(super) fn wrong(marked: &str, expected: &[(&str, &str)]) -> String {
    let expansion = assert_mistakes(marked, |item| expand(TokenStream::new(), item), expected);
    let text = expansion.to_string();
    let file: syn::File = syn::parse2(expansion).unwrap_or_else(|_| panic!("{text}"));
    let tests = file
        .items
        .iter()
        .filter(|item| matches!(item, syn::Item::Fn(_)));
    assert_eq!(tests.count(), 1, "{text}");
    text
}

#[track_caller]
fn wrong_options(marked: &str, expected: &[(&str, &str)]) {
    assert_mistakes(
        marked,
        |options| expand(options, tokens("async fn a() {}")),
        expected,
    );
}

#[test]
fn the_usual_guard_is_the_one_of_the_runtime() {
    let runtime = mock_core::__private_0_1_0::TestSpec::EMPTY.guard;
    assert_eq!(super::options::GUARD, runtime);
}

#[test]
fn a_keyword_among_the_options_is_one_mistake() {
    for keyword in [
        "pub", "type", "self", "crate", "Self", "match", "_", "async",
    ] {
        let options = format!("{keyword} = 5, guard = 5s");
        let expansion = expand(tokens(&options), tokens("async fn a() {}"));
        let text = expansion.to_string();
        assert!(syn::parse2::<syn::File>(expansion).is_ok(), "{text}");
        assert_eq!(text.matches("compile_error").count(), 1, "{text}");
    }
}

#[test]
fn options() {
    let only = "write `option = value`, as in `timeout = 5s`";
    wrong_options(
        "«paused» = true, «pace»(\"x\"), «a::b»",
        &[
            (
                "unknown option `paused`",
                "options: `chaos`, `clock`, `crate`, `flavor`, `foreign`, `guard`, `network`, `seeds`, `sweep`, `sweep_runs`, `task_panics`, `timeout`, `worker_threads`",
            ),
            (
                "unknown option `pace`",
                "options: `chaos`, `clock`, `crate`, `flavor`, `foreign`, `guard`, `network`, `seeds`, `sweep`, `sweep_runs`, `task_panics`, `timeout`, `worker_threads`",
            ),
            (
                "unknown option `a :: b`",
                "options: `chaos`, `clock`, `crate`, `flavor`, `foreign`, `guard`, `network`, `seeds`, `sweep`, `sweep_runs`, `task_panics`, `timeout`, `worker_threads`",
            ),
        ],
    );
    wrong_options(
        "«crat» = x",
        &[("unknown option `crat`", "did you mean `crate`?")],
    );
    wrong_options(
        "crate = «\"x\"»",
        &[("expected a path", "write it as in `crate = ::my_mocks`")],
    );
    wrong_options("«5»", &[("expected an option", only)]);
    wrong_options(
        "«start_paused» = true, clock = «\"rael\"», guard = «5», timeout = «\"5s\"», «timeout» = 5s, «clock» = \"real\"",
        &[
            (
                "unknown option `start_paused`",
                "remove it: the clock is paused unless you write `clock = \"real\"`",
            ),
            ("unknown value `rael`", "did you mean `real`?"),
            ("`5` has no unit", "add the unit, as in `5s`"),
            ("a time is not a string", "remove the quotes: `5s`"),
            (
                "`timeout` is given twice",
                "remove one of the two `timeout`",
            ),
            ("`clock` is given twice", "remove one of the two `clock`"),
        ],
    );
}

#[test]
fn whether_a_test_may_connect_to_other_machines() {
    wrong_options(
        "network = «\"dney\"»",
        &[("unknown value `dney`", "did you mean `deny`?")],
    );
    wrong_options(
        "network = «deny»",
        &[("expected a text", "write `\"deny\"`")],
    );
    for (options, field) in [
        ("network = \"deny\"", "Network :: Deny"),
        ("network = \"allow\", clock = \"real\"", "Network :: Allow"),
    ] {
        let expansion = expand(tokens(options), tokens("async fn a() {}"));
        assert!(expansion.to_string().contains(field), "{expansion}");
    }
}

#[test]
fn how_long_a_paused_clock_waits() {
    let or_a_word = "write a time, as in `foreign = 10s`, or `wait` or `ignore`";
    for (options, message, help) in [
        (
            "foreign = «wiat»",
            "unknown value `wiat`",
            "did you mean `wait`?",
        ),
        ("foreign = «never»", "unknown value `never`", or_a_word),
        (
            "foreign = «\"ignore\"»",
            "this word has no quotes",
            "write `foreign = ignore`",
        ),
        (
            "foreign = «0s»",
            "this time is zero",
            "write a longer time, as in `10s`, or `foreign = ignore`",
        ),
        (
            "foreign = «10»",
            "`10` has no unit",
            "add the unit, as in `10s`",
        ),
        (
            "foreign = «10» s",
            "`10` has no unit",
            "write `10s`, without the space",
        ),
        (
            "foreign = «\"10s\"»",
            "a time is not a string",
            "remove the quotes: `10s`",
        ),
        (
            "«foreign»",
            "`foreign` has no value",
            "write it as in `foreign = 10s`",
        ),
    ] {
        wrong_options(options, &[(message, help)]);
    }
    let clock = "only a paused clock waits for foreign I/O";
    let remove = "remove `foreign`: the real clock advances by itself";
    wrong_options("clock = \"real\", foreign = «wait»", &[(clock, remove)]);
    let several = "flavor = \"multi_thread\", clock = \"real\", foreign = «10s»";
    wrong_options(several, &[(clock, remove)]);
}

#[test]
fn options_that_contradict_each_other() {
    wrong_options(
        "flavor = «\"multi_thread\"»",
        &[(
            "a paused clock needs the current-thread runtime",
            "add `clock = \"real\"`, or remove `flavor`",
        )],
    );
    wrong_options(
        "worker_threads = «2»",
        &[(
            "the current-thread runtime has no worker threads",
            "add `flavor = \"multi_thread\"` and `clock = \"real\"`, or remove `worker_threads`",
        )],
    );
    wrong_options(
        "flavor = \"multi_thread\", clock = \"real\", worker_threads = «0»",
        &[(
            "`0` is not a number of threads",
            "write a whole number above zero, as in `worker_threads = 4`",
        )],
    );
}

#[test]
fn what_a_test_is_not() {
    wrong(
        "«fn» c() {}",
        &[("a `#[provider_test]` is async", "write `async fn c`")],
    );
    let already = (
        "this is already a test",
        "remove this attribute: `#[provider_test]` starts the runtime and registers the test",
    );
    wrong("«#[tokio::test]» async fn b() {}", &[already]);
    wrong("«#[test]» fn b() {}", &[already]);
    // What `#[tokio::test]` makes of a fn when it stands before.
    wrong("«#[::core::prelude::v1::test]» fn b() {}", &[already]);
    wrong(
        "«#[test_log::test]» async fn b() {}",
        &[(
            already.0,
            "write `#[test_log::test(mock_core::provider_test)]` in place of both",
        )],
    );
    // What `#[test_log::test]` makes of it there.
    wrong(
        "«#[::core::prelude::v1::test]» async fn b() {}",
        &[(
            already.0,
            "remove this attribute: `#[provider_test]` starts the runtime and registers the test; \
             for `test_log`, write `#[test_log::test(mock_core::provider_test)]` in place of both",
        )],
    );
    wrong(
        "async fn d«<T: Clone, const N: usize>»() {}",
        &[("a test has no generics", "remove them")],
    );
    wrong(
        "async fn e(«&self», x: X) {}",
        &[(
            "a test has no `self`",
            "remove it, and move the test out of the `impl`",
        )],
    );
    wrong(
        "«const» async «unsafe» «extern \"C\"» fn g() {}",
        &[
            ("a test is not `const`", "remove this"),
            ("a test is not `unsafe`", "remove this"),
            ("a test is not `extern \"C\"`", "remove this"),
        ],
    );
    wrong(
        "«fn» f«<T>»(«self: Box<Self>») {}",
        &[
            ("a `#[provider_test]` is async", "write `async fn f`"),
            ("a test has no generics", "remove them"),
            (
                "a test has no `self`",
                "remove it, and move the test out of the `impl`",
            ),
        ],
    );
}

/// A mistake in a test makes one error: the test is not called.
#[test]
fn a_test_that_cannot_be_called_is_only_checked() {
    let lifetime = wrong(
        "async fn a«<'a>»(x: &'a MockProvider) {}",
        &[("a test has no generics", "remove them")],
    );
    assert!(lifetime.contains("async fn a < 'a >"), "{lifetime}");
    let sort = wrong(
        "async fn a(#[mock(reply(\"x\"))] x: «impl T») {}",
        &[(
            "no mock can be made into `impl T`",
            "write a type of your own that implements it, as in `MockLlm`",
        )],
    );
    for expansion in [lifetime, sort] {
        assert!(!expansion.contains("drive"), "{expansion}");
    }
}

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
fn what_is_not_a_fn_is_left_as_it_is() {
    let source = "«struct» A;";
    let expansion = assert_mistakes(
        source,
        |item| expand(TokenStream::new(), item),
        &[(
            "expected `fn`",
            "`#[provider_test]` goes before an `async fn`",
        )],
    );
    assert!(
        expansion.to_string().starts_with("struct A ;"),
        "{expansion}"
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

const RIGHT: &[&str] = &[
    "async fn a() {}",
    "pub(crate) async fn a(w: Weather) { w.calls(); }",
    "#[ignore] #[should_panic(expected = \"x\")] #[cfg(all())] #[doc = \"x\"] async fn a(mut w: &Weather, m: &mut Weather, s: Arc<Weather>, _: a::Weather) -> anyhow::Result<()> { Ok(()) }",
    "async fn a(#[mock(Weather)] llm: MockLlm, #[mock(crate::mocks::Weather)] (x, y): &Pair, #[mock()] nothing: MockLlm)  {}",
    "async fn a(#[mock(reply(\"Hi.\"), on(user(\"{x}\")).reply(\"{x}\"))] llm: MockLlm, #[mock(openai(\"x\"), latency = 5ms, script = [fail(auth)], crate = crate::renamed)] other: Box<dyn Llm>) -> Result<(), String> { let x = { 5 }; Ok(()) }",
];

#[test]
fn what_is_right_is_a_test_without_mistakes() {
    for source in RIGHT {
        let expansion = expand(tokens("crate = crate::renamed"), tokens(source));
        assert_eq!(mistakes(source, &expansion), [], "{source}");
        let test: ItemFn = syn::parse2(expansion).expect(source);
        assert_eq!(test.sig.ident, "a");
        assert!(
            test.sig.inputs.is_empty() && test.sig.asyncness.is_none(),
            "{source}"
        );
        let registered = test.attrs.last().expect("an attribute");
        assert!(
            registered
                .path()
                .segments
                .last()
                .is_some_and(|last| last.ident == "test"),
            "{source}"
        );
    }
}

#[test]
fn attributes_and_the_body_are_left_as_they_are() {
    let expansion = expand(
        TokenStream::new(),
        tokens(
            "#[ignore = \"slow\"] #[should_panic] pub async fn a() { anything ! goes [ here ] }",
        ),
    );
    let text = expansion.to_string();
    assert!(text.starts_with("# [ignore = \"slow\"] # [should_panic] # [:: core :: prelude :: v1 :: test] pub fn a ()"), "{text}");
    assert!(
        text.contains("async fn a () { anything ! goes [here] }"),
        "{text}"
    );
    assert!(text.contains("should_panic : true"), "{text}");
}

#[test]
fn an_attribute_that_enters_a_span_is_on_the_fn_that_runs_on_the_tests_thread() {
    let text = |attribute: &str| {
        let source = format!("{attribute} async fn a(llm: Llm) {{}}");
        expand(TokenStream::new(), tokens(&source)).to_string()
    };
    for attribute in [
        "# [traced_test]",
        "# [tracing_test :: traced_test]",
        "# [tracing :: instrument (skip_all)]",
        "# [cfg_attr (not (miri) , traced_test)]",
        "# [cfg_attr (a , cfg_attr (b , instrument , traced_test))]",
    ] {
        let text = text(attribute);
        assert!(text.starts_with("# [:: core"), "{text}");
        let inner = format!("fn a () {{ {attribute} # [allow (clippy :: unused_async)] async fn a");
        assert!(text.contains(&inner), "{text}");
    }
    for attribute in [
        "# [serial]",
        "# [ignore]",
        "# [cfg_attr (a)]",
        "# [cfg_attr (a , ignore , traced_test)]",
    ] {
        let text = text(attribute);
        assert!(text.starts_with(attribute), "{text}");
        assert_eq!(text.matches(attribute).count(), 1, "{text}");
    }
}

#[test]
fn a_test_is_to_panic_where_its_attribute_is_configured() {
    let expansion = expand(
        TokenStream::new(),
        tokens(
            "#[cfg_attr(unix, ignore, should_panic(expected = \"x\"))] #[cfg_attr(a = \"b\", cfg_attr(not(c), should_panic))] #[cfg_attr(d, doc = \"should_panic\")] async fn a() {}",
        ),
    );
    let text = expansion.to_string();
    let conditions = "any (all (unix , any (all () ,)) , all (a = \"b\" , any (all (not (c) , any (all () ,)) ,)) ,)";
    assert!(
        text.contains(&format!("should_panic : :: core :: cfg ! ({conditions})")),
        "{text}"
    );
}

#[test]
fn whatever_is_written_the_expansion_parses() {
    let mut fns = 0;
    for (seed, source) in RIGHT.iter().enumerate() {
        for mutant in Mutants::new(source, seed as u64).take(tries(600)) {
            let text = mutant.to_string();
            // The compiler lets only items through to an attribute.
            let is_item = syn::parse2::<syn::Item>(mutant.clone()).is_ok();
            fns += usize::from(is_item);
            let expansion = expand(TokenStream::new(), mutant);
            let parsed = syn::parse2::<syn::File>(expansion);
            assert!(parsed.is_ok() || !is_item, "{text}");
        }
    }
    assert!(fns > tries(300), "only {fns}");
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
fn what_is_no_type_of_a_mock_has_one_for_its_help() {
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

#[test]
fn a_time_in_two_words_is_one_mistake() {
    for option in ["timeout", "guard"] {
        wrong_options(
            &format!("{option} = «5» s, clock = \"real\""),
            &[("`5` has no unit", "write `5s`, without the space")],
        );
    }
}

/// It reads the item before an attribute does.
#[test]
fn what_the_compiler_says_of_a_test_that_is_half_written_is_not_told_again() {
    for source in [
        "async fn t(#[mock(reply(\"x\"))] v) {}",
        "async fn t(#[mock(reply(\"x\"))] v: ) {}",
        "async fn t(w: W, v, x: X) {}",
        "#[ignore] pub(crate) async fn t(#[mock(reply(\"x\"))]) {}",
        "async fn t {}",
    ] {
        let expansion = assert_mistakes(source, |item| expand(TokenStream::new(), item), &[]);
        assert_eq!(expansion.to_string(), tokens(source).to_string());
    }
    assert_mistakes(
        "pub async fn t(«+») {}",
        |item| expand(TokenStream::new(), item),
        &[(
            "this does not belong to a test",
            "write a test as in `async fn answers(llm: MockLlm) { .. }`",
        )],
    );
}

#[test]
fn a_method_becomes_a_fn_with_its_error_and_nothing_beside_it() {
    let tokens = "async fn a(&self, #[mock(reply(\"x\"))] x: MockLlm) { self.b() }";
    let expansion = expand(TokenStream::new(), tokens.parse().expect("tokens"));
    let method: syn::ImplItemFn = syn::parse2(expansion).expect("one fn");
    assert!(method.sig.receiver().is_none());
    assert!(
        method
            .attrs
            .iter()
            .all(|attribute| !attribute.path().is_ident("test"))
    );
}

#[test]
fn options_that_rust_does_not_read() {
    for (options, message, help) in [
        (
            "timeout = «.5s»",
            "a number begins with a digit",
            "write `0.5s`",
        ),
        (
            "foreign = «.5s», guard = 5s",
            "a number begins with a digit",
            "write `0.5s`",
        ),
        (
            "guard = «1.5.2s»",
            "`1.5.2s` has two points",
            "write one, as in `1.5s`",
        ),
        ("timeout = «1h 30m»", "expected one time", "write `90m`"),
        (
            "timeout = «@»",
            "expected an expression",
            "write it as in `timeout = 5s`",
        ),
        (
            "timeout = 5s«;» guard = 5s",
            "expected `,`",
            "write a comma between options",
        ),
        (
            "timeout = 5s «guard» = 5s",
            "expected `,`",
            "write a comma between options",
        ),
        ("clock = «real»", "expected a text", "write `\"real\"`"),
        ("network = «deny»", "expected a text", "write `\"deny\"`"),
        (
            "network = «never»",
            "expected a text",
            "write `\"allow\"` or `\"deny\"`",
        ),
    ] {
        wrong_options(options, &[(message, help)]);
    }
}

#[cfg(feature = "sweep")]
#[test]
fn numbers_of_sweeps_and_seeds_that_rust_does_not_read() {
    for (options, message, help) in [
        (
            "seeds = 0«..=»",
            "the range has no end",
            "write the end, as in `0..=2`",
        ),
        ("seeds = 0«...»5", "a range has no third `.`", "write `..=`"),
        (
            "seeds = 0..5, chaos = [cut(«10%»)]",
            "`10%` is not a number",
            "write `0.1`",
        ),
        (
            "seeds = 0..5, chaos = [cut(«.1»)]",
            "a number begins with a digit",
            "write `0.1`",
        ),
    ] {
        wrong_options(options, &[(message, help)]);
    }
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
