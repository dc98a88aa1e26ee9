//! The scenarios of the grammar, built without the macro.

use crate::code_of_grammar::{
    Broken, Chats, Clerk, Deployed, Endings, Endpoints, Failing, Fast, Flaky, Gateway, Grok, Guide,
    Library, Listener, Local, Login, Pieces, Reasoner, Recorded, Repeats, Round, Small, Support,
    Team, Tenants, built_guide,
};
use mock_core::builder::*;
use mock_core::cassette::Cassette;
use mock_core::scenario::{After, Latency, Profile, Scenario, Turn};
use mock_core::{
    Allow, Capabilities, ErrorKind, FinishReason, Message, Response, Usage, provider_test,
};
use serde_json::json;
use tests::Played;
use tests::private::Action;

#[test]
fn the_team_of_the_grammar() {
    let any = any_of([model("small*"), has_tool("look")]);
    let built = lanes([
        lane(
            system("You plan"),
            [
                reply("Read the code of {topic}, please."),
                reply("Thank you."),
            ],
        ),
        lane(
            [any, when(|request| request.temperature.is_none())],
            [fail(overloaded()), reply("It is a parser.")],
        ),
        lane([], [reply("Who are you?")]),
    ]);
    let built = built
        .named("Team")
        .profile(Profile::Openai)
        .model("gpt-4o")
        .per(any_user_message("about {topic:word}"));
    assert_eq!(Played::by(Team::new().handle()), built);

    let turns = [
        on(user("I am {name:word}")).reply("Hello, {name}."),
        on(user("who am I")).reply("You are {name}."),
    ];
    let built = script(turns)
        .named("Chats")
        .profile(Profile::Openai)
        .model("gpt-4o")
        .per(Per::Conversation);
    assert_eq!(Played::by(Chats::new().handle()), built);

    let built = script([fail(rate_limit()), reply("Welcome back.")])
        .named("Tenants")
        .profile(Profile::Anthropic)
        .per(Per::Header("x-session".into()));
    assert_eq!(Played::by(Tenants::new().handle()), built);

    let token = [
        raw("{\"error\":\"slow_down\"}").status(400),
        raw("{\"access_token\":\"t1\"}"),
    ];
    let built = lanes([
        lane(path("POST /oauth/token"), token),
        lane([], [reply("Hi.")]),
    ]);
    let built = built
        .named("Login")
        .profile(Profile::Openai)
        .model("gpt-4o");
    assert_eq!(Played::by(Login::new().handle()), built);
}

#[test]
fn the_clerk_of_the_grammar() {
    let tools = [
        tool("find_order")
            .arg("number", integer())
            .arg("with_items", optional(boolean())),
        tool("refund")
            .arg("order", object([("number", integer()), ("note", string())]))
            .arg("reasons", list(one_of(["late", "broken"])))
            .arg("amount", number())
            .arg("extra", any_json()),
        tool("get_time"),
    ];
    let refund = [
        ("order", json!({ "note": "order {number}", "number": 42 })),
        ("reasons", json!(["late"])),
        ("amount", json!(9.5)),
        ("extra", json!(null)),
    ];
    let turns = [
        on(user("order {number:word}")).call("find_order", [("number", 42)]),
        on(tool_result("find_order"))
            .reply("One moment, please.")
            .call("refund", refund)
            .call("get_time", ()),
        on([tool_result("refund"), tool_result("get_time")]).reply("Done at {get_time.now}."),
    ];
    let built = script(turns)
        .named("Clerk")
        .profile(Profile::Anthropic)
        .model("claude-sonnet-4-5")
        .latency(ms(80)..ms(120))
        .tools(tools);

    assert_eq!(Played::by(Clerk::new().handle()), built);
}

#[test]
fn the_support_of_the_grammar() {
    let order = || {
        any_of([
            user("order {number:word}"),
            any_user_message("my order {number:word}"),
        ])
    };
    let rules = [
        on(order()).call("find_order", [("number", "{number}")]),
        on([
            system("terse"),
            when(|request| request.temperature.is_some()),
        ])
        .reply("Yes."),
        on(not(model("gpt-4*"))).fail(not_found()),
        on(when(|request| request.messages.len() > 20)).fail(context_length()),
    ];
    let built = script([on(user("I am {name}"))
        .reply("Hello, {name}.")
        .named("greeting")])
    .named("Support")
    .profile(Profile::Openai)
    .model("gpt-4o")
    .provider("support")
    .latency(Latency::from(ms(80)..ms(120)).timeout_over(ms(150)))
    .capabilities(Capabilities::ALL)
    .usage(Usage::new(11, 7))
    .allow(Allow::NONE.with_unused_turns())
    .seed(7)
    .metadata(json!({ "request_id": "abc" }))
    .rules(rules)
    .otherwise(reply("How can I help, {name}?"))
    .max_calls(5_000);

    assert_eq!(Played::by(Support::new().handle()), built);
}

