//! What a red test prints, word by word, in `reports/*.txt`. `UPDATE_REPORTS=1` writes them anew.
//!
//! Each test here runs itself once more in a process of its own, where it fails, and compares what that prints.

use std::path::Path;
use std::pin::pin;
use std::process::{Command, Output};
use std::time::Duration;
use std::{env, fs};

use futures::StreamExt as _;
use mock_core::__private::{Test, TestSpec, run};
use mock_core::builder::*;
use mock_core::scenario::Scenario;
use mock_core::{
    Message, MockProvider, ProviderError, Request, ToolCall, ToolDefinition, mock_provider,
};
use tokio::time::sleep;

/// Tells the process of its own that it is one.
const ALONE: &str = "REPORT_ALONE";

/// A question of the user.
fn ask(text: &str) -> Request {
    Request::new("gpt-4o").user(text)
}

/// The same conversation after the model has called a tool, and the tool has returned.
fn after_tool(request: Request, tool: &str, result: &str) -> Request {
    request
        .message(Message::assistant("").with_tool_calls([ToolCall::new("call_1", tool, "{}")]))
        .message(Message::tool("call_1", result))
}

/// Code under test that makes nothing of errors.
async fn say(llm: &MockProvider, request: Request) -> String {
    let answer = llm.answer(request).await;
    answer.map_or_else(|_| "Sorry.".to_owned(), |answer| answer.text().into_owned())
}

fn mock(test: &mut Test, name: &'static str, scenario: Scenario) -> MockProvider {
    test.inject_mock(name, scenario.into())
}

/// Runs this test in a process of its own.
fn run_alone(name: &str, variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env::current_exe().expect("the path of this test"));
    command
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .env(ALONE, "1")
        .env("RUST_BACKTRACE", "0")
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .envs(variables.iter().copied());
    command.output().expect("this test runs")
}

/// What a failed test has printed, without what differs from run to run.
fn printed(output: &Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let lines = stderr.lines().filter(|line| !line.starts_with("note: "));
    let lines = lines.map(|line| match line.strip_prefix("thread '") {
        // The number of the thread goes.
        Some(rest) => match (rest.split_once(" ("), rest.split_once(") ")) {
            (Some((thread, _)), Some((_, rest))) => format!("thread '{thread} {rest}"),
            _ => line.to_owned(),
        },
        None => line.to_owned(),
    });
    let text: String = lines.flat_map(|line| [line, "\n".to_owned()]).collect();
    format!("{}\n", text.trim())
}

/// The report itself, without the lines that come from the standard library or from the test's own panic.
fn report(printed: &str) -> &str {
    let begins = ["\nmock `", "\nthe test", " value: mock `"].map(|begin| printed.find(begin));
    let begin = begins.into_iter().flatten().min();
    &printed[begin.expect("there is a report") + 1..]
}

/// A test with this body fails, and prints what is in `reports/{name}.txt`.
#[track_caller]
fn fails(name: &'static str, body: fn(&mut Test)) {
    if env::var_os(ALONE).is_some() {
        let spec = TestSpec {
            name,
            body,
            guard: match name {
                "client_that_holds_the_clock" => secs(3),
                name if name.starts_with("wall_guard") => Duration::from_millis(200),
                _ => TestSpec::NEW.guard,
            },
            timeout: name.starts_with("time_out").then(|| secs(5)),
            ..TestSpec::NEW
        };
        return run(Box::leak(Box::new(spec)));
    }
    let output = run_alone(name, &[]);
    assert_eq!(output.status.code(), Some(101), "{name} fails");
    let printed = printed(&output);

    let of_report = report(&printed);
    assert!(
        of_report.lines().count() <= 25,
        "at most 25 lines:\n{of_report}"
    );
    for line in of_report.lines() {
        assert!(line.chars().count() <= 100, "at most 100 columns: {line}");
        assert!(line.trim_end() == line, "no space at the end: {line:?}");
    }
    for word in ["\x1b", "Outcome", "Mismatch", "Reason::", "ProviderError {"] {
        assert!(!of_report.contains(word), "no {word:?} in:\n{of_report}");
    }

    let file = format!("{}/reports/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    if env::var_os("UPDATE_REPORTS").is_some() {
        return fs::write(&file, printed).expect("the report can be written");
    }
    let expected = fs::read_to_string(Path::new(&file)).unwrap_or_default();
    assert!(
        printed == expected,
        "{file} differs; `UPDATE_REPORTS=1` writes it anew.\n\n{printed}\ninstead of\n\n{expected}"
    );
}

