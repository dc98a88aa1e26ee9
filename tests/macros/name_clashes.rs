//! Expansions in scopes where the usual names mean something else.

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
struct usize;
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
        on(not(any_of(
            any_user_message("a"),
            system("b"),
            all_of(model("c"), has_tool(t))
        )))
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
        call(t.raw("{").id("x")),
    ],
    rules = match request {
        user("a {x}") | any_user_message("b") if request.messages.is_empty() => reply("{user}"),
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
            .with_tool(::core::clone::Clone::clone(&typed))
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

#[provider_test]
#[case::short("x")]
#[case::long("x y")]
async fn cases_and_closures(
    #[case] text: &::core::primitive::str,
    #[values(1, 2)] number: ::core::primitive::u32,
    #[mocks(Lanes, Late)] mock: ::mock_core::MockProvider,
) {
    ::std::assert!(super::ask(&mock, text).await.is_ok());
    let answer = ::std::format!("{number}");
    let anonymous = mock_provider!(
        script = [respond_with(async move |request: ::mock_core::Request| {
            ::mock_core::Response::new(request.model, &*answer)
        })],
        rules = match request {
            _ if request.messages.len() > 1 => embed(),
        },
    );
    ::std::assert!(super::ask(&anonymous, text).await.is_ok());
}

mock_provider!(
    Lanes,
    per = conversation,
    lanes = match request {
        system("a") | has_tool(t) => [embed([0.5]), fail(timeout)],
        _ => [reply("b").keepalive(1s).flush(each), raw("{}").status(201)],
    },
    expect = [calls(1..), sent(user("x")), within(1s), tokens(..=99)],
    allow = [unused_turns],
);

mock_provider!(
    Late,
    chaos = [],
    script = [respond_with(async |request| {
        ::mock_core::Response::new(request.model, "a")
    })],
);

#[provider_test]
async fn values_of_every_kind() {
    let (text, number) = ("hi", 1_u32);
    let time = ::core::time::Duration::from_millis(5);
    let mock = mock_provider!(
        openai(text),
        name = text,
        latency = (time..time * 2).timeout_over(time * 3),
        usage = ::mock_core::Usage::new(1, 2),
        seed = 7 + 1,
        script = [
            reply(text).times(number).cut_after(number),
            reply(text).times(number..=number).stall_after(time),
            reply(text).times(1..=number).ttft(time).every(time),
            reply(text)
                .times(number..)
                .split(chars(2 + 1))
                .finish(other(text)),
            stream([text]).error_after(number, overloaded { message: text }),
            json([text]).usage(::mock_core::Usage::new(1, 2)),
            call(t { a: text }).call(u.raw(text)).pieces(1 + 1),
            gate(text).driven(text),
            fail(rate_limit {
                message: text,
                retry_after: time,
                status: 428 + 1,
                headers: [(text, text)],
                body: text
            }),
        ],
        allow = [unused_turns],
    );
    let lost = super::ask(&mock, "x").await.err();
    ::std::assert_eq!(
        lost.map(|error| error.kind),
        ::core::option::Option::Some(::mock_core::ErrorKind::Connection)
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
