//! The messages with which providers reject a broken conversation.

use super::mistake::{Before, Mistake, Named};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::profile::Profile;

/// The provider's message for each mistake. `{}` stands for the ids.
pub(crate) struct Words {
    pub(crate) unasked: &'static str,
    pub(crate) answered_twice: &'static str,
    pub(crate) unanswered: &'static str,
}

pub(crate) const OPENAI: Words = Words {
    unasked: "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
    answered_twice: "Invalid parameter: Duplicate value for 'tool_call_id' of '{}'.",
    unanswered: "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: {}",
};

/// Sources: itmisx/deepx-code#94, zed-industries/zed#51944.
const DEEPSEEK: Words = Words {
    unasked: "Messages with role 'tool' must be a response to a preceding message with 'tool_calls'",
    answered_twice: OPENAI.answered_twice,
    unanswered: "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. (insufficient tool messages following tool_calls message)",
};

/// Mistral's message for a call with too few or too many results. Sources: camel-ai/camel#1467, miquido/draive#398.
const UNEQUAL_AT_MISTRAL: &str = "Not the same number of function calls and responses";

/// The first is completed by the role of the message before: charmbracelet/crush#279, zed-industries/zed#37021.
const MISTRAL: Words = Words {
    unasked: "Unexpected role 'tool' after role",
    answered_twice: UNEQUAL_AT_MISTRAL,
    unanswered: UNEQUAL_AT_MISTRAL,
};

pub(crate) const RESPONSES: Words = Words {
    unasked: "No tool call found for function call output with call_id {}.",
    // The provider treats a second output as one without a call.
    answered_twice: "No tool call found for function call output with call_id {}.",
    unanswered: "No tool output found for function call {}.",
};

pub(crate) const ANTHROPIC: Words = Words {
    unasked: "messages: unexpected `tool_use_id` found in `tool_result` blocks: {}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.",
    answered_twice: "messages: each tool_use must have a single result. Found multiple `tool_result` blocks with id: {}",
    unanswered: "messages: `tool_use` ids were found without `tool_result` blocks immediately after: {}. Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
};

/// Gemini's message for a call with too few or too many results.
const UNEQUAL: &str = "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";

pub(crate) const GEMINI: Words = Words {
    unasked: "Please ensure that function response turn comes immediately after a function call turn.",
    answered_twice: UNEQUAL,
    unanswered: UNEQUAL,
};

impl Mistake {
    /// The error with which this provider rejects the request.
    pub(crate) fn error(&self, profile: Profile) -> ProviderError {
        let (words, param) = match profile {
            Profile::Anthropic => (&ANTHROPIC, "messages".to_owned()),
            Profile::OpenaiResponses => (&RESPONSES, "input".to_owned()),
            Profile::Gemini => (&GEMINI, "contents".to_owned()),
            Profile::Deepseek => (&DEEPSEEK, String::new()),
            Profile::Mistral => (&MISTRAL, String::new()),
            _ => (&OPENAI, self.param()),
        };
        let (words, ids) = match self {
            Mistake::Unasked { result, .. } => (words.unasked, result.key().to_owned()),
            Mistake::AnsweredTwice { call, .. } => (words.answered_twice, call.key().to_owned()),
            Mistake::Unanswered { calls, .. } => {
                let between = match profile {
                    Profile::Anthropic => "`, `",
                    _ => ", ",
                };
                (words.unanswered, keys(calls, between))
            }
        };
        let ids = match profile {
            Profile::Anthropic => format!("`{ids}`"),
            _ => ids,
        };
        let mut words = words.replace("{}", &ids);
        if let (Profile::Mistral, Mistake::Unasked { before, .. }) = (profile, self) {
            words = match before {
                Before::Calls(_) => UNEQUAL_AT_MISTRAL.to_owned(),
                Before::Assistant(_) => format!("{words} 'assistant'"),
                Before::Other => format!("{words} 'user'"),
            };
        }
        let mut error = ProviderError::at(profile, ErrorKind::BadRequest);
        error.message = format!("{words} [mock: {}]", self.help());
        error.param = (!param.is_empty()).then(|| param.into());
        error
    }

    fn param(&self) -> String {
        match self {
            Mistake::Unasked { message, .. } | Mistake::AnsweredTwice { message, .. } => {
                format!("messages[{message}].tool_call_id")
            }
            Mistake::Unanswered { message, .. } => format!("messages[{message}].tool_calls"),
        }
    }

    fn help(&self) -> String {
        match self {
            Mistake::Unasked {
                result,
                place,
                before,
                ..
            } => {
                let missing = match (result.id.as_str(), result.tool.as_str()) {
                    ("", "") => {
                        "the result has no id, and every call without an id has its result".into()
                    }
                    ("", tool) => format!("there is no call of `{tool}` without a result"),
                    (id, _) => format!(
                        "there is no call with the id `{id}`{}",
                        place.described(" right before")
                    ),
                };
                let why = match before {
                    Before::Calls(_) => "Send the id of the call with its result.",
                    Before::Assistant(_) => "Did the assistant's message lose its tool calls?",
                    Before::Other => "Was the history trimmed between the call and its result?",
                };
                format!("{missing}. {why}")
            }
            Mistake::AnsweredTwice { call, .. } => {
                format!("send a single result for `{}`", call.key())
            }
            Mistake::Unanswered { calls, place, .. } => {
                format!(
                    "send a result{}, for each of: `{}`",
                    place.described(" right after the call"),
                    keys(calls, "`, `")
                )
            }
        }
    }
}

fn keys(calls: &[Named], between: &str) -> String {
    let mut keys = Vec::new();
    for call in calls {
        keys.push(call.key().to_owned());
    }
    keys.join(between)
}