#[test]
fn unused_turn() {
    fails("unused_turn", |test| {
        let turns = [
            on(user("weather in {city}"))
                .call("get_weather", [("city", "{city}"), ("unit", "celsius")]),
            on(tool_result("get_weather"))
                .stream(["It is ", "{get_weather.temp}", " °C in {city}."])
                .every(ms(20)),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            say(&llm, ask("What is the weather in Paris?")).await;
        }));
    });
}

#[test]
fn never_called() {
    fails("never_called", |test| {
        mock(
            test,
            "llm",
            script([reply("Hi."), reply("Bye.")]).named("Greeter"),
        );
        test.drive(pin!(async {}));
    });
}

#[test]
fn not_tried_again() {
    fails("not_tried_again", |test| {
        let turns = [
            fail(rate_limit().retry_after(secs(2))).times(3),
            reply("Hi."),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
            sleep(secs(2)).await;
            say(&llm, ask("hello")).await;
        }));
    });
}

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
            let request = ask(prompt).extra("top_k", 40).extra("API-Key", "hunter2");
            say(
                &llm,
                request.extra(
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
            say(&llm, ask("weather?").tool(ToolDefinition::new("get_time"))).await;
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
            say(&llm, ask("hello").temperature(0.7)).await;
            say(&llm, ask("hello").temperature(0.7)).await;
        }));
    });
}

#[test]
fn swallowed_error() {
    fails("swallowed_error", |test| {
        let llm = mock(
            test,
            "llm",
            script([on(user("Welcome {name}.")).reply("Hi, {name}!")]),
        );
        test.drive(pin!(async {
            assert_eq!(say(&llm, ask("Greet Ada.")).await, "Sorry.");
        }));
    });
}

#[test]
fn returned_error() {
    fails("returned_error", |test| {
        let llm = mock(
            test,
            "llm",
            script([on(user("Welcome {name}.")).reply("Hi, {name}!")]),
        );
        test.drive(pin!(async {
            llm.answer(ask("Greet Ada.")).await?;
            Ok::<_, ProviderError>(())
        }));
    });
}

#[test]
fn spawned_task() {
    fails("spawned_task", |test| {
        let llm = mock(test, "llm", script([reply("Hi.")]));
        test.drive(pin!(async move {
            tokio::spawn(async move {
                sleep(ms(10)).await;
                say(&llm, ask("hello")).await
            });
        }));
    });
}

#[test]
fn panic_and_mismatch() {
    fails("panic_and_mismatch", |test| {
        let llm = mock(
            test,
            "llm",
            script([on(user("Welcome {name}.")).reply("Hi, {name}!")]),
        );
        test.drive(pin!(async {
            assert_eq!(say(&llm, ask("Greet Ada.")).await, "Hi, Ada!");
        }));
    });
}

