//! S50 to S53: requests for embeddings.

use mock_core::builder::{
    all_of, any_user_message, embed, embed_with, fail, gate, hang, has_tool, header, lane, model,
    ms, not, on, pause, rate_limit, raw, reply, script, secs, system, usage, user, when,
};
use mock_core::scenario::{Per, Profile, Scenario, Turn};
use mock_core::{
    Allow, EmbeddingInput, EmbeddingRequest, ErrorKind, MockProvider, Outcome, Provider, Report,
    TestClock, mock_provider, provider_test,
};
use serde_json::json;

use crate::helpers::{ask, say};

const MODEL: &str = "text-embedding-3-small";

fn texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> EmbeddingRequest {
    EmbeddingRequest::new(MODEL).with_inputs(texts)
}

async fn vectors(llm: &MockProvider, request: EmbeddingRequest) -> Vec<Vec<f32>> {
    let response = llm.answer_embedding(request).await;
    response.expect("a turn embeds").embeddings
}

/// The report of a mock that was asked what does not fit.
fn report(llm: &MockProvider) -> String {
    let report: Report = llm.verify().expect_err("the request does not fit");
    report.to_string()
}

/// A mock that is to fail: it is verified by the test itself.
fn misused(scenario: Scenario) -> MockProvider {
    MockProvider::new(scenario.allow(Allow::NONE.with_unused_turns()))
}

