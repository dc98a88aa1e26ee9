//! Values that are constants, expressions, closures, or come out of `macro_rules!`.

use crate::helpers::*;

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
            code: MODEL,
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
                .code(MODEL)
                .header(MODEL, GREETING)
                .body(GREETING),
        )
        .times(2..=3),
        fail(rate_limit().retry_after(SLOW)).times(2..),
    ]);
    let expected = expected.named("Constants").profile(Profile::Openai);
    let expected = expected.model(MODEL).latency(SLOW);
    assert_eq!(Played::by(Constants::new().handle()), expected);
}

#[test]
fn constants_of_a_declared_mock_are_checked_where_it_is_made() {
    const NEVER: u32 = 0;
    const NONE: f64 = 0.0;
    mock_provider!(Never, reply("x").times(NEVER));
    mock_provider!(Slow, reply("x y").tokens_per_second(NONE));
    mock_provider!(Backwards, latency = SLOW..SLOW, reply("x"));
    mock_provider!(Spoken, tools = [t { a: string }], call(t { a: NEVER }));
    mock_provider!(
        Unknown,
        tools = [t {
            a: one_of("x", "y"),
            b: string
        }],
        call(t {
            a: MODEL,
            b: "{user}"
        })
    );
    mock_provider!(
        Within,
        tools = [t {
            a: object { b: list(integer) }
        }],
        call(t {
            a: object { b: [1, MODEL] }
        })
    );
    mock_provider!(
        Missing,
        tools = [t { a: string }],
        call(t { a: None::<u8> })
    );
    let problem_of = |make: fn() -> MockProvider| {
        let panic = std::panic::catch_unwind(make).expect_err("it cannot be played");
        panic.downcast_ref::<String>().expect("a text").clone()
    };
    for (problem, expected) in [
        (problem_of(|| (*Never::new()).clone()), "it never answers"),
        (problem_of(|| (*Slow::new()).clone()), "0 tokens a second"),
        (
            problem_of(|| (*Backwards::new()).clone()),
            "latency from 1s to 1s is empty",
        ),
        (
            problem_of(|| (*Spoken::new()).clone()),
            "its call of `t` does not fit that tool: `a` is not a string",
        ),
        (
            problem_of(|| (*Unknown::new()).clone()),
            "`a` is not one of \"x\", \"y\"",
        ),
        (
            problem_of(|| (*Within::new()).clone()),
            "`a.b.1` is not an integer",
        ),
        (
            problem_of(|| (*Missing::new()).clone()),
            "`a` is not a string",
        ),
    ] {
        assert!(problem.contains(expected), "{problem}");
    }
}

#[tokio::test]
async fn a_literal_that_json_does_not_have_is_what_serde_makes_of_it() -> Result<(), ProviderError>
{
    for (mock, expected) in [
        (mock_provider!(json('x')), "\"x\""),
        (mock_provider!(json(object { a: 'x' })), "{\"a\":\"x\"}"),
        (mock_provider!(json(['x', 'y'])), "[\"x\",\"y\"]"),
        (mock_provider!(json([b'x', b"xy"])), "[120,[120,121]]"),
    ] {
        assert_eq!(ask(&mock, "hi").await?, expected);
    }
    let mock = mock_provider!(reply("x"), metadata = object { a: 'x' });
    let response = mock.answer(Request::new("x")).await?;
    assert_eq!(response.metadata["a"], "x");
    let mock = mock_provider!(call(t { a: 'x' }));
    let response = mock.answer(Request::new("x")).await?;
    let call = response.tool_calls().next().expect("a call");
    assert_eq!(call.arguments, "{\"a\":\"x\"}");
    Ok(())
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
    let rejected = mock_provider!(fail(auth {
        headers: [("x-city", city.clone())],
        body: page
    }),);
    let error = rejected.answer(Request::new("x")).await;
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
    assert_eq!(Played::by(echo!("{x}", "{x}", 1..=2, 5ms)), expected);
}

mock_provider!(
    Unwritten,
    script = [
        respond_with(|_| panic!("never")),
        respond_with(|request| {
            let _ = request;
            unreachable!();
        }),
        respond_with(|_| { std::panic!("never") }),
        respond_with(|_| Ok(Response::new("a", "b"))),
    ],
);

struct Offline;

impl From<Offline> for ProviderError {
    fn from(_: Offline) -> Self {
        ProviderError::new(ErrorKind::Connection)
    }
}

/// What they answer has a type: here none is said.
#[test]
fn a_closure_may_be_unwritten_or_never_fail() {
    assert_eq!(Played::by(Unwritten::new().handle()).turns.len(), 4);
    let text = String::from("not yet");
    let mock = mock_provider!(
        respond_with(move |_| todo!("{text}")),
        respond_with(|request| match request.messages.is_empty() {
            true => Err(Offline)?,
            false => Ok(Response::new("a", "b")),
        }),
    );
    assert_eq!(Played::by(mock).turns.len(), 2);
}
