//! The macros as a user writes them: all forms, in all places, next to names that are in the way.

use std::sync::Arc;
use std::time::Duration;

use mock_core as renamed;
use mock_core::builder::*;
use mock_core::scenario::{Latency, Matcher, Predicate, Profile, Scenario, Schema, When};
use mock_core::{MockProvider, ProviderError, Request, mock_provider, provider_test};

/// What a mock plays. Outside of a `#[provider_test]` its last handle would verify it.
fn scenario_of(mock: MockProvider) -> Scenario {
    let scenario = mock.scenario().clone();
    std::mem::forget(mock);
    scenario
}

async fn ask(mock: &MockProvider, text: &str) -> Result<String, ProviderError> {
    let response = mock.answer(Request::new("gpt-4o").user(text)).await?;
    Ok(response.text().into_owned())
}

/// The user's own newtype.
struct MockLlm(MockProvider);

impl From<MockProvider> for MockLlm {
    fn from(mock: MockProvider) -> Self {
        MockLlm(mock)
    }
}

mock_provider!(
    Hello = openai("gpt-4o"),
    script = [on(user("I am {name}")).reply("Hello, {name}!")],
);

mod forms {
    use super::*;

    mock_provider!(
        Weather = openai("gpt-4o"),
        latency = 80ms..120ms,
        tools = [
            get_weather {
                city: string,
                unit: optional(one_of("celsius", "fahrenheit")),
                r#type: string,
            },
            get_days {
                days: list(integer)
            },
            put {
                at: object {
                    lat: number,
                    any: json
                },
                sure: boolean
            },
            none,
        ],
        script = [
            on(user("weather in {city}"))
                .call(get_weather {
                    city: "{city}",
                    r#type: "\"{{now}}\""
                })
                .call(get_days { days: [1, -2] })
                .call(none),
            fail(rate_limit {
                retry_after: 2s,
                message: "slow down, {user}",
                status: 430,
            })
            .times(2),
            on(
                tool_result(get_weather),
                when(|request| request.model == "gpt-4o"),
            )
            .stream(["It is ", "{get_weather.temp}", " {{°C}}"])
            .ttft(300ms)
            .every(20ms)
            .times(0..=1),
            reply(verbatim("{}")).forever(),
        ],
    );

    fn built() -> Scenario {
        let model = Matcher::When(When {
            test: Predicate::Fn(|_| true),
            source: "|request| request.model == \"gpt-4o\"".into(),
        });
        script([
            on(user("weather in {city}"))
                .call("get_weather", [("city", "{city}"), ("type", "\"{{now}}\"")])
                .call("get_days", [("days", vec![1, -2])])
                .call("none", ()),
            fail(
                rate_limit()
                    .retry_after(secs(2))
                    .message("slow down, {user}")
                    .status(430),
            )
            .times(2),
            on([tool_result("get_weather"), model])
                .stream(["It is ", "{get_weather.temp}", " {{°C}}"])
                .ttft(ms(300))
                .every(ms(20))
                .times(0..=1),
            reply(verbatim("{}")).forever(),
        ])
        .named("Weather")
        .profile(Profile::Openai)
        .model("gpt-4o")
        .latency(ms(80)..ms(120))
        .tools([
            tool("get_weather")
                .arg("city", string())
                .arg("unit", optional(one_of(["celsius", "fahrenheit"])))
                .arg("type", string()),
            tool("get_days").arg("days", list(integer())),
            tool("put")
                .arg(
                    "at",
                    Schema::Object(
                        vec![
                            mock_core::scenario::Field {
                                name: "lat".into(),
                                schema: number(),
                            },
                            mock_core::scenario::Field {
                                name: "any".into(),
                                schema: Schema::Json,
                            },
                        ]
                        .into(),
                    ),
                )
                .arg("sure", boolean()),
            tool("none"),
        ])
    }

