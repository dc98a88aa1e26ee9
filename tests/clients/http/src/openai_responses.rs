//! [async-openai](https://docs.rs/async-openai/0.43.0) on the Responses API.

use async_openai::Client as Sdk;
use async_openai::config::OpenAIConfig;
use async_openai::types::responses::{
    CreateResponse, EasyInputContent, EasyInputMessage, FunctionCallOutputItemParam, FunctionTool,
    FunctionToolCall, ImageDetail, IncludeEnum, InputContent, InputImageContent, InputItem, Item,
    MessageItem, OutputItem, OutputMessage, OutputMessageContent, Response,
    ResponseFormatJsonSchema, ResponseStreamEvent, ResponseTextParam, ResponseUsage, Status,
    SummaryPart, TextResponseFormatConfiguration,
};
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use mock_core::{MockServer, ToolCall, Usage};
use serde_json::Value;

use crate::openai::{list_models, sdk, to_failure};
use crate::{
    Answer, Asked, Client, Failure, GPT, Image, Own, PNG, Round, TOOL, TOOL_DESCRIPTION, Talk,
    count, tool_parameters,
};

/// async-openai, with the retries that it comes with.
pub struct AsyncOpenaiResponses(Sdk<OpenAIConfig>);

impl AsyncOpenaiResponses {
    /// As it comes: it tries again, three times at most.
    pub fn new(server: &MockServer, http: reqwest::Client) -> Self {
        AsyncOpenaiResponses(sdk(server, http))
    }
}

impl Client for AsyncOpenaiResponses {
    fn ask<'c>(&'c self, talk: &'c Talk) -> Asked<'c> {
        async move {
            let response = self.0.responses().create(to_request(talk)).await;
            of_response(response.map_err(to_failure)?)
        }
        .boxed()
    }

