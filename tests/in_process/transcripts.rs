//! S74: the transcript of calls.

use mock_core::builder::*;
use mock_core::{Message, MockProvider, Request, Response, Transcript};

use crate::helpers::ask;

/// The same calls in each run, with what differs from run to run.
async fn run(seed: u64, id: &str) -> Transcript {
    let turns = [
        call(
            "get_weather",
            [("city", "{user}"), ("api_key", "sk-proj-abcdef")],
        )
        .pieces(2),
        stream(["It is ", "18 °C."]).cut_after(1),
        fail(rate_limit()),
        respond_with(|_: &Request| Response::from(Message::assistant("Done."))),
    ];
    let llm = MockProvider::new(script(turns).latency(ms(1)..ms(900)).seed(seed));
    let request = ask("Paris")
        .system("Be brief.\nBe kind.")
        .with_temperature(0.5);
    let mut answer = llm.answer(request.clone()).await.expect("a call").message;
    let mut result = Message::tool(id, "18");
    for part in answer.parts.iter_mut().chain(&mut result.parts) {
        if let mock_core::Part::ToolCall(call) = part {
            call.id = id.to_owned();
        }
    }
    let request = request.with_messages([answer, result]);
    let stream = llm.answer_stream(request.clone()).await.expect("a stream");
    let _: Vec<_> = futures::StreamExt::collect(stream).await;
    llm.answer(request.clone()).await.expect_err("a failure");
    llm.answer(request).await.expect("an answer");
    llm.transcript()
}

#[tokio::test(start_paused = true)]
async fn s74_a_transcript_is_the_same_in_every_run() {
    let transcript = run(1, "call_x").await;
    assert_eq!(transcript, run(2, "toolu_01XYZ").await);
    assert_eq!(
        transcript.to_string(),
        "\
call 1: gpt-4o, temperature 0.5
  user: Paris
  system: Be brief.
    Be kind.
  -> calls get_weather {\"api_key\":\"[redacted]\",\"city\":\"Paris\"} #1
call 2: gpt-4o, streamed, temperature 0.5
  (2 messages as before)
  assistant: calls get_weather {\"api_key\":\"[redacted]\",\"city\":\"Paris\"} #2
  tool: get_weather returned 18 #2
  -> It is 
  -> connection
call 3: gpt-4o, temperature 0.5
  (4 messages as before)
  -> rate_limit: status 429
call 4: gpt-4o, temperature 0.5
  (4 messages as before)
  -> Done.
"
    );
    let json = serde_json::to_value(&transcript).expect("JSON");
    assert_eq!(json[3]["call"], "call 4: gpt-4o, temperature 0.5");
    assert_eq!(json[3]["answer"], serde_json::json!(["Done."]));
}