fn cosine(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

mock_provider!(
    Library,
    script = [
        on(any_user_message("cat {name:word}")).embed([0.5, -0.25, 1]),
        reply("{name}.")
    ],
    otherwise = embed(),
);

const VECTOR: [f32; 2] = [0.5, 0.25];
static BORROWED: &[f32] = &[1.0, 0.0];
const HALF: f32 = 0.5;

mock_provider!(
    Constants,
    script = [embed(VECTOR), embed([HALF, -1.0]), embed([0.0; 3])],
);

#[provider_test]
async fn s50_a_declared_mock_answers_both_kinds(llm: Library) {
    let response = llm
        .answer_embedding(texts(["a cat Tom"]))
        .await
        .expect("a vector");
    assert_eq!(response.model, MODEL);
    assert_eq!(response.embeddings, [[0.5, -0.25, 1.0]]);
    assert_eq!(say(&llm, "who?").await, "Tom.");
    assert_eq!(vectors(&llm, texts(["a dog"])).await[0].len(), 1_536);
    let by_trait: &dyn Provider = &*llm;
    let response = by_trait.embed(texts(["a dog"])).await.expect("a vector");
    assert_eq!(response.embeddings.len(), 1);
}

#[provider_test]
async fn s50_a_vector_may_be_a_constant_or_an_expression(llm: Constants) {
    for expected in [&VECTOR[..], &[0.5, -1.0], &[0.0; 3]] {
        assert_eq!(vectors(&llm, texts(["a"])).await, [expected]);
    }
    let (vector, third) = (vec![0.25_f32, 0.5], 1.5);
    let llm = mock_provider!(embed(vector), embed([third, 1.0]), embed(BORROWED));
    for expected in [[0.25, 0.5], [1.5, 1.0], [1.0, 0.0]] {
        assert_eq!(vectors(&llm, texts(["a"])).await, [expected]);
    }
}

#[tokio::test]
async fn s50_a_chat_turn_answers_no_request_for_embeddings() {
    for scenario in [
        script([reply("Hi.")]),
        script([on(any_user_message("a cat")).reply("Hi.")]),
        script([]).rules([on(any_user_message("a cat")).reply("Hi.")]),
        script([]).otherwise(reply("Hi.")),
        script([]).rules([
            on(any_user_message("a dog")).reply("Hi."),
            on([]).reply("Hi."),
        ]),
    ] {
        let llm = misused(scenario);
        let error = llm.answer_embedding(texts(["a cat"])).await;
        let error = error.expect_err("no turn embeds");
        assert_eq!(error.kind, ErrorKind::Unscripted);
        let report = report(&llm);
        assert!(
            report.contains("the request asks for embeddings, and the turn answers chat requests"),
            "{report}"
        );
        assert!(report.contains("embed \"a cat\" -> no turn"), "{report}");
        assert!(report.contains("`_ => embed()`"), "{report}");
    }
}

#[tokio::test]
async fn s50_a_turn_with_embeddings_answers_no_chat_request() {
    for streamed in [false, true] {
        let llm = misused(script([embed_with([0.5])]));
        let kind = match streamed {
            true => llm.answer_stream(ask("a cat")).await.err(),
            false => llm.answer(ask("a cat")).await.err(),
        };
        assert_eq!(kind.expect("it does not fit").kind, ErrorKind::Unscripted);
        let report = report(&llm);
        assert!(
            report.contains("the turn answers requests for embeddings"),
            "{report}"
        );
        assert!(report.contains("embed([0.5])"), "{report}");
    }
}

#[provider_test]
async fn s50_a_turn_of_the_other_kind_that_may_be_left_out_is_passed_over() {
    let llm = MockProvider::script([
        embed().times(0..),
        reply("Hi.").times(1..),
        embed_with([1.0]),
    ]);
    assert_eq!(say(&llm, "a").await, "Hi.");
    assert_eq!(vectors(&llm, texts(["a"])).await, [[1.0]]);
}

#[provider_test]
async fn s50_rules_and_otherwise_serve_any_number_of_either_kind() {
    let rules = || {
        [
            on(any_user_message("a")).embed_with([1.0]),
            on(any_user_message("a")).reply("Hi."),
        ]
    };
    for scenario in [
        script([]).rules(rules()),
        script([])
            .rules([on([]).reply("Hi.")])
            .otherwise(embed_with([1.0])),
        script([])
            .rules([on([]).embed_with([1.0])])
            .otherwise(reply("Hi.")),
        script([reply("Hi.").forever()]).otherwise(embed_with([1.0])),
        script([embed_with([1.0]).forever()]).otherwise(reply("Hi.")),
    ] {
        let llm = MockProvider::new(scenario);
        for _ in 0..2 {
            assert_eq!(vectors(&llm, texts(["a"])).await, [[1.0]]);
            assert_eq!(say(&llm, "a").await, "Hi.");
        }
    }
}

#[test]
fn s50_a_turn_after_one_of_the_same_kind_cannot_be_reached() {
    let both = || [on([]).embed(), on([]).reply("Hi.")];
    for hidden in [embed(), reply("Hi.")] {
        let error = script([]).rules(both()).otherwise(hidden).check();
        let error = error.expect_err("it is never reached").to_string();
        assert!(error.contains("it is never reached"), "{error}");
    }
    let one = script([]).rules([on([]).reply("Hi.")]);
    assert!(one.clone().otherwise(embed()).check().is_ok());
    // Without any embedding, a chat turn for all requests hides what fails.
    assert!(one.otherwise(fail(rate_limit())).check().is_err());
    let either = script([]).rules([on([]).reply("Hi."), on([]).embed()]);
    assert!(either.otherwise(fail(rate_limit())).check().is_ok());
}

#[provider_test]
async fn s50_failures_and_silence_answer_both_kinds(clock: TestClock) {
    let llm = MockProvider::script([fail(rate_limit().retry_after(secs(2))).times(2), hang()]);
    let error = llm
        .answer_embedding(texts(["a"]))
        .await
        .expect_err("it fails");
    assert_eq!(
        (error.kind, error.status),
        (ErrorKind::RateLimit, Some(429))
    );
    assert_eq!(error.retry_after, Some(secs(2)));
    assert!(llm.answer(ask("a")).await.is_err());
    let never = llm.answer_embedding(texts(["a"]));
    assert!(tokio::time::timeout(secs(60), never).await.is_err());
    assert_eq!(clock.elapsed(), secs(60));
    assert_eq!(llm.calls()[2].outcome(), Some(&Outcome::Cancelled));

    llm.outage(rate_limit());
    let error = llm
        .answer_embedding(texts(["a"]))
        .await
        .expect_err("an outage");
    assert_eq!(error.kind, ErrorKind::RateLimit);
}

#[provider_test]
async fn s50_an_embedding_takes_its_time_and_waits_at_gates(clock: TestClock) {
    let turns = [
        pause(ms(300)).embed(),
        gate("ready").embed_with([1.0]).headers([("x-a", "b")]),
    ];
    let llm = MockProvider::new(script(turns).latency(ms(100)));
    vectors(&llm, texts(["a"])).await;
    assert_eq!(clock.elapsed(), ms(400));

    let gate = llm.gate("ready");
    let task = tokio::spawn(llm.answer_embedding(texts(["a"])));
    gate.wait_until_reached().await;
    gate.open();
    let response = task.await.expect("no panic").expect("a vector");
    assert_eq!(response.headers, [("x-a".into(), "b".into())]);
    assert_eq!(llm.calls()[1].outcome(), Some(&Outcome::Completed));
}

#[provider_test]
async fn s50_an_embedding_that_nobody_awaits_is_not_a_call() {
    let llm = misused(script([embed()]));
    drop(llm.answer_embedding(texts(["a"])));
    assert!(llm.calls().is_empty());
}

#[test]
fn s50_a_turn_of_embeddings_has_nothing_of_a_stream() {
    let wrong: [(Turn, &str); 11] = [
        (embed().reply("Hi."), "it has embeddings and other actions"),
        (embed().every(ms(1)), "embeddings are not streamed"),
        (embed().cut_after(0), "embeddings are not streamed"),
        (embed().keepalive(secs(1)), "embeddings are not streamed"),
        (embed().ttft(ms(1)), "embeddings have no first token"),
        (embed().finish(None), "embeddings have no finish reason"),
        (
            embed().embed_with([1.0]),
            "it makes a vector for each input",
        ),
        (
            embed_with([1.0]).embed_with([1.0, 0.0]),
            "1 and 2 dimensions",
        ),
        (embed_with(Vec::new()), "its vector has no numbers"),
        (embed_with([1.0, f32::NAN]), "its vector has the number NaN"),
        (embed_with([f32::INFINITY]), "its vector has the number inf"),
    ];
    for (turn, expected) in wrong {
        let error = script([turn]).check().expect_err(expected).to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[provider_test]
async fn s51_the_vector_depends_on_the_text_alone() {
    let (one, other) = (
        MockProvider::new(script([embed().times(2)]).seed(1)),
        MockProvider::new(script([reply("Hi."), embed()]).seed(2)),
    );
    say(&other, "hello").await;
    let batch = vectors(&one, texts(["a cat", "", "a dog"])).await;
    let again = vectors(&one, texts(["a cat"])).await;
    assert_eq!(batch[0], again[0]);
    assert_eq!(
        vectors(&other, texts(["a dog", ""])).await,
        [batch[2].clone(), batch[1].clone()]
    );
}

#[provider_test]
async fn s51_each_vector_has_length_1_and_the_dimensions_asked_for() {
    let llm = MockProvider::script([embed().times(0..)]);
    for dimensions in [1, 2, 255, 3_072, 16_384] {
        let request = texts(["a cat", "", "?!", "猫"]).with_dimensions(dimensions);
        for vector in vectors(&llm, request).await {
            assert_eq!(vector.len(), dimensions as usize);
            assert!((cosine(&vector, &vector) - 1.0).abs() < 1e-4);
        }
    }
}

#[provider_test]
async fn s51_texts_that_share_words_are_similar() {
    let llm = MockProvider::script([embed()]);
    let question = "What is the capital of France?";
    let documents = [
        question,
        "france: THE capital, of what is",
        "Paris is the capital of France.",
        "Bread needs flour, water and salt.",
    ];
    let vectors = vectors(&llm, texts(documents)).await;
    let to_question = |at: usize| cosine(&vectors[0], &vectors[at]);
    assert!((to_question(1) - 1.0).abs() < 1e-5);
    assert!(to_question(2) > 0.5, "{}", to_question(2));
    assert!(to_question(3).abs() < 0.2, "{}", to_question(3));
}

#[provider_test]
async fn s52_each_input_has_its_vector_in_order() {
    let llm = MockProvider::script([
        embed_with([1.0, 0.0]).embed_with([0.0, 1.0]),
        embed_with([0.5]),
    ]);
    let tokens = EmbeddingRequest::new(MODEL)
        .with_input("a")
        .with_input(vec![1, 2]);
    assert_eq!(vectors(&llm, tokens).await, [[1.0, 0.0], [0.0, 1.0]]);
    assert_eq!(
        vectors(&llm, texts(["a", "b", "c"])).await,
        [[0.5], [0.5], [0.5]]
    );
}

#[tokio::test]
async fn s52_another_number_of_inputs_or_dimensions_does_not_match() {
    let two = || embed_with([1.0, 0.0]).embed_with([0.0, 1.0]);
    for (turn, request, expected) in [
        (
            two(),
            texts(["a"]),
            "the request has 1 input, and the turn has 2 vectors",
        ),
        (
            two(),
            texts(["a", "b", "c"]),
            "the request has 3 inputs, and the turn has 2 vectors",
        ),
        (
            embed_with([1.0, 0.0]),
            texts(["a"]).with_dimensions(256),
            "the request asks for 256 dimensions, and the turn's vector has 2",
        ),
    ] {
        let llm = misused(script([turn]));
        let error = llm
            .answer_embedding(request)
            .await
            .expect_err("it does not fit");
        assert_eq!(error.kind, ErrorKind::Unscripted);
        let report = report(&llm)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert!(report.contains(expected), "{report}");
    }
    let llm = MockProvider::script([embed_with([1.0, 0.0])]);
    let fits = texts(["a"]).with_dimensions(2);
    assert_eq!(vectors(&llm, fits).await, [[1.0, 0.0]]);
}

#[provider_test]
async fn s52_an_impossible_request_for_embeddings_claims_no_turn() {
    let llm = MockProvider::script([embed()]);
    for (request, param) in [
        (texts([]), "input"),
        (texts(["a"]).with_dimensions(0), "dimensions"),
        (texts(["a"]).with_dimensions(16_385), "dimensions"),
    ] {
        let error = llm
            .answer_embedding(request)
            .await
            .expect_err("it is rejected");
        assert_eq!(
            (error.kind, error.status),
            (ErrorKind::BadRequest, Some(400))
        );
        assert_eq!(error.param.as_deref(), Some(param));
        assert!(error.message.contains(param), "{error}");
    }
    vectors(&llm, texts(["a"])).await;
    assert_eq!(llm.calls().len(), 4);
}

#[provider_test]
async fn s53_inputs_are_messages_of_the_user() {
    let llm = MockProvider::new(
        script([]).rules([
            on([user("last {one:word}"), model("text-*")]).embed_with([1.0]),
            on(all_of([any_user_message("first"), not(has_tool("look"))])).embed_with([2.0]),
            on(when(|request| {
                request.extra.get("dimensions") == Some(&json!(1))
            }))
            .embed_with([3.0]),
            on(any_user_message("[9906, *]")).embed_with([4.0]),
            on(system("*")).embed_with([5.0]),
            on(header("x-a", "*")).embed_with([6.0]),
        ]),
    );
    for (request, expected) in [
        (texts(["a", "the last one"]), 1.0),
        (texts(["the first", "b"]), 2.0),
        (texts(["a"]).with_dimensions(1), 3.0),
        (
            EmbeddingRequest::new(MODEL).with_input(vec![9_906, 1_917]),
            4.0,
        ),
    ] {
        let count = request.inputs.len();
        assert_eq!(vectors(&llm, request).await, vec![vec![expected]; count]);
    }
    assert!(llm.calls().iter().all(|call| call.embedding().is_some()));
}

#[provider_test]
async fn s53_the_journal_has_the_request_itself() {
    let llm = MockProvider::script([embed(), reply("Hi.")]);
    let request = EmbeddingRequest::new(MODEL)
        .with_input("my key is sk-proj-abcdef")
        .with_input(vec![1, 2])
        .with_dimensions(8)
        .with_extra("user", "u1");
    vectors(&llm, request.clone()).await;
    say(&llm, "hello").await;

    let calls = llm.calls();
    assert_eq!(calls[0].embedding(), Some(&request));
    assert_eq!(calls[1].embedding(), None);
    assert_eq!(request.inputs[1], EmbeddingInput::Tokens(vec![1, 2]));
    let seen = calls[0].request();
    assert_eq!(
        (seen.messages.len(), &seen.extra["dimensions"]),
        (2, &json!(8))
    );
    assert_eq!(seen.user_text().as_deref(), Some("[1, 2]"));
    let shown = format!("{calls:?}");
    assert!(!shown.contains("sk-proj-abcdef"), "{shown}");
}

#[provider_test]
async fn s53_the_usage_counts_texts_and_tokens() {
    let turns = [embed(), embed().usage(usage(11, 0)), embed().usage(None)];
    let llm = MockProvider::script(turns);
    let request = texts(["12345678", "123"]).with_input(vec![1, 2, 3]);
    for expected in [Some(usage(6, 0)), Some(usage(11, 0)), None] {
        let response = llm
            .answer_embedding(request.clone())
            .await
            .expect("vectors");
        assert_eq!(response.usage, expected);
    }
}

#[tokio::test]
async fn s53_embeddings_belong_to_no_conversation() {
    let chats = script([reply("Hi.").times(0..)]).per(Per::Conversation);
    let llm = MockProvider::new(chats.clone().otherwise(embed_with([1.0])));
    say(&llm, "hello").await;
    assert_eq!(vectors(&llm, texts(["hello"])).await, [[1.0]]);
    assert_eq!(llm.calls()[1].instance(), None);

    let llm = misused(chats);
    let error = llm.answer_embedding(texts(["hello"])).await;
    assert_eq!(
        error.expect_err("nothing answers").kind,
        ErrorKind::Unscripted
    );
    let report = report(&llm);
    assert!(report.contains("belong to no conversation"), "{report}");
}

#[provider_test]
async fn s53_lanes_and_other_instances_take_embeddings_as_other_requests() {
    let llm = MockProvider::lanes([
        lane(model("text-*"), [embed_with([1.0]), embed_with([2.0])]),
        lane([], [reply("Hi.")]),
    ]);
    assert_eq!(vectors(&llm, texts(["a"])).await, [[1.0]]);
    say(&llm, "a").await;
    assert_eq!(vectors(&llm, texts(["a"])).await, [[2.0]]);
    assert_eq!(llm.calls()[2].lane(), Some(0));

    let llm = MockProvider::new(script([fail(rate_limit()), embed_with([1.0])]).per(Per::Model));
    for name in ["a", "b"] {
        let request = || EmbeddingRequest::new(name).with_input("x");
        assert!(llm.answer_embedding(request()).await.is_err());
        assert_eq!(vectors(&llm, request()).await, [[1.0]]);
    }
}

#[provider_test]
async fn s50_a_raw_answer_is_read_as_embeddings() {
    let openai = r#"{"object":"list","model":"m","data":[
        {"object":"embedding","index":0,"embedding":[0.5,-0.25]},{"object":"embedding","index":1,"embedding":[1.0]}],
        "usage":{"prompt_tokens":3,"total_tokens":3}}"#;
    let vectors = [vec![0.5, -0.25], vec![1.0]];
    for (profile, body) in [
        (Profile::Openai, openai),
        (Profile::Mistral, openai),
        (
            Profile::Gemini,
            r#"{"embeddings":[{"values":[0.5,-0.25]},{"values":[1.0]}]}"#,
        ),
        (
            Profile::Ollama,
            r#"{"model":"m","embeddings":[[0.5,-0.25],[1.0]]}"#,
        ),
    ] {
        let llm = MockProvider::new(script([raw(body)]).profile(profile));
        let response = llm.answer_embedding(texts(["a", "b"])).await;
        let response = response.expect("it is read");
        assert_eq!(response.embeddings, vectors, "{profile:?}");
        let counts = response.usage.map(|usage| usage.prompt_tokens);
        assert_eq!(counts, (body == openai).then_some(3), "{profile:?}");
    }

    // The vectors are those of the raw body, however many inputs the request has.
    let one = r#"{"embeddings":[{"values":[0.5]}]}"#;
    let llm = MockProvider::new(script([raw(one)]).profile(Profile::Gemini));
    let response = llm.answer_embedding(texts(["a", "b"])).await;
    assert_eq!(response.expect("it is read").embeddings, [[0.5]]);

    let failed = r#"{"error":{"message":"Wait.","type":"requests","code":"rate_limit_exceeded"}}"#;
    let turns = [raw(failed).status(429), raw("{")];
    let llm = MockProvider::new(script(turns).profile(Profile::Openai));
    for kind in [ErrorKind::RateLimit, ErrorKind::InvalidResponse] {
        let error = llm.answer_embedding(texts(["a"])).await;
        assert_eq!(error.expect_err("an error").kind, kind);
    }
}

#[tokio::test]
async fn s50_a_raw_answer_is_not_read_for_a_provider_without_embeddings() {
    for profile in [Profile::Plain, Profile::Anthropic] {
        let llm = misused(script([raw("{}")]).profile(profile));
        let error = llm.answer_embedding(texts(["a"])).await;
        assert_eq!(error.expect_err("not read").kind, ErrorKind::Unsupported);
        assert!(report(&llm).contains("cannot be read in process"));
    }
}