#[test]
fn what_the_grammar_replays() {
    let file = "tests/cassettes/weather.yaml";
    let cassette = Cassette::load(file).expect("it is in this package");
    let turns = [
        replay(1),
        fail(rate_limit().retry_after(secs(2))),
        replay(1).cut_after(2),
        replay(..),
    ];
    let built = script(turns)
        .named("Recorded")
        .profile(Profile::Openai)
        .model("gpt-4o")
        .tools([tool("get_weather").arg("city", string())])
        .replaying(cassette);
    assert_eq!(Played::by(Recorded::new().handle()), built);
}

#[test]
fn what_the_grammar_repeats() {
    let turns = [
        reply("I am looking.").finish(FinishReason::ToolCalls),
        reply("Still looking.").finish(FinishReason::Stop),
    ];
    let repeats = script(turns)
        .named("Repeats")
        .profile(Profile::Gemini)
        .latency(growing(ms(100), 0.10))
        .allow(
            Allow::NONE
                .with_unoffered_tools()
                .with_broken_conversations(),
        )
        .otherwise(repeat_last());
    assert_eq!(Played::by(Repeats::new().handle()), repeats);

    let stop = any_of([
        any_user_message("stop"),
        all_of([system("stop"), model("llama*")]),
    ]);
    let round = script([reply("Tick.").split(words()), reply("Tock.").times(2)])
        .named("Round")
        .profile(Profile::Ollama)
        .model("llama3.2")
        .capabilities(Capabilities::NONE.with_streaming())
        .rules([on(stop)
            .refusal("I cannot.")
            .finish(FinishReason::ContentFilter)])
        .otherwise(cycle());
    assert_eq!(Played::by(Round::new().handle()), round);
}

#[provider_test(seeds = 0..1)]
async fn the_faults_by_chance_of_the_grammar() {
    let faults = [chaos::fail(ErrorKind::RateLimit, 0.1), chaos::cut(0.05)];
    let built = script([reply("Hi.").times(0..)])
        .named("Flaky")
        .profile(Profile::Openai)
        .model("gpt-4o")
        .chaos(faults);
    let handle = Flaky::new().handle();
    for _ in 0..100 {
        let _ = handle
            .answer(mock_core::Request::new("gpt-4o").user("hello"))
            .await;
    }
    handle.reset();
    let mut flaky = Played::by(handle);
    // With faults by chance, a run leaves turns out.
    flaky.allow = Allow::NONE;
    assert_eq!(flaky, built);
}

#[test]
fn the_matchers_of_the_grammar() {
    let city = any_of([
        any_user_message("weather in {city:rest}"),
        system("in {city:word}"),
    ]);
    let built = script([
        on(city).reply("{city}?"),
        on([not(has_tool("get_weather")), model("gpt-4*")])
            .reply("I am {model}, asked {call} times."),
        on(when(|request| request.temperature == Some(0.0)))
            .reply("{{sure}}")
            .times(1..=3),
        reply(verbatim("{\"as\": \"it is\"}")).forever(),
    ]);
    assert_eq!(
        Played::by(Listener::new().handle()),
        built.named("Listener")
    );
}

#[test]
fn the_faults_and_failures_of_the_grammar() {
    let broken = script([
        stream(["It is ", "18 °C."]).every(ms(20)).cut_after(1),
        reply("One two three.").end_after(After::All),
        reply("One two three.").ttft(ms(300)).stall_after(secs(2)),
        refusal("I would rather not.").error_after(2, overloaded()),
        reply("One two three.").split(whole()).malformed_after(0),
    ])
    .named("Broken")
    .profile(Profile::OpenaiResponses)
    .model("gpt-4.1");
    assert_eq!(Played::by(Broken::new().handle()), broken);

    let failing = script([
        fail(timeout()).times(2),
        fail(rate_limit().retry_after(secs(2))),
        fail(auth()),
        fail(connection()),
        fail(invalid_response()),
        fail(generic().message("{model} is gone").code("session_expired")),
        fail(overloaded()),
        fail(
            server_error()
                .status(502)
                .header("content-type", "text/html")
                .header("server", "gateway")
                .body("<h1>Bad Gateway</h1>"),
        ),
        fail(bad_request()),
        fail(context_length()),
        fail(content_filter()),
        fail(permission()),
        fail(not_found()),
        fail(quota()),
    ]);
    assert_eq!(
        Played::by(Failing::new().handle()),
        failing.named("Failing")
    );
}

#[test]
fn the_endings_of_the_grammar() {
    let text = "One two three.";
    let endings = script([
        reply(text).end_after(After::Finish),
        reply("Hi.")
            .finish(None)
            .usage(usage(11, 7))
            .stall_after(After::Done),
        reply(text).usage(None).cut_after(After::Finish),
        reply(text).ttft(secs(35)).keepalive(secs(10)),
        gate("ready").reply("Hi.").keepalive_with(secs(5), ": busy"),
        stream(["It is ", "18 °C."]).flush(each()),
        reply("18 °C.").flush(bytes()),
    ])
    .named("Endings")
    .profile(Profile::Openai)
    .model("gpt-4o")
    .usage(None);
    assert_eq!(Played::by(Endings::new().handle()), endings);
}

