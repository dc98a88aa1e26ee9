//! S72: prompts of requests over the wire whose beginning must stay the same.

use mock_core::builder::*;
use mock_core::scenario::Turn;
use mock_core::{ErrorKind, MockProvider, MockServer, Report, Request, provider_test};

use crate::raw_client::{CHAT, Client};

const MESSAGES: &str = "/v1/messages";

fn serve(turns: impl IntoIterator<Item = Turn>) -> MockServer {
    MockServer::new(MockProvider::new(
        script(turns).expect([expect::prompt_prefix_stable()]),
    ))
}

async fn post(server: &MockServer, path: &str, body: &str) -> u16 {
    let reply = Client::new(server)
        .await
        .ask("POST", path, body.to_owned())
        .await;
    reply.expect("an answer").status
}

/// The report of a mock after it has got these requests.
async fn told(path: &str, bodies: &[&str]) -> Option<Report> {
    let server = serve([reply("Hi.").times(0..)]);
    for body in bodies {
        assert_eq!(post(&server, path, body).await, 200, "{body}");
    }
    let report = server.verify().err();
    // The test would fail with it.
    server.reset();
    report
}

const FIRST: &str = r#"{"model":"m","tools":[{"type":"function","function":{"name":"a"}}],"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"one"}]}"#;

/// The second request of the conversation, with this in place of what it begins with.
fn second(tools: &str, system: &str) -> String {
    format!(
        r#"{{"messages":[{{"role":"system","content":"{system}"}},{{"role":"user","content":"one"}},{{"role":"assistant","content":"Hi."}},{{"role":"user","content":"two"}}],"tools":{tools},"model":"m"}}"#
    )
}

const TOOLS: &str = r#"[{"type":"function","function":{"name":"a"}}]"#;

#[provider_test]
async fn s72_a_request_that_begins_as_the_one_before_it_is_stable() {
    let same = second(TOOLS, "Be brief.");
    assert_eq!(told(CHAT, &[FIRST, &same]).await, None);
    // A retry, and another conversation.
    let other = FIRST.replace("one", "three").replace("Be brief", "Be kind");
    assert_eq!(told(CHAT, &[FIRST, FIRST, &other, &same]).await, None);
}

