//! Which result answers which tool call, and whether every call has its result.
//!
//! Most providers reject a conversation in which a call has no result right after it, or a result has no call right before it. OpenAI's
//! Responses take the result at any place. A call and its result pair by the call's id. Some traits have no ids: a call without an id goes
//! by the name of its tool, and so does a result whose message has a name. Results with neither pair with the calls without an id, in order.

mod mistake;
mod pair_calls_and_results;
mod provider_message;
mod result_place;
mod results;
mod walk_messages;

pub(crate) use mistake::{Before, Mistake, Named, mistake};
#[cfg(feature = "gemini")]
pub(crate) use provider_message::GEMINI;
#[cfg(feature = "server")]
pub(crate) use provider_message::{ANTHROPIC, OPENAI, RESPONSES};
pub(crate) use result_place::ResultPlace;
pub(crate) use results::{
    NamedResult, ToolNames, field_at, latest_results, result_of, results_of, since_the_assistant,
};

#[cfg(test)]
mod tests;