    #[test]
    fn a_declared_mock_is_what_the_builder_makes() {
        assert_eq!(scenario_of(Weather::new().handle()), built());
    }

    #[test]
    fn an_anonymous_mock_is_what_the_builder_makes() {
        let wait = Duration::from_millis(5);
        let expected = || {
            script([
                on(user("hi")).reply("ho"),
                fail(timeout()),
                call("t", [("a", "{user}")]),
            ])
            .profile(Profile::Anthropic)
            .model("claude")
            .latency(ms(5))
        };
        // All is known when compiling, or not.
        let known = mock_provider!(
            anthropic("claude"),
            latency = 5ms,
            script = [
                on(user("hi")).reply("ho"),
                fail(timeout),
                call(t { a: "{user}" }),
            ],
        );
        let computed = mock_provider!(
            anthropic("claude"),
            latency = wait,
            script = [
                on(user("hi")).reply("ho"),
                fail(timeout),
                call(t { a: "{user}" }),
            ],
        );
        assert_eq!(scenario_of(known), expected());
        assert_eq!(scenario_of(computed), expected());
    }

    #[test]
    fn a_list_of_turns_is_a_script() {
        let mock = mock_provider!(on(user("{x}")).reply("{x}"), fail(auth), reply("c"));
        let turns = script([on(user("{x}")).reply("{x}"), fail(auth()), reply("c")]);
        assert_eq!(scenario_of(mock), turns);
        assert_eq!(scenario_of(mock_provider!()), script([]));
    }

    #[test]
    fn every_delimiter_will_do() {
        let braces = mock_provider! { reply("a") };
        let brackets = mock_provider![reply("a")];
        assert_eq!(scenario_of(braces), scenario_of(brackets));
    }
}

mod values {
    use super::*;

    const MODEL: &str = "gpt-4o";
    const SLOW: Duration = Duration::from_secs(1);
    const GREETING: &str = "{not a template}";
    const TWICE: u32 = 2;
    const STATUS: u16 = 503;

    mock_provider!(
        Constants = openai(MODEL),
        latency = SLOW,
        script = [
            reply(GREETING).times(TWICE).every(SLOW),
            fail(generic {
                message: GREETING,
                status: STATUS,
                headers: [(MODEL, GREETING)],
                body: GREETING
            })
            .times(TWICE..=3),
            fail(rate_limit { retry_after: SLOW }).times(TWICE..),
        ],
    );

    #[test]
    fn a_declared_mock_takes_constants() {
        let expected = script([
            reply(verbatim(GREETING)).times(2).every(SLOW),
            fail(
                generic()
                    .message(verbatim(GREETING))
                    .status(503)
                    .header(MODEL, GREETING)
                    .body(GREETING),
            )
            .times(2..=3),
            fail(rate_limit().retry_after(SLOW)).times(2..),
        ]);
        let expected = expected.named("Constants").profile(Profile::Openai);
        let expected = expected.model(MODEL).latency(SLOW);
        assert_eq!(scenario_of(Constants::new().handle()), expected);
    }

    #[provider_test]
    async fn an_anonymous_mock_takes_any_expression() -> Result<(), ProviderError> {
        let (wanted, city, times) = (String::from("gpt"), String::from("Par\"is"), 2);
        let prefix = wanted.clone();
        let mock = mock_provider!(
            latency = SLOW / 2,
            script = [on(when(move |request| request.model.starts_with(&prefix))).reply(wanted),],
        );
        assert_eq!(ask(&mock, "x").await?, "gpt");
        assert_eq!(mock.scenario().latency, Latency::from(SLOW / 2));

        let page = format!("<h1>{city}</h1>");
        let refused = mock_provider!(fail(auth {
            headers: [("x-city", city.clone())],
            body: page
        }),);
        let error = refused.answer(Request::new("x")).await;
        let raw = error.expect_err("it fails").raw.expect("it is kept");
        assert_eq!(raw.headers, [("x-city".into(), city.clone().into())]);
        assert_eq!(raw.body.as_deref(), Some("<h1>Par\"is</h1>"));

        let arguments = mock_provider!(
            call(get {
                city: city.as_str(),
                near: [city.len(), 2 + 3],
                city_too: Some(city)
            })
            .times(times),
        );
        for _ in 0..times {
            let response = arguments.answer(Request::new("x")).await?;
            let call = response.tool_calls().next().expect("a call");
            assert_eq!(
                call.arguments,
                r#"{"city":"Par\"is","near":[6,5],"city_too":"Par\"is"}"#
            );
        }
        Ok(())
    }

