//! A span for each call, with OpenTelemetry's names for generative AI: [`CallSpan`].

use tracing::{Level, Span, field};

use crate::chat::error::ProviderError;
use crate::chat::profile::Profile;
use crate::hide_secrets;
use crate::journal::calls::{Call, Outcome};
use crate::scenario::Scenario;

/// The target of the spans and events.
const TARGET: &str = "mock_core";

/// The span of a call, from its start to its end.
pub(crate) struct CallSpan(Span);

impl CallSpan {
    /// No span, for a call that is only played again.
    pub(crate) fn none() -> Self {
        CallSpan(Span::none())
    }

    /// Opens the span within the current one of the caller.
    pub(crate) fn new(call: &Call, scenario: &Scenario) -> Self {
        let request = call.request();
        let operation = match call.is_embedding() {
            true => "embeddings",
            false => "chat",
        };
        let span = tracing::span!(
            target: TARGET,
            Level::INFO,
            "call",
            otel.name = %format_args!("{operation} {}", hide_secrets::hide(&request.model)),
            otel.kind = "client",
            otel.status_code = field::Empty,
            gen_ai.operation.name = operation,
            gen_ai.provider.name = provider(scenario),
            gen_ai.request.model = &*hide_secrets::hide(&request.model),
            gen_ai.request.max_tokens = request.max_tokens,
            gen_ai.request.temperature = request.temperature,
            gen_ai.response.id = field::Empty,
            gen_ai.response.model = field::Empty,
            gen_ai.response.finish_reasons = field::Empty,
            gen_ai.usage.input_tokens = field::Empty,
            gen_ai.usage.output_tokens = field::Empty,
            error.type = field::Empty,
            mock_core.call = call.number(),
            mock_core.outcome = field::Empty,
        );
        CallSpan(span)
    }

    /// Records that the caller received the event with this number, from 1.
    pub(crate) fn event(&self, number: usize) {
        tracing::event!(target: TARGET, parent: &self.0, Level::TRACE, { mock_core.event = number }, "event");
    }

    /// Records how the call ended.
    pub(crate) fn end(&self, call: &Call) {
        let span = &self.0;
        let Some(outcome) = call.outcome().filter(|_| !span.is_disabled()) else {
            return;
        };
        span.record("mock_core.outcome", word(outcome));
        let answer = call.response();
        if let Some(answer) = &answer {
            span.record("gen_ai.response.id", &*hide_secrets::hide(&answer.id));
            span.record("gen_ai.response.model", &*hide_secrets::hide(&answer.model));
            if let Some(reason) = &answer.finish_reason {
                span.record(
                    "gen_ai.response.finish_reasons",
                    field::debug([reason.as_str()]),
                );
            }
        }
        let usage = match call.is_embedding() {
            true => call.usage(),
            false => answer.and_then(|answer| answer.usage),
        };
        if let Some(usage) = usage {
            span.record("gen_ai.usage.input_tokens", usage.prompt_tokens);
            if !call.is_embedding() {
                span.record("gen_ai.usage.output_tokens", usage.completion_tokens);
            }
        }
        match outcome {
            Outcome::Completed | Outcome::Cancelled | Outcome::DroppedAfter(_) => {}
            Outcome::Truncated => self.fail("truncated", "the stream ended without its finish"),
            Outcome::Failed(error) => self.fail(&error_type(error), &error.message),
            Outcome::Panicked(message) => self.fail("panic", message),
        }
    }

    fn fail(&self, error_type: &str, message: &str) {
        self.0.record("otel.status_code", "ERROR");
        self.0.record("error.type", error_type);
        let message = hide_secrets::hide(message);
        tracing::event!(
            target: TARGET,
            parent: &self.0,
            Level::WARN,
            { exception.type = error_type, exception.message = &*message },
            "exception"
        );
    }
}

fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Completed => "completed",
        Outcome::Truncated => "truncated",
        Outcome::Failed(_) => "failed",
        Outcome::Cancelled | Outcome::DroppedAfter(_) => "dropped",
        Outcome::Panicked(_) => "panicked",
    }
}

/// The provider's code of an error, or its kind where there is no code.
fn error_type(error: &ProviderError) -> String {
    match &error.code {
        Some(code) => hide_secrets::hide(code).into_owned(),
        None => error.kind.to_string(),
    }
}

/// What OpenTelemetry calls a provider; its own name where the scenario gives one, or OpenTelemetry has none.
fn provider(scenario: &Scenario) -> &str {
    match (&scenario.provider, scenario.profile) {
        (Some(name), _) => name,
        (None, Profile::Azure) => "azure.ai.openai",
        (None, Profile::Gemini) => "gcp.gemini",
        (None, Profile::Mistral) => "mistral_ai",
        (None, Profile::Xai) => "x_ai",
        (None, profile) => profile.name(),
    }
}
