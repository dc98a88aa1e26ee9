//! The code of `docs/scenarios.md` about lanes and instances.

use std::sync::Arc;

use mock_core::{Message, MockProvider, Request, Response, mock_provider, provider_test};
use tokio::sync::Mutex;

mock_provider!(
    Crew,
    lanes = match request {
        system("You plan") => [reply("First, read the parser."), reply("Then fix it."),],
        system("You write code") => [reply("Fixed.")],
    },
);

#[provider_test]
async fn each_agent_follows_its_own_lane(crew: Crew) {
    let ask = |agent: &str| crew.answer(Request::new("gpt-4o").system(agent).user("Go on."));

    let (code, plan) = tokio::join!(ask("You write code."), ask("You plan."));
    assert_eq!(code.expect("an answer").text(), "Fixed.");
    assert_eq!(plan.expect("an answer").text(), "First, read the parser.");

    let plan = ask("You plan.").await.expect("an answer");
    assert_eq!(plan.text(), "Then fix it.");
    assert_eq!(crew.calls()[2].lane(), Some(0));
}

mock_provider!(
    Chat,
    per = conversation,
    script = [
        on(user("I am {name:word}")).reply("Hello, {name}."),
        on(user("who am I")).reply("You are {name}."),
    ],
);

#[provider_test]
async fn each_conversation_plays_the_script_from_its_start(chat: Chat) {
    let mut ada = Request::new("gpt-4o").user("I am Ada.");
    let mut bob = Request::new("gpt-4o").user("I am Bob.");
    for conversation in [&mut ada, &mut bob] {
        let greeting = chat.answer(conversation.clone()).await.expect("an answer");
        conversation.messages.push(greeting.message);
        conversation.messages.push(Message::user("So who am I?"));
    }

    let answer = chat.answer(ada).await.expect("an answer");
    assert_eq!(answer.text(), "You are Ada.");
    let answer = chat.answer(bob).await.expect("an answer");
    assert_eq!(answer.text(), "You are Bob.");
}

mock_provider!(
    Session,
    script = [
        call(get_weather { city: "Oslo" }.id("call_7")),
        call(get_weather { city: "Rome" }.id("call_{call}")).times(2),
        fail(generic {
            code: "session_expired"
        }),
    ],
);

#[provider_test]
async fn ids_and_codes_are_those_of_the_scenario(session: Session) {
    for expected in ["call_7", "call_2", "call_3"] {
        let answer = session.answer(Request::new("gpt-4o").user("Weather?"));
        let answer = answer.await.expect("a call");
        let ids: Vec<_> = answer.tool_calls().map(|call| &*call.id).collect();
        assert_eq!(ids, [expected]);
    }

    let error = session
        .answer(Request::new("gpt-4o").user("Weather?"))
        .await;
    let code = error.expect_err("it has expired").code;
    assert_eq!(code.as_deref(), Some("session_expired"));
}

#[provider_test]
async fn a_closure_may_await() {
    let notes = Arc::new(Mutex::new(vec!["milk".to_owned()]));
    let shared = Arc::clone(&notes);
    let llm: MockProvider = mock_provider!(respond_with(async move |request: Request| {
        let notes = shared.lock().await;
        Response::from(Message::assistant(format!(
            "{} knows of {}.",
            request.model,
            notes.join(", ")
        )))
    }));

    let answer = llm.answer(Request::new("gpt-4o").user("What do I need?"));
    assert_eq!(
        answer.await.expect("an answer").text(),
        "gpt-4o knows of milk."
    );
}
