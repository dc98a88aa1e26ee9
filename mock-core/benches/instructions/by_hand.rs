//! The mock that people write: a queue of what to answer, and a list of requests.

use std::collections::VecDeque;
use std::sync::Mutex;

use async_trait::async_trait;
use mock_core::{FinishReason, Message, ProviderError, Request, Response, Usage};

use crate::Llm;

/// Its answers are those of the mock to the last field: a number in the id, the model asked for, a finish reason, and an estimate of the tokens.
pub(crate) struct Hand {
    script: Mutex<VecDeque<Step>>,
    requests: Mutex<Vec<Request>>,
}

enum Step {
    Reply(String),
    #[expect(dead_code)]
    Fail(ProviderError),
}

impl Hand {
    pub(crate) fn new(calls: usize) -> Self {
        let script = (0..calls).map(|_| Step::Reply("It is fine.".to_owned()));
        Hand {
            script: Mutex::new(script.collect()),
            requests: Mutex::default(),
        }
    }
}

#[async_trait]
impl Llm for Hand {
    async fn complete(&self, request: &Request) -> Result<Response, ProviderError> {
        let number = {
            let mut requests = self.requests.lock().expect("no panic");
            requests.push(request.clone());
            requests.len()
        };
        let step = self.script.lock().expect("no panic").pop_front();
        let text = match step.expect("the script is long enough") {
            Step::Reply(text) => text,
            Step::Fail(error) => return Err(error),
        };
        let tokens = |text: &str| text.chars().count() as u64 / 4;
        let prompt = request
            .messages
            .iter()
            .map(|message| tokens(&message.text()));
        let usage = Usage::new(prompt.sum(), tokens(&text));
        let mut response = Response::new(format!("resp_{number}"), request.model.as_str());
        response.message = Message::assistant(text);
        response.finish_reason = Some(FinishReason::Stop);
        response.usage = Some(usage);
        Ok(response)
    }
}