    /// Literals come out of a `macro_rules!` in invisible groups; templates they are all the same.
    #[test]
    fn a_macro_may_write_the_scenario() {
        macro_rules! echo {
            ($pattern:literal, $text:expr, $times:expr, $wait:literal) => {
                mock_provider!(on(user($pattern)).reply($text).times($times).every($wait))
            };
        }
        let expected = script([on(user("{x}")).reply("{x}").times(1..=2).every(ms(5))]);
        assert_eq!(scenario_of(echo!("{x}", "{x}", 1..=2, 5ms)), expected);
    }
}

mod crate_paths {
    use super::*;

    mock_provider!(Local, crate = renamed, reply("a"));
    mock_provider!(FromRoot, crate = crate::renamed, reply("b"));
    mock_provider!(Global, crate = ::mock_core, reply("c"));

    #[provider_test(crate = crate::renamed)]
    async fn declared(local: Local, root: FromRoot, global: &Global) -> Result<(), ProviderError> {
        let anonymous = mock_provider!(crate = renamed, reply("d"));
        for (mock, text) in [
            (&*local, "a"),
            (&*root, "b"),
            (global, "c"),
            (&anonymous, "d"),
        ] {
            assert_eq!(ask(mock, "x").await?, text);
        }
        Ok(())
    }

    #[provider_test(crate = ::mock_core)]
    async fn injected(
        #[mock(reply("a"))] a: MockLlm,
        #[mock(crate = crate::renamed, reply("b"))] b: MockLlm,
    ) -> Result<(), ProviderError> {
        assert_eq!(ask(&a.0, "x").await?, "a");
        assert_eq!(ask(&b.0, "x").await?, "b");
        Ok(())
    }
}

mod declarations {
    use super::*;

    mock_provider!(
        #[doc = "Derives what is derived anyway."]
        #[derive(Clone, Debug, Default)]
        Derived,
        reply("a")
    );

    mock_provider! {
        /// In braces, with a doc comment and a visibility.
        pub(super) Braces = plain,
        reply("a"),
    }

    mod inner {
        mock_core::mock_provider!(Public, vis = pub, reply("a"));
        mock_core::mock_provider!(Hidden, vis = pub(self), reply("a"));

        pub(super) fn hidden() -> mock_core::MockProvider {
            Hidden::new().handle()
        }
    }

    #[test]
    fn a_mock_can_be_cloned_shown_and_defaulted() {
        let mock = Derived::default();
        assert!(format!("{:?}", mock.clone()).starts_with("Derived(MockProvider"));
        std::mem::forget(mock);
        let mocks = [
            Braces::new().handle(),
            inner::Public::new().handle(),
            inner::hidden(),
        ];
        assert_eq!(mocks.map(|mock| scenario_of(mock).turns.len()), [1, 1, 1]);
    }

    fn in_a_generic_fn<T: ToString>(value: &T) -> MockProvider {
        mock_provider!(Inside, reply("inside").times(0..=1));
        std::mem::forget(Inside::new());
        mock_provider!(reply(value.to_string()))
    }

    struct Fixture<T>(T);

    impl<T: Clone + Into<String>> Fixture<T> {
        fn mock(&self) -> MockProvider {
            mock_provider!(reply(self.0.clone().into()))
        }
    }

