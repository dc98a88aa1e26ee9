//! The spans of a client say what happened: the mock opens a span within each, and knows what it answered.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};

use futures::{FutureExt as _, StreamExt as _};
use mock_core::{EmbeddingRequest, MockProvider, Request, mock_provider, provider_test};
use telemetry_on_mocks::chat;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Subscriber, info_span};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};

type Fields = BTreeMap<&'static str, String>;

/// A span that was opened, or an event.
#[derive(Debug, Clone)]
struct Seen {
    name: &'static str,
    parent: Option<u64>,
    id: Option<u64>,
    fields: Fields,
}

/// A layer that keeps all spans and events of the current thread.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<Seen>>>);

impl Spans {
    fn listen() -> (Spans, DefaultGuard) {
        let spans = Spans::default();
        let registry = Registry::default().with(spans.clone());
        (spans, tracing::subscriber::set_default(registry))
    }

    fn all(&self, name: &str) -> Vec<Seen> {
        let seen = self.0.lock().expect("no test panics with it");
        seen.iter()
            .filter(|seen| seen.name == name)
            .cloned()
            .collect()
    }

    /// The span or the event of this name within another one.
    #[track_caller]
    fn within(&self, parent: &Seen, name: &str) -> Seen {
        let mut all = self.all(name).into_iter();
        let within = all.find(|seen| seen.parent == parent.id);
        within.unwrap_or_else(|| panic!("there is no `{name}` within {parent:?}"))
    }
}

struct Keep<'f>(&'f mut Fields);

impl Visit for Keep<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::new();
        attributes.record(&mut Keep(&mut fields));
        let parent = context.span(id).and_then(|span| span.parent());
        self.0.lock().expect("no test panics with it").push(Seen {
            name: attributes.metadata().name(),
            parent: parent.map(|parent| parent.id().into_u64()),
            id: Some(id.into_u64()),
            fields,
        });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _context: Context<'_, S>) {
        let mut seen = self.0.lock().expect("no test panics with it");
        // Ids of closed spans are used again.
        let mut spans = seen.iter_mut().rev();
        let span = spans.find(|seen| seen.id == Some(id.into_u64()));
        values.record(&mut Keep(&mut span.expect("it was opened").fields));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::new();
        event.record(&mut Keep(&mut fields));
        let name = match fields.get("message").map(String::as_str) {
            Some("event") => "event",
            Some("exception") => "exception",
            _ => return,
        };
        let parent = context.event_span(event).map(|span| span.id().into_u64());
        self.0.lock().expect("no test panics with it").push(Seen {
            name,
            parent,
            id: None,
            fields,
        });
    }
}

/// Asserts that each span of the client says the same as the span of the mock within it.
#[track_caller]
fn assert_true(spans: &Spans) {
    let of_client = spans.all("chat");
    assert!(!of_client.is_empty(), "there is no span `chat`");
    for told in &of_client {
        let happened = spans.within(told, "call");
        for (name, value) in &happened.fields {
            let is_compared = name.starts_with("gen_ai.") || *name == "error.type";
            // The client does not report everything.
            if is_compared && *name != "gen_ai.response.id" {
                assert_eq!(told.fields.get(name), Some(value), "{name} of {happened:?}");
            }
        }
        let said = |fields: &Fields| fields.contains_key("error.type");
        assert_eq!(said(&told.fields), said(&happened.fields), "{told:?}");
    }
}

mock_provider!(
    Bot = openai("gpt-4o"),
    script = [
        reply("It is 18 °C.").usage(120, 7),
        fail(rate_limit { retry_after: 2s }),
        reply("It is 18").finish(length).usage(120, 3),
        fail(timeout),
    ],
);

#[provider_test]
async fn the_client_reports_what_happened(llm: Bot) {
    let (spans, _listening) = Spans::listen();
    for text in ["one", "two", "three", "four"] {
        let request = Request::new("gpt-4o").user(text).with_max_tokens(50);
        let _ = chat(&*llm, request).await;
    }

    assert_true(&spans);
    let told = spans.all("chat");
    assert_eq!(told[0].fields["gen_ai.usage.output_tokens"], "7");
    assert_eq!(told[1].fields["error.type"], "rate_limit_exceeded");
    assert_eq!(
        told[2].fields["gen_ai.response.finish_reasons"],
        "[\"length\"]"
    );
    assert_eq!(told[3].fields["error.type"], "timeout");
}

