//! The functions that every wire has take and return the same types on all of them.

use serde_json::Value;

use super::super::{
    ErrorResponse, Model, ReadError, Rule, WriteError, anthropic, gemini, gemini_interactions,
    ollama, openai, openai_responses,
};
use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::scenario::Profile;

/// The type of a function that each wire has.
macro_rules! same {
    ($($ty:ty: $($name:ident)::+;)*) => {$(
        let _: [$ty; 6] = [
            openai::$($name)::+, openai_responses::$($name)::+, anthropic::$($name)::+,
            gemini::$($name)::+, gemini_interactions::$($name)::+, ollama::$($name)::+,
        ];
    )*};
}

#[test]
fn the_same_names_take_the_same_arguments_on_every_wire() {
    same! {
        fn(Value) -> Result<Request, ReadError>: read_request;
        fn(&Request) -> Result<Value, WriteError>: write_request;
        fn(&Value, Profile) -> Result<(), ProviderError>: check;
        fn(&Response, u64) -> Result<Value, WriteError>: write_response;
        fn(Value) -> Result<Response, ReadError>: read_response;
        fn(&ProviderError, &str, u64) -> Option<ErrorResponse>: write_error;
        fn(&ProviderError) -> String: write_stream_error;
        fn(Value) -> Result<Vec<Model>, ReadError>: read_models;
        fn(u64, u64) -> String: response_id;
        fn(u64, u64) -> String: call_id;
        fn(u64, u64) -> String: request_id;
    }
    let _: Vec<&Rule> = openai::rules()
        .chain(openai_responses::rules())
        .chain(anthropic::rules())
        .chain(gemini::rules())
        .chain(gemini_interactions::rules())
        .chain(ollama::rules())
        .collect();
    let head = Response::new("", "");
    let (mut openai, mut responses, mut anthropic) = (
        openai::StreamWriter::new(&head, 0),
        openai_responses::StreamWriter::new(&head, 0),
        anthropic::StreamWriter::new(&head, 0),
    );
    let started = [openai.start(), responses.start(), anthropic.start()];
    assert!(started.iter().all(Result::is_ok));
}