/// How the requests of a wire are written.
pub(crate) struct Form {
    pub(crate) path: &'static str,
    pub(crate) body: fn(tools: &str, system: &str, messages: &str) -> String,
    /// A declared tool.
    tool: fn(&str) -> String,
    /// The messages: what the user says, the answer to it, and what the user says then.
    pub(crate) said: [&'static str; 3],
    /// Where the instructions are.
    instructions: &'static str,
}

/// Every wire on which conversations come, with tools and instructions.
pub(crate) const FORMS: [Form; 6] = [
    Form {
        path: CHAT,
        body: |tools, system, messages| {
            let system = format!(r#"{{"role":"system","content":"{system}"}}"#);
            format!(r#"{{"model":"m","messages":[{system},{messages}],"tools":[{tools}]}}"#)
        },
        tool: |name| format!(r#"{{"type":"function","function":{{"name":"{name}"}}}}"#),
        said: [
            r#"{"role":"user","content":"one"}"#,
            r#"{"role":"assistant","content":"Hi."}"#,
            r#"{"role":"user","content":"two"}"#,
        ],
        instructions: "message 1",
    },
    Form {
        path: "/v1/responses",
        body: |tools, system, messages| {
            format!(
                r#"{{"model":"m","instructions":"{system}","input":[{messages}],"tools":[{tools}]}}"#
            )
        },
        tool: |name| format!(r#"{{"type":"function","name":"{name}"}}"#),
        said: [
            r#"{"role":"user","content":"one"}"#,
            r#"{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi.","annotations":[]}]}"#,
            r#"{"role":"user","content":[{"type":"input_text","text":"two"}]}"#,
        ],
        instructions: "the instructions",
    },
    Form {
        path: MESSAGES,
        body: |tools, system, messages| {
            format!(
                r#"{{"model":"m","max_tokens":9,"system":"{system}","messages":[{messages}],"tools":[{tools}]}}"#
            )
        },
        tool: |name| format!(r#"{{"name":"{name}","input_schema":{{"type":"object"}}}}"#),
        said: [
            r#"{"role":"user","content":"one"}"#,
            r#"{"role":"assistant","content":[{"type":"text","text":"Hi."}]}"#,
            r#"{"role":"user","content":"two"}"#,
        ],
        instructions: "the instructions",
    },
    Form {
        path: "/v1beta/models/m:generateContent",
        body: |tools, system, messages| {
            let tools = format!(r#"[{{"functionDeclarations":[{tools}]}}]"#);
            format!(
                r#"{{"systemInstruction":{{"parts":[{{"text":"{system}"}}]}},"contents":[{messages}],"tools":{tools}}}"#
            )
        },
        tool: |name| format!(r#"{{"name":"{name}"}}"#),
        said: [
            r#"{"role":"user","parts":[{"text":"one"}]}"#,
            r#"{"role":"model","parts":[{"text":"Hi."}]}"#,
            r#"{"role":"user","parts":[{"text":"two"}]}"#,
        ],
        instructions: "the instructions",
    },
    Form {
        path: "/v1beta/interactions",
        body: |tools, system, messages| {
            format!(
                r#"{{"model":"m","system_instruction":"{system}","input":[{messages}],"tools":[{tools}]}}"#
            )
        },
        tool: |name| format!(r#"{{"type":"function","name":"{name}"}}"#),
        said: [
            r#"{"type":"user_input","content":"one"}"#,
            r#"{"type":"model_output","content":[{"type":"text","text":"Hi."}]}"#,
            r#"{"type":"user_input","content":"two"}"#,
        ],
        instructions: "the instructions",
    },
    Form {
        path: "/api/chat",
        body: |tools, system, messages| {
            let system = format!(r#"{{"role":"system","content":"{system}"}}"#);
            format!(
                r#"{{"model":"m","stream":false,"messages":[{system},{messages}],"tools":[{tools}]}}"#
            )
        },
        tool: |name| format!(r#"{{"type":"function","function":{{"name":"{name}"}}}}"#),
        said: [
            r#"{"role":"user","content":"one"}"#,
            r#"{"role":"assistant","content":"Hi."}"#,
            r#"{"role":"user","content":"two"}"#,
        ],
        instructions: "message 1",
    },
];

#[provider_test]
async fn s72_prompts_are_compared_on_every_wire() {
    for form in &FORMS {
        let all = form.said.join(",");
        let tool = form.tool;
        let body = |tools: &str, system: &str, messages: &str| (form.body)(tools, system, messages);
        let first = body(&tool("a"), "Be brief.", form.said[0]);
        let next = body(&tool("a"), "Be brief.", &all);
        let same = [&*first, &first, &next];
        assert_eq!(told(form.path, &same).await, None, "{}", form.path);
        for (other, broken) in [
            (body(&tool("b"), "Be brief.", &all), "the tools"),
            (body("", "Be brief.", &all), "the tools"),
            (body(&tool("a"), "Be kind.", &all), form.instructions),
            (
                body(&tool("a"), "Be brief.", &all.replace("one", "uno")),
                match form.instructions {
                    "message 1" => "message 2",
                    _ => "message 1",
                },
            ),
        ] {
            let report = told(form.path, &[&first, &other]).await;
            let text = report.expect("it differs").to_string();
            let headline = format!("{broken} of call 2 differ");
            assert!(text.contains(&headline), "{}: {text}", form.path);
        }
    }
}

#[provider_test]
async fn s72_a_text_may_be_written_in_short_and_in_long() {
    let responses = |input: &str| format!(r#"{{"model":"m","input":{input}}}"#);
    let (path, said) = (FORMS[1].path, FORMS[1].said.join(","));
    let long = responses(&format!("[{said}]"));
    assert_eq!(told(path, &[&responses(r#""one""#), &long]).await, None);
    let other = told(path, &[&responses(r#""uno""#), &long]).await;
    assert!(other.is_some());

    let interactions = |rest: &str| format!(r#"{{"model":"m",{rest}}}"#);
    let (path, said) = (FORMS[4].path, FORMS[4].said.join(","));
    let long = interactions(&format!(r#""input":[{said}]"#));
    let short = interactions(r#""input":"one""#);
    assert_eq!(told(path, &[&short, &long]).await, None);
}

/// The marks make a list of a text, which is a text again in the next request.
#[provider_test]
async fn s72_a_text_that_was_marked_for_caching_is_the_same_text() {
    let body =
        |messages: &str| format!(r#"{{"model":"m","max_tokens":9,"messages":[{messages}]}}"#);
    let marked = r#"{"role":"user","content":[{"type":"text","text":"one","cache_control":{"type":"ephemeral"}}]}"#;
    let next = FORMS[2].said.join(",");
    assert_eq!(told(MESSAGES, &[&body(marked), &body(&next)]).await, None);
}

#[provider_test]
async fn s72_a_change_is_reported_with_its_place() {
    for (body, lines) in [
        (
            second(TOOLS, "It is noon. Be brief."),
            [
                "message 1 of call 2 differs from that of call 1 at byte 28",
                r#"call 1: …le":"system","content":"Be brief."}"#,
                r#"call 2: …le":"system","content":"It is noon. Be brief."}"#,
            ],
        ),
        (
            second("[]", "Be brief."),
            [
                "the tools of call 2 differ from those of call 1 at byte 1",
                r#"call 1: [{"type":"function","#,
                "call 2: []",
            ],
        ),
        (
            second(TOOLS, "Be brief.").replace(
                r#""role":"user","content":"one""#,
                r#""content":"one","role":"user""#,
            ),
            [
                "message 2 of call 2 differs from that of call 1 at byte 2",
                r#"call 1: {"role":"user","content":"one"}"#,
                r#"call 2: {"content":"one","role":"user"}"#,
            ],
        ),
    ] {
        let report = told(CHAT, &[FIRST, &body]).await.expect("it differs");
        let text = report.to_string().replace('\n', " ");
        for line in lines {
            assert!(text.contains(line), "{line}\nis not in\n{report}");
        }
    }
}

#[provider_test]
async fn s72_a_history_that_was_changed_is_compared_with_the_request_before() {
    let changed = second(TOOLS, "Be brief.").replace("one", "uno");
    let report = told(CHAT, &[FIRST, &changed]).await.expect("it differs");
    let headline = "message 2 of call 2 differs";
    assert!(report.to_string().contains(headline), "{report}");
}

#[provider_test]
async fn s72_the_marks_for_caching_may_move() {
    let text = |text: &str, mark: &str| format!(r#"{{"type":"text","text":"{text}"{mark}}}"#);
    let mark = r#","cache_control":{"type":"ephemeral"}"#;
    let body = |messages: &str, mark: &str| {
        let system = text("Be brief.", mark);
        format!(r#"{{"model":"m","max_tokens":9,"system":[{system}],"messages":[{messages}]}}"#)
    };
    let user = |content: &str| format!(r#"{{"role":"user","content":[{content}]}}"#);
    let first = body(&user(&text("one", mark)), mark);
    let answer = r#"{"role":"assistant","content":"Hi."}"#;
    let messages = [
        user(&text("one", "")),
        answer.to_owned(),
        user(&text("two", mark)),
    ];
    let next = body(&messages.join(","), "");
    assert_eq!(told(MESSAGES, &[&first, &next]).await, None);
    let other = next.replace("Be brief.", "Be kind.");
    let report = told(MESSAGES, &[&first, &other]).await.expect("it differs");
    assert!(
        report.to_string().contains("the instructions of call 2"),
        "{report}"
    );
}

#[tokio::test]
async fn s72_prompts_are_compared_over_the_wire_only() {
    let llm = MockProvider::new(script([reply("Hi.")]).expect([expect::prompt_prefix_stable()]));
    let error = llm
        .answer(Request::new("gpt-4o").user("hello"))
        .await
        .expect_err("it is in process");
    assert_eq!(error.kind, ErrorKind::Unsupported);
    let report = llm.verify().expect_err("it is unsupported");
    assert!(report.to_string().contains("serve the mock"), "{report}");
}