#[test]
fn error_and_mismatch() {
    fails("error_and_mismatch", |test| {
        let llm = mock(
            test,
            "llm",
            script([on(user("Welcome {name}.")).reply("Hi, {name}!")]),
        );
        test.drive(pin!(async {
            say(&llm, ask("Greet Ada.")).await;
            Err::<(), _>("no greeting")
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
fn closure_panic() {
    fails("closure_panic", |test| {
        let llm = mock(
            test,
            "llm",
            script([on(when(|_| panic!("no such case"))).reply("Hi.")]),
        );
        test.drive(pin!(async {
            drop(tokio::spawn(llm.answer(ask("hello"))));
        }));
    });
}

#[test]
fn fault_that_cannot_be() {
    fails("fault_that_cannot_be", |test| {
        let three = "Hello to you";
        let llm = mock(test, "llm", script([reply(three).cut_after(5)]));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
        }));
    });
}

#[test]
fn wall_guard() {
    fails("wall_guard", |test| {
        let turns = [
            reply("Hi."),
            stream(["It ", "is ", "18 °C."]).stall_after(2),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
            let mut events = llm.answer_stream(ask("weather?")).await.expect("a stream");
            while events.next().await.is_some() {}
        }));
    });
}

#[test]
fn wall_guard_without_a_call() {
    fails("wall_guard_without_a_call", |test| {
        mock(test, "llm", script([reply("Hi.")]));
        test.drive(pin!(async {
            while secs(1) > Duration::ZERO {
                std::thread::park();
            }
        }));
    });
}

#[test]
fn time_out() {
    fails("time_out", |test| {
        let llm = mock(
            test,
            "llm",
            script([stream(["It ", "is"]).ttft(secs(2)).every(secs(4))]),
        );
        test.drive(pin!(async {
            say(&llm, ask("weather?")).await;
        }));
    });
}

#[test]
fn latency_by_chance() {
    fails("latency_by_chance", |test| {
        let scenario = script([reply("a").times(2), reply("b")]).latency(ms(80)..ms(120));
        let llm = mock(test, "llm", scenario);
        test.drive(pin!(async {
            say(&llm, ask("one")).await;
            say(&llm, ask("two")).await;
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
            say(&llm, request.extras(names)).await;
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
fn colours_are_only_where_they_are_wanted() {
    let coloured = |variables: &[(&str, &str)]| {
        let output = run_alone("swallowed_error", variables);
        String::from_utf8_lossy(&output.stderr).contains("\x1b[")
    };
    assert!(!coloured(&[]), "none in a pipe");
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "0")]));
    assert!(!coloured(&[("NO_COLOR", "1")]));
}

#[test]
fn wall_guard_at_a_gate() {
    fails("wall_guard_at_a_gate", |test| {
        let turns = [
            reply("Hi."),
            gate("start")
                .reply("It is ")
                .gate("weather")
                .reply("18 °C."),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
            llm.gate("start").open();
            let mut events = llm.answer_stream(ask("weather?")).await.expect("a stream");
            while events.next().await.is_some() {}
        }));
    });
}

#[test]
fn wall_guard_without_a_driver() {
    fails("wall_guard_without_a_driver", |test| {
        let llm = mock(test, "llm", script([on(user("hello")).driven("live")]));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
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
            let request = ask("weather?").tools(llm.tool_definitions());
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
fn named_turn_unused() {
    fails("named_turn_unused", |test| {
        let turns = [
            reply("Hi.").named("greeting"),
            reply("Bye.").split(chars(4)).named("farewell"),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
        }));
    });
}

#[test]
fn refused_for_a_capability() {
    fails("refused_for_a_capability", |test| {
        let capabilities = mock_core::Capabilities::NONE.tools();
        let turns = [reply("Hi."), reply("Bye.")];
        let llm = mock(test, "llm", script(turns).capabilities(capabilities));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
            // The code under test falls back, and does not ask again.
            let refused = llm.answer_stream(ask("goodbye")).await;
            assert!(refused.is_err(), "the mock does not stream");
        }));
    });
}

#[test]
fn over_the_limit() {
    fails("over_the_limit", |test| {
        let latency = growing(ms(100), 0.5).timeout_over(ms(120));
        let llm = mock(
            test,
            "llm",
            script([reply("Hi."), reply("Bye.")]).latency(latency),
        );
        test.drive(pin!(async {
            for asked in ["hello", "goodbye"] {
                say(&llm, ask(asked)).await;
            }
        }));
    });
}

