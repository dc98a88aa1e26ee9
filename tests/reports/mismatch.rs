//! A request that no turn answers.

use std::pin::pin;

use mock_core::builder::*;
use mock_core::{Request, ToolDefinition, mock_provider};
use tokio::time::sleep;

use crate::helpers::{after_tool, ask, fails, mock, say};

#[test]
fn too_many_calls() {
    fails("too_many_calls", |test| {
        let llm = mock(
            test,
            "llm",
            script([on(user("Greet {name}")).reply("Hi, {name}!").ttft(ms(300))]),
        );
        test.drive(pin!(async {
            for name in ["Ada", "Grace"] {
                say(&llm, ask(&format!("Greet {name}."))).await;
            }
        }));
    });
}

#[test]
fn nothing_scripted() {
    fails("nothing_scripted", |test| {
        let llm = mock(test, "llm", script([]));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
        }));
    });
}

#[test]
fn wrong_order() {
    fails("wrong_order", |test| {
        let turns = [
            on(user("summarize")).reply("In short: {user}"),
            on(user("translate to {language}")).reply("{language}, you say?"),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            say(&llm, ask("Please translate to Greek.")).await;
            say(&llm, ask("Now summarize.")).await;
        }));
    });
}

#[test]
fn used_too_often() {
    fails("used_too_often", |test| {
        let turns = [
            on(user("summarize")).reply("In short."),
            on(user("translate")).reply("Kurz gesagt."),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            say(&llm, ask("Please summarize.")).await;
            sleep(ms(1_500)).await;
            say(&llm, ask("Please summarize it better.")).await;
        }));
    });
}

#[test]
fn near_miss() {
    fails("near_miss", |test| {
        let turns = [
            on(user("hello")).reply("Hello."),
            on(user("the weather in {city} for {day:word}"))
                .call("get_weather", [("city", "{city}")]),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
            let prompt = "You are to answer what the user asks, and never more than that.\n\n\
                Question: What is the Weather in Paris  for tomorrow?";
            let request = ask(prompt)
                .with_extra("top_k", 40)
                .with_extra("API-Key", "hunter2");
            say(
                &llm,
                request.with_extra(
                    "headers",
                    serde_json::json!({ "Authorization": "Basic xyz" }),
                ),
            )
            .await;
        }));
    });
}

#[test]
fn nothing_alike() {
    fails("nothing_alike", |test| {
        let llm = mock(
            test,
            "llm",
            script([on(user("weather in {city}")).reply("Sunny.")]),
        );
        test.drive(pin!(async {
            say(&llm, ask("Tell me a joke! My key is sk-proj-1234567890.")).await;
        }));
    });
}

#[test]
fn result_of_another_tool() {
    fails("result_of_another_tool", |test| {
        let turns = [
            call("get_time", ()),
            on(tool_result("get_weather")).reply("It is {get_weather.temp} °C."),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            say(&llm, ask("What time is it?")).await;
            let request = after_tool(ask("What time is it?"), "get_time", r#"{"now":"12:00"}"#);
            say(&llm, request).await;
        }));
    });
}

#[test]
fn field_that_is_missing() {
    fails("field_that_is_missing", |test| {
        let turns = [on(tool_result("get_weather")).reply("It is {get_weather.now.temp} °C.")];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            let result = r#"{"city":"Paris","now":{"temperature":18,"humidity":0.4,"wind":3}}"#;
            say(&llm, after_tool(ask("weather?"), "get_weather", result)).await;
        }));
    });
}

#[test]
fn tool_that_is_not_offered() {
    fails("tool_that_is_not_offered", |test| {
        let scenario = script([on(user("weather")).call("get_weather", [("city", "Paris")])])
            .tools([tool("get_weather").arg("city", string()), tool("get_time")]);
        let llm = mock(test, "llm", scenario);
        test.drive(pin!(async {
            say(
                &llm,
                ask("weather?").with_tool(ToolDefinition::new("get_time")),
            )
            .await;
        }));
    });
}

mock_provider!(
    Cautious,
    script = [
        reply("Hi.").times(0..=1),
        on(when(|request| request.temperature == Some(0.0))).reply("{{sure}}"),
    ]
);

#[test]
fn closure_that_says_no() {
    fails("closure_that_says_no", |test| {
        let llm = test.inject::<Cautious>("llm");
        test.drive(pin!(async {
            say(&llm, ask("hello").with_temperature(0.7)).await;
            say(&llm, ask("hello").with_temperature(0.7)).await;
        }));
    });
}

#[test]
fn two_mocks() {
    fails("two_mocks", |test| {
        let cheap = mock(
            test,
            "cheap",
            script([on(user("classify")).reply("a question")]),
        );
        let strong = mock(test, "strong", script([on(user("answer")).reply("42")]));
        test.drive(pin!(async {
            say(&cheap, ask("Please classify: why?")).await;
            sleep(ms(20)).await;
            say(&strong, ask("Please answr: why?")).await;
            say(&cheap, ask("Please classify: how?")).await;
        }));
    });
}

