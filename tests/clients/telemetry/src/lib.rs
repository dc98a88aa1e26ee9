//! Code under test: a client that reports each call with OpenTelemetry's names for generative AI.

use mock_core::{Provider, ProviderError, Request, Response};
use tracing::field::{Empty, debug};
use tracing::{Instrument as _, Span, info_span};

/// Asks the provider, and reports the call as a span.
///
/// # Errors
/// If the provider fails.
pub async fn chat(llm: &impl Provider, request: Request) -> Result<Response, ProviderError> {
    let span = info_span!(
        "chat",
        gen_ai.operation.name = "chat",
        gen_ai.provider.name = llm.name(),
        gen_ai.request.model = request.model,
        gen_ai.request.max_tokens = request.max_tokens,
        gen_ai.response.model = Empty,
        gen_ai.response.finish_reasons = Empty,
        gen_ai.usage.input_tokens = Empty,
        gen_ai.usage.output_tokens = Empty,
        error.type = Empty,
    );
    let answer = llm.chat(request).instrument(span.clone()).await;
    record(&span, &answer);
    answer
}

fn record(span: &Span, answer: &Result<Response, ProviderError>) {
    match answer {
        Ok(response) => {
            span.record("gen_ai.response.model", &*response.model);
            if let Some(reason) = &response.finish_reason {
                span.record("gen_ai.response.finish_reasons", debug([reason.as_str()]));
            }
            if let Some(usage) = &response.usage {
                span.record("gen_ai.usage.input_tokens", usage.prompt_tokens);
                span.record("gen_ai.usage.output_tokens", usage.completion_tokens);
            }
        }
        Err(error) => {
            let kind = error.kind.to_string();
            span.record("error.type", error.code.as_deref().unwrap_or(&kind));
        }
    }
}