#[test]
fn unused_since_rewind() {
    fails("unused_since_rewind", |test| {
        let llm = mock(test, "llm", script([reply("Hi."), reply("Bye.")]));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
            say(&llm, ask("goodbye")).await;
            llm.rewind();
        }));
    });
}

#[test]
fn used_too_seldom_since_rewind() {
    fails("used_too_seldom_since_rewind", |test| {
        let llm = mock(test, "llm", script([reply("Hi.").times(2)]));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
            say(&llm, ask("hello")).await;
            llm.rewind();
            say(&llm, ask("hello")).await;
        }));
    });
}

#[test]
fn verified_in_the_body() {
    fails("verified_in_the_body", |test| {
        let llm = mock(test, "llm", script([on(user("hello")).reply("Hi.")]));
        test.drive(pin!(async {
            say(&llm, ask("goodbye")).await;
            llm.verify().unwrap();
        }));
    });
}

/// Sends this to the server as a client of OpenAI would, on a connection of its own, and reads what comes.
async fn send(server: &mock_core::MockServer, path: &str, body: &str) {
    let head =
        format!("POST {path} HTTP/1.1\r\nconnection: close\r\nauthorization: Bearer sk-secret\r\n");
    let request = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    let mut client = send_raw(server, request.as_bytes()).await;
    let read = tokio::io::AsyncReadExt::read_to_end(&mut client, &mut Vec::new()).await;
    read.expect("an answer");
}

async fn send_raw(server: &mock_core::MockServer, bytes: &[u8]) -> tokio::net::TcpStream {
    use tokio::io::AsyncWriteExt as _;
    let mut client = tokio::net::TcpStream::connect(server.addr())
        .await
        .expect("it accepts");
    client.write_all(bytes).await.expect("it is sent");
    client
}

#[test]
fn only_request_refused() {
    fails("only_request_refused", |test| {
        let server = mock_core::MockServer::new(mock(test, "server", script([reply("Hi.")])));
        test.drive(pin!(async {
            let body = r#"{"model": "claude", "messages": [{"role": "user", "content": "hello"}]}"#;
            send(&server, "/v1/messages", body).await;
        }));
    });
}

#[test]
fn requests_that_became_no_call() {
    fails("requests_that_became_no_call", |test| {
        let turns = [reply("Hi."), reply("Bye.")];
        let server = mock_core::MockServer::new(mock(test, "server", script(turns)));
        test.drive(pin!(async {
            let body = r#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}"#;
            send(&server, "/v1/engines/chat?key=sk-secret", body).await;
            send(&server, "/v1/chat/completions", body).await;
            send(&server, "/v1/chat/completions", "{\"model\": ").await;
            let half = "POST /v1/messages HTTP/1.1\r\ncontent-length: 100\r\n\r\n{\"model\"";
            drop(send_raw(&server, half.as_bytes()).await);
            drop(send_raw(&server, b"\x16\x03\x01\x02\r\n\r\n").await);
            server.require_key("another");
            for _ in 0..3 {
                send(&server, "/v1/chat/completions", body).await;
            }
        }));
    });
}