    trait Mocked {
        const MOCK: fn() -> MockProvider = || mock_provider!(reply("in a trait"));
    }

    impl Mocked for () {}

    #[provider_test]
    async fn a_mock_can_be_made_anywhere() -> Result<(), ProviderError> {
        assert_eq!(ask(&in_a_generic_fn(&5), "x").await?, "5");
        assert_eq!(ask(&Fixture("a").mock(), "x").await?, "a");
        assert_eq!(ask(&(<()>::MOCK)(), "x").await?, "in a trait");
        Ok(())
    }
}

mod arguments {
    use super::*;

    #[provider_test]
    #[allow(clippy::too_many_arguments, reason = "one of each kind")]
    async fn every_form(
        owned: Hello,
        borrowed: &Hello,
        mutable: &mut Hello,
        shared: Arc<Hello>,
        #[mock(Hello)] declared: MockLlm,
        #[mock(crate::Hello)] provider: &MockProvider,
        #[mock(reply("turns"))] turns: MockLlm,
        #[mock(anthropic("claude"), script = [reply("script")])] scripted: Arc<MockProvider>,
        #[mock(reply("x"))] MockLlm(mut taken): MockLlm,
        #[mock()] _: MockLlm,
    ) -> Result<(), ProviderError> {
        let hellos = [&*owned, borrowed, mutable, &**shared, &declared.0, provider];
        for mock in hellos {
            assert_eq!(ask(mock, "I am Ada.").await?, "Hello, Ada!");
        }
        assert_eq!(ask(&turns.0, "x").await?, "turns");
        assert_eq!(ask(&scripted, "x").await?, "script");
        ask(&taken, "x").await?;
        taken = declared.0;
        assert_eq!(taken.calls().len(), 1);
        Ok(())
    }

    #[provider_test]
    async fn r#type(r#type: Hello) {
        let _ = ask(&r#type, "I am r#type").await;
    }

    #[provider_test]
    #[ignore = "it would fail"]
    async fn ignored() {
        panic!("not ignored");
    }

    #[provider_test]
    #[should_panic(expected = "as it should")]
    async fn panics(_unused: Hello) {
        panic!("as it should");
    }

    #[provider_test]
    #[cfg_attr(all(), should_panic(expected = "as it should"))]
    async fn panics_where_that_is_configured(_unused: Hello) {
        panic!("as it should");
    }

    #[provider_test]
    async fn some_are_left_out(
        #[cfg(any())] _no: NoSuchType,
        #[cfg(not(any()))] hello: &Hello,
        #[cfg(any())]
        #[mock(reply("x"))]
        _neither: MockLlm,
        #[mock(reply("turns"))]
        #[cfg(not(any()))]
        turns: MockLlm,
    ) -> Result<(), ProviderError> {
        assert_eq!(ask(hello, "I am Ada.").await?, "Hello, Ada!");
        assert_eq!(ask(&turns.0, "x").await?, "turns");
        Ok(())
    }

    #[cfg(any())]
    #[provider_test]
    async fn left_out() -> NoSuchType {}

    #[provider_test]
    #[cfg(any())]
    async fn left_out_too() -> NoSuchType {}

    #[allow(unused_variables, reason = "passed on")]
    #[provider_test]
    async fn attributes_reach_the_body() {
        let unused = 5;
    }
}

/// Lints are denied, and nothing is allowed in return.
pub mod strict {
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
        clippy::pedantic
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
            call(t { a: ["{user}"] }).times(0..=1),
            fail(rate_limit { retry_after: 1s }).times(0..=1),
        ],
    );

    mock_provider!(
        #[derive(Clone, Debug)]
        NotUsed,
        reply("a")
    );

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
                on(not(any_of(said("a"), system("b"), model("c"), has_tool(t))))
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
                user("a {x}") | said("b") if request.messages.is_empty() => reply("{user}"),
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

    #[provider_test(clock = "real", flavor = "multi_thread", worker_threads = 2, timeout = 5s, guard = 0s)]
    async fn options() {}
}