    fn ask_streaming<'c>(&'c self, talk: &'c Talk) -> Asked<'c> {
        async move {
            let stream = self.0.responses().create_stream(to_request(talk)).await;
            let mut stream = stream.map_err(to_failure)?;
            let mut said = String::new();
            let mut whole = None;
            while let Some(event) = stream.next().await {
                let event = event.map_err(|error| Failure {
                    said: said.clone(),
                    ..to_failure(error)
                })?;
                match event {
                    ResponseStreamEvent::ResponseOutputTextDelta(event) => {
                        said.push_str(&event.delta);
                    }
                    ResponseStreamEvent::ResponseCompleted(event) => whole = Some(event.response),
                    ResponseStreamEvent::ResponseIncomplete(event) => whole = Some(event.response),
                    ResponseStreamEvent::ResponseFailed(event) => whole = Some(event.response),
                    ResponseStreamEvent::ResponseError(event) => {
                        let code = event.code.unwrap_or_default();
                        let failure = Failure::new(format!("ResponseError({code})"));
                        return Err(Failure { said, ..failure });
                    }
                    _ => {}
                }
            }
            match whole {
                Some(response) => {
                    of_response(response).map_err(|failure| Failure { said, ..failure })
                }
                // The stream ended, and the client says nothing of it.
                None => Ok(Answer {
                    text: said,
                    ..Answer::default()
                }),
            }
        }
        .boxed()
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<String>, Failure>> {
        list_models(&self.0)
    }
}

fn to_request(talk: &Talk) -> CreateResponse {
    let question = EasyInputMessage {
        content: to_content(talk),
        ..EasyInputMessage::from("")
    };
    let rounds = talk.rounds.iter().flat_map(to_items);
    let items = std::iter::once(question.into()).chain(rounds);
    CreateResponse {
        model: Some(GPT.to_owned()),
        input: items.collect::<Vec<InputItem>>().into(),
        tools: talk.offers_tool.then(|| vec![tool().into()]),
        text: talk.schema.clone().map(to_format),
        include: Some(vec![IncludeEnum::ReasoningEncryptedContent]),
        ..Default::default()
    }
}

fn tool() -> FunctionTool {
    FunctionTool {
        name: TOOL.to_owned(),
        description: Some(TOOL_DESCRIPTION.to_owned()),
        parameters: Some(tool_parameters()),
        ..Default::default()
    }
}

fn to_content(talk: &Talk) -> EasyInputContent {
    let url = match talk.image {
        None => return EasyInputContent::Text(talk.question.clone()),
        Some(Image::Url(url)) => url.to_owned(),
        Some(Image::Base64(data)) => format!("data:{PNG};base64,{data}"),
    };
    let image = InputImageContent {
        detail: ImageDetail::Auto,
        image_url: Some(url),
        ..Default::default()
    };
    let question = InputContent::from(talk.question.as_str());
    EasyInputContent::ContentList(vec![question, image.into()])
}

fn to_format(schema: Value) -> ResponseTextParam {
    ResponseTextParam {
        format: TextResponseFormatConfiguration::JsonSchema(ResponseFormatJsonSchema {
            description: None,
            name: "answer".to_owned(),
            schema,
            strict: Some(true),
        }),
        verbosity: None,
    }
}

/// What was answered goes back item by item, and a result for each call.
fn to_items(round: &Round) -> Vec<InputItem> {
    let output: Vec<OutputItem> = round.answer.own();
    let results = round.answer.calls.iter().zip(&round.results);
    let results = results.map(|(call, result)| {
        Item::from(FunctionCallOutputItemParam {
            call_id: Some(call.id.clone()),
            output: result.as_str().into(),
            id: None,
            status: None,
            name: None,
            namespace: None,
            caller: None,
        })
    });
    let answer = output.into_iter().filter_map(to_item);
    answer.chain(results).map(InputItem::from).collect()
}

fn to_item(output: OutputItem) -> Option<Item> {
    match output {
        OutputItem::Message(message) => Some(MessageItem::from(message).into()),
        OutputItem::FunctionCall(call) => Some(call.into()),
        OutputItem::Reasoning(reasoning) => Some(reasoning.into()),
        _ => None,
    }
}

/// A failed answer is a response of the client's like any other.
fn of_response(response: Response) -> Result<Answer, Failure> {
    if let Some(error) = response.error {
        let code = serde_json::to_value(&error.code).unwrap_or_default();
        let code = code.as_str().unwrap_or_default();
        return Err(Failure::new(format!("Response.error({code})")));
    }
    let details = response.incomplete_details.as_ref();
    let reason = match (&response.status, details) {
        (status, Some(details)) => Some(format!("{status:?}({})", details.reason)),
        (Status::Incomplete, None) => None,
        (status, None) => Some(format!("{status:?}")),
    };
    let mut answer = Answer {
        text: response.output_text().unwrap_or_default(),
        usage: response.usage.as_ref().map(of_usage),
        finish_reason: reason,
        ..Answer::default()
    };
    for item in &response.output {
        match item {
            OutputItem::Message(message) => answer.refusal = answer.refusal.or(refusal(message)),
            OutputItem::FunctionCall(call) => answer.calls.push(of_call(call)),
            OutputItem::Reasoning(reasoning) => {
                let summary = reasoning.summary.iter();
                let texts = summary.map(|SummaryPart::SummaryText(summary)| &*summary.text);
                answer.reasoning.extend(texts);
                answer.signature = reasoning.encrypted_content.clone();
            }
            _ => {}
        }
    }
    answer.message = Some(Own::new(response.output));
    Ok(answer)
}

fn refusal(message: &OutputMessage) -> Option<String> {
    message.content.iter().find_map(|content| match content {
        OutputMessageContent::Refusal(words) => Some(words.refusal.clone()),
        OutputMessageContent::OutputText(_) => None,
    })
}

fn of_call(call: &FunctionToolCall) -> ToolCall {
    ToolCall::new(&*call.call_id, &*call.name, &*call.arguments)
}

fn of_usage(usage: &ResponseUsage) -> Usage {
    let (prompt, completion) = (&usage.input_tokens_details, &usage.output_tokens_details);
    Usage::new(usage.input_tokens.into(), usage.output_tokens.into())
        .cache_read(prompt.cached_tokens.into())
        .cache_write(count(prompt.cache_write_tokens))
        .reasoning(completion.reasoning_tokens.into())
}