#[test]
fn refused_before_a_mismatch() {
    fails("refused_before_a_mismatch", |test| {
        let turns = [on(user("hello")).reply("Hi.")];
        let server = mock_core::MockServer::new(mock(test, "server", script(turns)));
        test.drive(pin!(async {
            let path = "/v1/chat/completions";
            for _ in 0..12 {
                send(&server, path, r#"{"model": "m", "messages": []}"#).await;
            }
            let body = r#"{"model": "m", "messages": [{"role": "user", "content": "hallo"}]}"#;
            send(&server, path, body).await;
            for _ in 0..4 {
                send(&server, path, r#"{"model": "m", "messages": []}"#).await;
            }
        }));
    });
}

/// One call, and then what never comes.
async fn greet(llm: &MockProvider) {
    say(llm, ask("hello")).await;
}

#[test]
fn wall_guard_for_a_call() {
    fails("wall_guard_for_a_call", |test| {
        let llm = mock(test, "llm", script([reply("Hi."), reply("Bye.")]));
        test.drive(pin!(async {
            greet(&llm).await;
            llm.called(2).await;
        }));
    });
}

#[test]
fn wall_guard_for_a_call_after_a_mismatch() {
    fails("wall_guard_for_a_call_after_a_mismatch", |test| {
        let llm = mock(test, "llm", script([on(user("goodbye")).reply("Bye.")]));
        test.drive(pin!(async {
            greet(&llm).await;
            greet(&llm).await;
            llm.called(3).await;
        }));
    });
}

#[test]
fn wall_guard_for_a_turn() {
    fails("wall_guard_for_a_turn", |test| {
        let turns = [reply("Hi."), reply("Bye.").named("farewell")];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            greet(&llm).await;
            llm.turn("farewell").await;
        }));
    });
}

#[test]
fn wall_guard_for_a_gate() {
    fails("wall_guard_for_a_gate", |test| {
        let turns = [
            gate("start").reply("Hi."),
            reply("It is ").gate("ready").reply("18 °C."),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            let _call = tokio::spawn(llm.answer(ask("hello")));
            llm.gate("ready").reached().await;
        }));
    });
}

#[test]
fn wall_guard_for_a_driver() {
    fails("wall_guard_for_a_driver", |test| {
        let llm = mock(test, "llm", script([driven("live")]));
        test.drive(pin!(async {
            llm.driver("live").text("Hi.");
            llm.driver("live").taken().await;
        }));
    });
}

#[test]
fn wall_guard_for_exchanges() {
    fails("wall_guard_for_exchanges", |test| {
        let server = mock_core::MockServer::new(mock(test, "server", script([reply("Hi.")])));
        test.drive(pin!(server.exchanged(2)));
    });
}

#[test]
fn wall_guard_for_what_is_no_mock() {
    fails("wall_guard_for_what_is_no_mock", |test| {
        mock(test, "llm", script([reply("Hi.")]));
        test.drive(pin!(std::future::pending::<()>()));
    });
}

#[test]
fn wall_guard_on_a_blocked_thread() {
    fails("wall_guard_on_a_blocked_thread", |test| {
        let llm = mock(test, "llm", script([reply("Hi.").ttft(secs(1))]));
        test.drive(pin!(async {
            let _call = tokio::spawn(llm.answer(ask("hello")));
            llm.called(1).await;
            while secs(1) > Duration::ZERO {
                std::thread::park();
            }
        }));
    });
}

#[test]
fn time_out_for_a_call() {
    fails("time_out_for_a_call", |test| {
        let llm = mock(test, "llm", script([reply("Hi.")]));
        test.drive(pin!(async {
            greet(&llm).await;
            llm.called(2).await;
        }));
    });
}