#[derive(serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Typed {
    text: String,
    list: Vec<String>,
    option: Option<&'static str>,
}

const TEXT: &str = "text";

/// What a mock answers: the arguments of its call, or its text.
async fn said(mock: &MockProvider, request: Request) -> String {
    let response = mock.answer(request).await.expect("an answer");
    let call = response.tool_calls().next();
    call.map_or_else(
        || response.text().into_owned(),
        |call| call.arguments.clone(),
    )
}

/// Nothing is in scope that is not written here, and what is has other meanings.
#[no_implicit_prelude]
#[allow(non_camel_case_types, non_snake_case, dead_code, reason = "in the way")]
mod hostile {
    use ::mock_core::{mock_provider, provider_test};

    struct Option;
    struct Result;
    struct String;
    struct Vec;
    struct Duration;
    struct Scenario;
    struct Test;
    struct Turn;
    struct u32;
    struct u64;
    struct str;
    struct bool;
    trait Clone {}
    trait Debug {}
    trait Default {}
    trait Deref {}
    trait Into {}
    fn Some() {}
    fn None() {}
    fn Ok() {}
    fn Owned() {}
    fn Borrowed() {}
    fn test() {}
    fn run() {}
    fn reply() {}
    static __MOCK: () = ();

    mod core {}
    mod std {}
    mod alloc {}
    mod mock_core {}

    #[allow(unused_macros, reason = "in the way")]
    macro_rules! concat {
        () => {};
    }
    #[allow(unused_macros, reason = "in the way")]
    macro_rules! stringify {
        () => {};
    }
    #[allow(unused_macros, reason = "in the way")]
    macro_rules! file {
        () => {};
    }
    #[allow(unused_macros, reason = "in the way")]
    macro_rules! vec {
        () => {};
    }

    mock_provider!(
        Hostile = openai("gpt-4o"),
        latency = 1ms..2ms,
        tools = [t {
            a: optional(list(string)),
            b: one_of("x"),
            c: object { d: json }
        }],
        script = [
            on(user("a {x}"), when(|request| request.messages.len() == 1)).reply("{x} {call}"),
            on(tool_result(t)).reply("{t.a}").times(0..),
            call(t {
                b: "x",
                c: object { d: null }
            })
            .times(0..=1),
            fail(rate_limit {
                retry_after: 1s,
                message: "{user}",
                status: 429
            })
            .times(0..=1),
        ],
    );

    #[provider_test]
    async fn hostile(
        mock: Hostile,
        #[mock(reply("b"), fail(auth).times(0..=1))] other: &::mock_core::MockProvider,
    ) {
        let text = <::std::string::String as ::core::convert::From<_>>::from("c");
        let anonymous = mock_provider!(
            latency = 1ms,
            tools = [t {
                a: optional(list(string))
            }],
            script = [
                reply(text),
                on(when(|_| true))
                    .call(t {
                        a: [5u8.to_string2()]
                    })
                    .times(0..=1),
            ],
        );
        ::std::assert_eq!(
            super::ask(&mock, "a cat").await.ok().as_deref(),
            ::core::option::Option::Some("cat 1")
        );
        ::std::assert_eq!(
            super::ask(other, "x").await.ok().as_deref(),
            ::core::option::Option::Some("b")
        );
        ::std::assert_eq!(
            super::ask(&anonymous, "x").await.ok().as_deref(),
            ::core::option::Option::Some("c")
        );
    }

