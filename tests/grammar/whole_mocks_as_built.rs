//! The forms of the grammar that are written side by side: keys, turns, matchers.

use mock_core::scenario::Schema;
use tests::private::{Predicate, When};

use crate::helpers::*;

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
                        tests::private::Field {
                            name: "lat".into(),
                            schema: number(),
                        },
                        tests::private::Field {
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
    assert_eq!(Played::by(Weather::new().handle()), built());
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
    assert_eq!(Played::by(known), expected());
    assert_eq!(Played::by(computed), expected());
}

#[test]
fn a_list_of_turns_is_a_script() {
    let mock = mock_provider!(on(user("{x}")).reply("{x}"), fail(auth), reply("c"));
    let turns = script([on(user("{x}")).reply("{x}"), fail(auth()), reply("c")]);
    assert_eq!(Played::by(mock), turns);
    assert_eq!(Played::by(mock_provider!()), script([]));
}

#[test]
fn every_delimiter_will_do() {
    let braces = mock_provider! { reply("a") };
    let brackets = mock_provider![reply("a")];
    assert_eq!(Played::by(braces), Played::by(brackets));
}