#[test]
fn fault_that_cannot_be() {
    fails("fault_that_cannot_be", |test| {
        // Only the call shows how many words there are.
        let llm = mock(test, "llm", script([reply("{user}").cut_after(5)]));
        test.drive(pin!(async {
            say(&llm, ask("Hello to you")).await;
        }));
    });
}

#[test]
fn long_conversation() {
    fails("long_conversation", |test| {
        let long = "and so on, ".repeat(30);
        let turns = [
            reply(long.clone()).times(30),
            on([
                user("the end of it all"),
                when(|request| request.temperature.is_none()),
            ])
            .reply(long.clone())
            .call("close", [("reason", long.clone())]),
        ];
        let llm = mock(
            test,
            "llm",
            script(turns).named("TheOneWithAVeryLongNameIndeed"),
        );
        test.drive(pin!(async {
            for number in 1..=30 {
                say(&llm, ask(&format!("{number}, {long}"))).await;
            }
            let request = ask(&format!("{long} the end of them all, {long}"));
            let names = (1..20).map(|number| (format!("parameter_{number}"), number.into()));
            say(&llm, request.with_extras(names)).await;
        }));
    });
}

#[test]
fn calls_after_the_mismatch() {
    fails("calls_after_the_mismatch", |test| {
        let llm = mock(
            test,
            "llm",
            script([reply("a"), on(user("two")).reply("b")]),
        );
        test.drive(pin!(async {
            say(&llm, ask("one")).await;
            for number in 1..=20 {
                let _ = llm.answer(ask(&format!("wrong {number}"))).await;
            }
        }));
    });
}

#[test]
fn no_rule() {
    fails("no_rule", |test| {
        let rules = [
            on(user("weather in {city}")).reply("Fine."),
            on([tool_result("get_weather"), model("gpt-4*")]).reply("{get_weather.temp} °C"),
            on(not(any_of([user("hello"), has_tool("get_time")]))).reply("Hi."),
        ];
        let llm = mock(test, "llm", script([]).rules(rules));
        test.drive(pin!(async {
            say(&llm, ask("What is the weather in Paris?")).await;
            say(&llm, ask("hello")).await;
        }));
    });
}

#[test]
fn no_turn_and_no_rule() {
    fails("no_turn_and_no_rule", |test| {
        let turns = [
            on(user("first")).reply("First."),
            on(user("second")).reply("Second."),
        ];
        let scenario = script(turns)
            .rules([on(user("ping")).reply("pong").named("ping")])
            .otherwise(repeat_last());
        let llm = mock(test, "llm", scenario);
        test.drive(pin!(async {
            for asked in ["ping", "first", "ping, please", "pong"] {
                say(&llm, ask(asked)).await;
            }
        }));
    });
}

#[test]
fn script_is_over_and_no_rule_fits() {
    fails("script_is_over_and_no_rule_fits", |test| {
        let scenario =
            script([on(user("first")).reply("First.")]).rules([on(user("ping")).reply("pong")]);
        let llm = mock(test, "llm", scenario);
        test.drive(pin!(async {
            for asked in ["first", "ping", "second"] {
                say(&llm, ask(asked)).await;
            }
        }));
    });
}

#[test]
fn otherwise_without_a_value() {
    fails("otherwise_without_a_value", |test| {
        let scenario = script([on(user("in {city}")).reply("{city}.").times(0..=1)])
            .otherwise(reply("In {city} it is fine."));
        let llm = mock(test, "llm", scenario);
        test.drive(pin!(async {
            say(&llm, ask("What is the weather?")).await;
        }));
    });
}

#[test]
fn result_that_does_not_fit() {
    fails("result_that_does_not_fit", |test| {
        let weather = object([("temp", number()), ("unit", one_of(["C", "F"]))]);
        let turns = [
            call("get_weather", [("city", "Paris")]),
            on(tool_result("get_weather")).reply("{get_weather.temp} °C"),
        ];
        let scenario =
            script(turns).tools([tool("get_weather").arg("city", string()).returns(weather)]);
        let llm = mock(test, "llm", scenario);
        test.drive(pin!(async {
            let request = ask("weather?").with_tools(llm.tool_definitions());
            say(&llm, request.clone()).await;
            let result = r#"{"temp": "18", "unit": "C"}"#;
            say(&llm, after_tool(request, "get_weather", result)).await;
        }));
    });
}

#[test]
fn other_model() {
    fails("other_model", |test| {
        let llm = mock(
            test,
            "llm",
            script([on([user("hello"), model("claude-*")]).reply("Hi.")]),
        );
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
        }));
    });
}