    mock_provider!(
        Everything,
        name = "every",
        latency = growing(1ms, 0.5).timeout_over(1s),
        capabilities = [tools],
        usage = usage(1, 2),
        allow = [unused_turns, unoffered_tools],
        seed = 7,
        metadata = object { a: null },
        tools = [
            typed(super::Typed).named("typed-tool"),
            t {
                a: string.named("a-a")
            }
            .returns(object { b: number }),
        ],
        script = [
            on(not(any_of(said("a"), system("b"), model("c"), has_tool(t))))
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
            .pieces(2),
            call(t { a: super::TEXT }),
            json(object { a: ["{user}"] }).split(chars(1)),
            respond_with(|request| {
                <::mock_core::Response as ::core::convert::From<_>>::from(
                    ::mock_core::Message::assistant(&*request.model),
                )
            }),
            gate("g").hang(),
            driven("d"),
            call(t.raw("{")),
        ],
        rules = match request {
            user("a {x}") | said("b") if request.messages.is_empty() => reply("{user}"),
            _ => stream(["a"]),
        },
    );

    #[provider_test]
    async fn everything(mock: Everything) {
        let text = <::std::string::String as ::core::convert::From<_>>::from("c");
        let anonymous = mock_provider!(
            metadata = object { a: text },
            tools = [typed(super::Typed)],
            script = [call(typed {
                text: "a {call}",
                list: [],
                option: "c"
            })],
            rules = match request {
                _ if request.messages.is_empty() =>
                    respond_with(|_| { ::mock_core::Response::new("a", "b") }),
            },
            otherwise = json(super::TEXT),
            allow = [unoffered_tools, unused_turns],
        );
        let typed = ::mock_core::ToolDefinition::new("typed-tool");
        let request = || {
            ::mock_core::Request::new("gpt-4o")
                .user("x")
                .tool(::core::clone::Clone::clone(&typed))
        };
        ::std::assert_eq!(super::said(&mock, request()).await, "a b");
        ::std::assert_eq!(
            super::said(&mock, request()).await,
            r#"{"text":"a x","list":["b","gpt-4o"],"option":"c"}"#
        );
        ::std::assert_eq!(
            super::said(&anonymous, request()).await,
            r#"{"text":"a 1","list":[],"option":"c"}"#
        );
    }

    trait ToString2 {
        fn to_string2(self) -> ::std::string::String;
    }

    impl ToString2 for ::core::primitive::u8 {
        fn to_string2(self) -> ::std::string::String {
            ::std::format!("{self}")
        }
    }
}

mod more {
    use mock_core::builder::*;
    use mock_core::{MockProvider, mock_provider, provider_test};

    mock_provider!(
        #[cfg(any())]
        NotThere,
        script = [reply("x")],
    );

    mock_provider!(
        Verbatim,
        script = [call(run {
            code: verbatim("{ x }")
        })]
    );

    #[provider_test]
    async fn what_is_verbatim_in_arguments_is_taken_as_it_is(llm: Verbatim) {
        let request = mock_core::Request::new("gpt-4o");
        let response = llm.answer(request).await.expect("an answer");
        let call = response.tool_calls().next().expect("a call");
        assert_eq!(call.arguments, r#"{"code":"{ x }"}"#);
    }

    #[test]
    fn anonymous_mocks_are_equal_too() {
        let text = String::from("b {c}");
        let written = mock_provider!(
            plain,
            script = [call(run {
                code: verbatim(text)
            })]
        );
        let built = script([call("run", [("code", serde_json::json!("b {{c}}"))])]);
        let arguments =
            |scenario: &mock_core::scenario::Scenario| format!("{:?}", scenario.turns[0].actions);
        assert!(arguments(written.scenario()).contains("b {c}"));
        assert!(arguments(&built).contains("b {c}"));
        std::mem::forget::<MockProvider>(written);
    }

    #[test]
    fn a_closure_is_reported_as_it_is_written() {
        let mock = mock_provider!(
            on(when(|request| request.messages[0].parts.len() == (1 + 1))).reply("x")
        );
        let report = mock.verify().expect_err("it was never used").to_string();
        let source = "when(|request| request.messages[0].parts.len() == (1 + 1))";
        assert!(report.contains(source), "{report}");
    }
}
