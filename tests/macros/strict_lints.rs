//! Expansions under strict lints: all are denied, and what an expansion might allow is forbidden.

#![deny(
    missing_docs,
    unreachable_pub,
    unused,
    unused_qualifications,
    rust_2018_idioms,
    single_use_lifetimes,
    let_underscore_drop,
    elided_lifetimes_in_paths,
    trivial_casts,
    clippy::all,
    clippy::pedantic,
    forbidden_lint_groups
)]
#![forbid(
    dead_code,
    non_camel_case_types,
    non_snake_case,
    nonstandard_style,
    unexpected_cfgs,
    unused,
    unused_imports,
    unused_variables,
    clippy::large_stack_arrays,
    clippy::needless_update,
    clippy::redundant_closure,
    clippy::unused_async
)]

use mock_core::{mock_provider, provider_test};

mock_provider!(
    Strict = openai("gpt-4o"),
    latency = 1ms..2ms,
    tools = [t {
        a: optional(list(string))
    }],
    script = [
        on(when(|request| request.model == "x"))
            .reply("a {user}")
            .times(0..=1),
        on(
            when(|request| asks(request)),
            when(|request| request.user_text().is_some())
        )
        .respond_with(|request| answers(request))
        .times(0..=1),
        call(t { a: ["{user}"] }).times(0..=1),
        fail(rate_limit {
            retry_after: 1s,
            message: "a",
            status: 429,
            code: "b",
            headers: [("c", "d")],
            body: "e"
        })
        .times(0..=1),
    ],
);

mock_provider!(
    #[derive(Clone, Debug)]
    NotUsed,
    reply("a")
);

fn asks(request: &mock_core::Request) -> bool {
    !request.messages.is_empty()
}

fn answers(request: &mock_core::Request) -> mock_core::Response {
    mock_core::Response::new("a", &request.model)
}

const WAIT: core::time::Duration = core::time::Duration::from_millis(5);

/// What others see is documented without a word of the user's.
pub mod public {
    use mock_core::mock_provider;

    mock_provider!(
        Everything,
        vis = pub,
        name = "every",
        latency = growing(1ms, 0.5).timeout_over(1s),
        capabilities = [streaming, tools],
        usage = usage(1, 2),
        allow = [unused_turns, unoffered_tools],
        seed = 7,
        metadata = object { a: [null, 1.5] },
        tools = [
            typed(super::super::Typed).named("typed-tool"),
            t {
                a: string.named("a-a"),
                b: optional(object { c: json }),
                d: list(one_of("x"))
            }
            .returns(object { b: number }),
        ],
        script = [
            on(not(any_of(any_user_message("a"), system("b"), all_of(model("c"), has_tool(t)))))
                .reply("a b")
                .split(random(1..=2))
                .tokens_per_second(50)
                .finish(other("x"))
                .usage(1, 2)
                .named(first),
            call(typed {
                text: "a {user}",
                list: ["b", "{model}"],
                option: "c"
            })
            .pieces(2)
            .ttft(super::WAIT),
            call(t {
                a: super::super::TEXT,
                d: ["x"]
            })
            .cut_after(0),
            json(object { a: ["{user}"] }).split(chars(1)),
            respond_with(|request| {
                mock_core::Response::from(mock_core::Message::assistant(&*request.model))
            }),
            reasoning("a").signature("b").refusal("c").end_after(all),
            stream(["a", "b"]).every(5ms).stall_after(1),
            gate("g").hang().malformed_after(1s),
            driven("d"),
            call(t.raw("{")).error_after(1, quota { message: "{user}" }),
            fail(overloaded {
                retry_after: 1s,
                status: 500
            })
            .times(1..=2),
            on(user("{x}"), tool_result(t))
                .reply("{x} {t.b}")
                .times(0..),
        ],
        rules = match request {
            user("a {x}") | any_user_message("b") if request.messages.is_empty() => reply("{user}"),
            _ => stream(["a"]),
        },
    );

    mock_provider!(pub Otherwise = plain, script = [reply("a")], otherwise = cycle);
}

#[provider_test]
async fn strict(
    strict: Strict,
    everything: std::sync::Arc<public::Everything>,
    #[mock(public::Otherwise)] mut otherwise: mock_core::MockProvider,
    #[mock(reply("a").times(0..=1))] provider: &mock_core::MockProvider,
    #[mock(latency = WAIT * 2, script = [reply("a").times(0..=1)])] computed: super::MockLlm,
) -> Result<(), mock_core::ProviderError> {
    let text = String::from("a");
    let (id, number) = (text.clone(), 2);
    let anonymous = mock_provider!(
        metadata = object { a: id.clone() },
        tools = [typed(super::Typed)],
        script = [
            reply(id).times(0..=1),
            call(typed {
                text: text.clone(),
                list: [],
                option: "c"
            })
            .times(0..=number),
            on(when(|request| asks(request)))
                .respond_with(|request| answers(request))
                .times(0..=1),
            on(when(move |request| request.messages.len() == 5))
                .json(number)
                .times(0..=1),
        ],
        rules = match request {
            _ if request.messages.is_empty() =>
                respond_with(|_| mock_core::Response::new("a", "b")),
        },
    );
    super::ask(&otherwise, "a").await?;
    otherwise = anonymous;
    let calls = otherwise.calls().len() + strict.calls().len() + everything.calls().len();
    assert_eq!(calls + provider.calls().len() + computed.0.calls().len(), 0);
    Ok(())
}

#[provider_test]
#[case::short("a")]
#[case::Long("a b")]
async fn cases(
    #[case] text: &str,
    #[mock(script = [reply(text).times(0..=1)], rules = match request { _ if true => reply("b") })]
    mock: mock_core::MockProvider,
    #[mocks(Strict, public::Everything)] other: mock_core::MockProvider,
    #[values("Paris", "Rome")] city: &str,
) {
    let text = (
        text.len(),
        city.len(),
        mock.calls().len(),
        other.calls().len(),
    );
    assert!(text > (0, 0, 0, 0));
}

#[provider_test]
#[case::hidden("a")]
async fn values_that_the_body_hides(
    #[case] text: &str,
    #[mock(reply(text).times(0..))] mock: mock_core::MockProvider,
) {
    let text = mock.calls().len();
    assert_eq!(text, 0);
}

#[provider_test(clock = "real", flavor = "multi_thread", worker_threads = 2, timeout = 5s, guard = 0s)]
async fn options() {}

macro_rules! sixty {
    ($text:ident: $($turn:tt)*) => {
        mock_provider!(
            allow = [unused_turns],
            script = [$(reply($text).named($turn)),*],
        )
    };
}

#[provider_test]
async fn a_script_of_many_values() {
    let text = "a";
    drop(sixty!(text:
        a b c d e f g h i j k l m n o p q r s t
        aa bb cc dd ee ff gg hh ii jj kk ll mm nn oo pp qq rr ss tt
        aaa bbb ccc ddd eee fff ggg hhh iii jjj kkk lll mmm nnn ooo ppp qqq rrr sss ttt
    ));
}