#[test]
fn long_words_of_the_mock() {
    fails("long_words_of_the_mock", |test| {
        let turns = [call("get_the_weather_of_a_city_in_a_country", ())];
        let declared = [tool("get_the_weather_of_a_city_in_a_country")];
        let llm = mock(
            test,
            "an_argument_of_a_long_name",
            script(turns).tools(declared),
        );
        test.drive(pin!(async {
            let request = ask(&"What is the weather of a city? ".repeat(4));
            for _ in 0..2 {
                say(&llm, request.clone()).await;
            }
        }));
    });
}

#[test]
fn other_model_by_white_space() {
    fails("other_model_by_white_space", |test| {
        let llm = mock(test, "llm", script([on(model("gpt-4o ")).reply("Hi.")]));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
        }));
    });
}

#[test]
fn other_model_of_the_same_family() {
    fails("other_model_of_the_same_family", |test| {
        let wanted = model("accounts/fireworks/models/llama-v3p1-405b-instruct");
        let llm = mock(test, "llm", script([on(wanted).reply("Hi.")]));
        test.drive(pin!(async {
            let asked = "accounts/fireworks/models/llama-v3p1-70b-instruct";
            say(&llm, Request::new(asked).user("hello")).await;
        }));
    });
}

#[test]
fn retried_once_too_often() {
    fails("retried_once_too_often", |test| {
        let turns = [reply("Hi."), on(user("weather")).fail(overloaded())];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
            for _ in 0..2 {
                say(&llm, ask("weather?")).await;
            }
        }));
    });
}

#[test]
fn instructions_in_another_case() {
    fails("instructions_in_another_case", |test| {
        let llm = mock(test, "llm", script([on(system("be brief")).reply("Hi.")]));
        test.drive(pin!(async {
            let request = ask("hello").system("You are a clerk.").system("Be brief.");
            say(&llm, request).await;
        }));
    });
}

#[test]
fn look_alike_characters() {
    fails("look_alike_characters", |test| {
        let llm = mock(test, "llm", script([on(user("I don't know")).reply("Hi.")]));
        test.drive(pin!(async {
            say(&llm, ask("I don’t\u{200b} know what to do.")).await;
        }));
    });
}

#[test]
fn no_alternative() {
    fails("no_alternative", |test| {
        let either = any_of([user("tea"), any_user_message("Coffee"), has_tool("brew")]);
        let llm = mock(test, "llm", script([on(either).reply("Hot.")]));
        test.drive(pin!(async {
            say(&llm, ask("coffee, please").user("milk")).await;
        }));
    });
}

#[test]
fn excluded_by_not() {
    fails("excluded_by_not", |test| {
        let llm = mock(
            test,
            "llm",
            script([on(not(any_user_message("sugar"))).reply("Tea.")]),
        );
        test.drive(pin!(async {
            say(&llm, ask("sugar, please").user("and milk")).await;
        }));
    });
}

#[test]
fn several_user_messages() {
    fails("several_user_messages", |test| {
        let llm = mock(
            test,
            "llm",
            script([on(any_user_message("a pot of tea")).reply("Tea.")]),
        );
        test.drive(pin!(async {
            let texts = ["one", "two", "three", "four", "five"];
            let request = texts
                .into_iter()
                .fold(Request::new("gpt-4o"), Request::user);
            say(&llm, request).await;
        }));
    });
}

#[test]
fn field_of_a_result_that_is_not_json() {
    fails("field_of_a_result_that_is_not_json", |test| {
        let turns = [on(tool_result("get_weather")).reply("It is {get_weather.now.temp} °C.")];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            let result = "error: no such city";
            say(&llm, after_tool(ask("weather?"), "get_weather", result)).await;
        }));
    });
}

#[test]
fn tool_that_is_offered_with_other_arguments() {
    fails("tool_that_is_offered_with_other_arguments", |test| {
        let declared = tool("get_weather").arg("city", string());
        let turns = [call("get_weather", [("city", "Paris")])];
        let llm = mock(test, "llm", script(turns).tools([declared]));
        test.drive(pin!(async {
            let schema = serde_json::json!({
                "type": "object",
                "properties": { "location": { "type": "string" }, "unit": { "type": "string" } },
                "required": ["location"],
            });
            let offered = ToolDefinition::new("get_weather").with_parameters(schema);
            say(&llm, ask("How is Paris?").with_tool(offered)).await;
        }));
    });
}

#[test]
fn text_for_a_request_that_demands_a_call() {
    fails("text_for_a_request_that_demands_a_call", |test| {
        let llm = mock(test, "llm", script([reply("It is 18 °C.")]));
        test.drive(pin!(async {
            let request = ask("How is Paris?").with_tool(ToolDefinition::new("get_weather"));
            say(&llm, request.with_extra("tool_choice", "required")).await;
        }));
    });
}

#[test]
fn call_that_the_request_excludes() {
    fails("call_that_the_request_excludes", |test| {
        let llm = mock(test, "llm", script([call("get_weather", ())]));
        test.drive(pin!(async {
            let request = ask("How is Paris?").with_tool(ToolDefinition::new("get_weather"));
            say(&llm, request.with_extra("tool_choice", "none")).await;
        }));
    });
}