#[provider_test]
#[should_panic = "gen_ai.usage.input_tokens"]
async fn a_client_that_mixes_up_its_tokens_is_found(
    #[mock(reply("Hi.").usage(120, 7))] llm: MockProvider,
) {
    let (spans, _listening) = Spans::listen();
    let span = info_span!(
        "chat",
        gen_ai.operation.name = "chat",
        gen_ai.provider.name = "mock",
        gen_ai.request.model = "gpt-4o",
        gen_ai.response.model = "gpt-4o",
        gen_ai.response.finish_reasons = "[\"stop\"]",
        gen_ai.usage.input_tokens = 7,
        gen_ai.usage.output_tokens = 120,
    );
    let answer = llm.answer(Request::new("gpt-4o").user("hello"));
    let _ = tracing::Instrument::instrument(answer, span).await;
    assert_true(&spans);
}

#[provider_test]
async fn the_mock_opens_a_span_for_each_call(
    #[mock(
        gemini("gemini-2.5-pro"),
        script = [stream(["a", "b", "c"]).every(20ms), reply("d"), fail(auth)],
    )]
    llm: MockProvider,
) {
    let (spans, _listening) = Spans::listen();
    let request = || Request::new("gemini-2.5-pro").user("hello");
    let mut events = llm.answer_stream(request()).await.expect("a stream");
    let _ = (events.next().await, events.next().await);
    drop(events);
    let _ = llm.answer(request()).await;
    let _ = llm.answer(request()).await;

    let [dropped, completed, failed] = &spans.all("call")[..] else {
        panic!("not three spans: {:?}", spans.all("call"));
    };
    assert_eq!(dropped.fields["mock_core.outcome"], "dropped");
    assert!(!dropped.fields.contains_key("error.type"));
    assert_eq!(spans.all("event").len(), 2);
    assert_eq!(completed.fields["otel.name"], "chat gemini-2.5-pro");
    assert_eq!(completed.fields["gen_ai.provider.name"], "gcp.gemini");
    assert_eq!(completed.fields["mock_core.call"], "2");
    assert!(!completed.fields.contains_key("otel.status_code"));
    assert_eq!(failed.fields["otel.status_code"], "ERROR");
    let exception = spans.within(failed, "exception");
    assert_eq!(
        exception.fields["exception.type"],
        failed.fields["error.type"]
    );
}

#[tokio::test]
async fn a_closure_that_panics_is_one_failure() {
    let (spans, _listening) = Spans::listen();
    let llm = mock_provider!(respond_with(|_| panic!("no answer")));
    let answer = llm.answer(Request::new("gpt-4o").user("hello"));
    let panicked = AssertUnwindSafe(answer).catch_unwind().await;
    assert!(panicked.is_err() && llm.verify().is_err());
    let span = &spans.all("call")[0];
    assert_eq!(span.fields["mock_core.outcome"], "panicked");
    assert_eq!(span.fields["error.type"], "panic");
    assert_eq!(spans.all("exception").len(), 1);
}

#[provider_test]
async fn embeddings_have_spans_too(#[mock(embed())] llm: MockProvider) {
    let (spans, _listening) = Spans::listen();
    let request = EmbeddingRequest::new("text-embedding-3-small").with_input("a cat");
    llm.answer_embedding(request).await.expect("vectors");
    let span = &spans.all("call")[0];
    assert_eq!(span.fields["gen_ai.operation.name"], "embeddings");
    assert!(span.fields.contains_key("gen_ai.usage.input_tokens"));
    assert!(!span.fields.contains_key("gen_ai.usage.output_tokens"));
}

#[provider_test]
async fn no_secret_is_in_a_span(
    #[mock(fail(auth { message: "no such key: sk-proj-ghijklmnop" }))] llm: MockProvider,
) {
    let (spans, _listening) = Spans::listen();
    let _ = llm
        .answer(Request::new("sk-proj-abcdefgh").user("hello"))
        .await;
    let all = format!("{:?}{:?}", spans.all("call"), spans.all("exception"));
    assert!(!all.contains("sk-proj"), "{all}");
    assert!(all.contains("no such key"), "{all}");
}