#[test]
fn the_dialects_of_the_grammar() {
    let gateway = script([reply("Hi.")])
        .named("Gateway")
        .profile(Profile::Openrouter)
        .models(["openai/gpt-4.1-mini", "deepseek/deepseek-chat"]);
    assert_eq!(Played::by(Gateway::new().handle()), gateway);

    let hi = |name, profile| {
        let scenario = script([reply("Hi.")]).named(name).profile(profile);
        scenario.otherwise(repeat_last())
    };
    let deployed = hi("Deployed", Profile::Azure).model("gpt-4o");
    assert_eq!(Played::by(Deployed::new().handle()), deployed);
    let small = hi("Small", Profile::Mistral).model("mistral-small-latest");
    assert_eq!(Played::by(Small::new().handle()), small);
    let grok = hi("Grok", Profile::Xai).model("grok-4");
    assert_eq!(Played::by(Grok::new().handle()), grok);

    let reasoner = script([reasoning("Hm.").reply("Hi.")])
        .named("Reasoner")
        .profile(Profile::Deepseek)
        .model("deepseek-reasoner");
    assert_eq!(Played::by(Reasoner::new().handle()), reasoner);
    let fast = script([fail(rate_limit()), reply("Hi.")])
        .named("Fast")
        .profile(Profile::Groq)
        .model("llama-3.1-8b-instant");
    assert_eq!(Played::by(Fast::new().handle()), fast);
    let local = script([reply("One two three.").finish(FinishReason::Length)])
        .named("Local")
        .profile(Profile::Llamacpp)
        .otherwise(cycle());
    assert_eq!(Played::by(Local::new().handle()), local);
}

#[test]
fn the_endpoints_of_the_grammar() {
    let session = on(header("x-session", "s-{id}")).reply("This is session {id}.");
    let endpoints = script([
        session.headers([("x-request-id", "r1")]),
        frames(["data: {\"choices\":[]}\n\n", "data: [DONE]\n\n"])
            .every(secs(20))
            .cut_after(1),
    ])
    .rules([
        on(path("GET /v1/files/{id}")).json([("id", "{id}")]),
        on(path("POST /v1/rerank"))
            .raw("{\"results\":[]}")
            .status(201),
    ])
    .named("Endpoints")
    .profile(Profile::Openai)
    .model("gpt-4o");
    assert_eq!(Played::by(Endpoints::new().handle()), endpoints);
}

#[test]
fn the_embeddings_of_the_grammar() {
    let library = script([
        on(any_user_message("a cat")).embed_with([0.5, -0.25, 1.0]),
        embed_with([1.0, 0.0]).embed_with([0.0, 1.0]),
    ])
    .rules([on(model("text-embedding-*")).embed()])
    .otherwise(reply("I am {model}."))
    .named("Library")
    .profile(Profile::Openai)
    .model("gpt-4o");
    assert_eq!(Played::by(Library::new().handle()), library);
}

#[test]
fn the_guide_of_the_grammar() {
    let without_search = |mut scenario: Scenario| {
        let is_search =
            |action: &Action| matches!(action, Action::Call(call) if call.tool == "web_search");
        let first: &mut Turn = &mut scenario.turns.to_mut()[0];
        first.actions.to_mut().retain(|action| !is_search(action));
        scenario
    };
    let declared = Played::by(Guide::new().handle());
    assert_eq!(
        Played(without_search(declared.0)),
        without_search(built_guide())
    );
}

#[test]
fn the_pieces_of_the_grammar() {
    let built = script([
        gate("ready")
            .reply("One two three.")
            .split(chars(4))
            .tokens_per_second(50),
        reasoning("Let me see.")
            .signature("c2lnbmVk")
            .reply("Yes.")
            .split(random(1..=12))
            .named("sure"),
        call("find_order", [("number", 42)])
            .call("find_order", verbatim("{\"number\": "))
            .id("call_7")
            .pieces(3)
            .ttft(ms(300)),
        json([("city", json!("{user}")), ("days", json!([1, 2]))])
            .finish(FinishReason::Length)
            .usage(Usage::new(11, 7)),
        respond_with(|request| Response::from(Message::assistant(&*request.model))),
        respond_with_async(async |request| Response::from(Message::assistant(request.model))),
        driven("live"),
        reply("One moment, ").pause(secs(2)).reply("please."),
        reply("One moment.").finish(FinishReason::Other("pause_turn".into())),
        reply("And then").hang(),
    ]);
    assert_eq!(Played::by(Pieces::new().handle()), built.named("Pieces"));
}