#[test]
fn not_tried_again_after_a_failure() {
    fails("not_tried_again_after_a_failure", |test| {
        let llm = mock(test, "llm", script([fail(overloaded()), reply("Hi.")]));
        test.drive(pin!(greet(&llm)));
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

/// A client that blocks the thread it is called on; it waits so long for an answer.
fn ask_blocking(server: &mock_core::MockServer, patience: Option<Duration>) -> String {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(server.addr()).expect("it listens");
    stream.set_read_timeout(patience).expect("a time");
    let body = r#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}"#;
    let head = "POST /v1/chat/completions HTTP/1.1\r\nconnection: close\r\n";
    let request = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).expect("it is open");
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer
}

#[test]
fn wall_guard_for_a_client_on_the_thread_of_the_test() {
    fails(
        "wall_guard_for_a_client_on_the_thread_of_the_test",
        |test| {
            let server = mock_core::MockServer::new(mock(test, "server", script([reply("Hi.")])));
            test.drive(pin!(async {
                ask_blocking(&server, None);
            }));
        },
    );
}

#[test]
fn client_on_the_thread_of_the_test_gives_up() {
    fails("client_on_the_thread_of_the_test_gives_up", |test| {
        let server = mock_core::MockServer::new(mock(test, "server", script([reply("Hi.")])));
        test.drive(pin!(async move {
            assert_eq!(ask_blocking(&server, Some(ms(10))), "");
        }));
    });
}

#[test]
fn client_that_holds_the_clock() {
    fails("client_that_holds_the_clock", |test| {
        let turns = [reply("Hi.").ttft(secs(1))];
        let server = mock_core::MockServer::new(mock(test, "server", script(turns)));
        test.drive(pin!(async move {
            let asked = tokio::task::spawn_blocking(move || ask_blocking(&server, None));
            asked.await.expect("it does not panic");
        }));
    });
}

#[test]
fn misspelt_turn() {
    fails("misspelt_turn", |test| {
        let llm = mock(test, "llm", script([reply("Hi.").named("first")]));
        test.drive(pin!(async {
            llm.turn("frist").await;
        }));
    });
}

#[test]
fn retried_too_early() {
    fails("retried_too_early", |test| {
        let turns = [
            fail(rate_limit().retry_after(secs(2))),
            reply("Hi."),
            reply("Bye."),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            greet(&llm).await;
            greet(&llm).await;
            llm.assert_waited_retry_after();
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
fn wall_guard_at_a_time_out_on_the_wire() {
    fails("wall_guard_at_a_time_out_on_the_wire", |test| {
        let turns = [fail(timeout())];
        let server = mock_core::MockServer::new(mock(test, "server", script(turns)));
        test.drive(pin!(async move {
            let asked = tokio::task::spawn_blocking(move || ask_blocking(&server, None));
            asked.await.expect("it does not panic");
        }));
    });
}

#[test]
fn wall_guard_in_an_outage_on_the_wire() {
    fails("wall_guard_in_an_outage_on_the_wire", |test| {
        let server = mock_core::MockServer::new(mock(test, "server", script([reply("Hi.")])));
        server.outage(timeout());
        test.drive(pin!(async move {
            let asked = tokio::task::spawn_blocking(move || ask_blocking(&server, None));
            asked.await.expect("it does not panic");
        }));
    });
}

#[test]
fn call_without_a_result() {
    fails("call_without_a_result", |test| {
        let turns = [
            call("look", [("at", "Paris")]).call("look", [("at", "Rome")]),
            on(tool_result("look")).reply("Done."),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            say(&llm, ask("Compare Paris and Rome.")).await;
            let calls = ["call_1", "call_2"].map(|id| ToolCall::new(id, "look", "{}"));
            let request = ask("Compare Paris and Rome.")
                .message(Message::assistant("").with_tool_calls(calls))
                .message(Message::tool("call_1", "rain"));
            say(&llm, request).await;
        }));
    });
}

#[test]
fn result_without_its_call() {
    fails("result_without_its_call", |test| {
        let llm = mock(test, "llm", script([reply("Done.")]));
        test.drive(pin!(async {
            let trimmed = Request::new("gpt-4o")
                .message(Message::tool("call_1", "rain"))
                .user("And in Rome?");
            say(&llm, trimmed).await;
        }));
    });
}

#[test]
fn result_after_a_text() {
    fails("result_after_a_text", |test| {
        let llm = mock(test, "llm", script([reply("Done.")]));
        test.drive(pin!(async {
            let mut request = after_tool(ask("Compare."), "look", "rain");
            let result = request.messages.pop().expect("the result");
            say(&llm, request.user("Quickly!").message(result)).await;
        }));
    });
}

#[test]
fn two_results_of_one_call() {
    fails("two_results_of_one_call", |test| {
        let llm = mock(test, "llm", script([reply("Done.")]));
        test.drive(pin!(async {
            let request = after_tool(ask("Compare."), "look", "rain");
            say(&llm, request.message(Message::tool("call_1", "sun"))).await;
        }));
    });
}
