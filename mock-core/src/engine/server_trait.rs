//! The interface of the engine to the servers of its mock. The engine knows nothing else about them.

use crate::journal::calls::Calls;
use crate::journal::verdict::{PrefixBreak, Verdict};

/// A server of a mock. `resets` is the number of resets of the mock; everything before the last reset is forgotten.
pub(crate) trait Server: Send + Sync {
    /// Adds what the report of the mock says of the server.
    fn report(&self, resets: u32, verdict: &mut Verdict);

    /// Returns whether a request did not become a call.
    fn has_rejected(&self, resets: u32) -> bool;

    /// Adds the prompts of the requests that became calls, with the numbers of the calls, if the mock expects something of them.
    fn add_prompts(&self, resets: u32, prompts: &mut Prompts);

    /// Returns the first place where a request leaves the text of the request that it continues.
    fn first_break(&self, calls: &Calls, prompts: &Prompts) -> Option<PrefixBreak>;

    /// Records whether a client waits that the server has not accepted, and will not answer any more.
    fn look_for_clients(&self);
}

/// The prompts of requests, with the numbers of their calls.
pub(crate) type Prompts = Vec<(usize, Prompt)>;

/// The parts of a request that a provider's prompt cache covers, in order, each with its text.
pub(crate) struct Prompt {
    pub(crate) parts: Vec<(PromptPart, Vec<u8>)>,
}

#[derive(Clone, Copy)]
pub(crate) enum PromptPart {
    Tools,
    Instructions,
    /// The message with this index.
    Message(usize),
}

impl std::fmt::Display for PromptPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PromptPart::Tools => f.write_str("the tools"),
            PromptPart::Instructions => f.write_str("the instructions"),
            PromptPart::Message(index) => write!(f, "message {}", index + 1),
        }
    }
}

/// The signature of a tool call: its field, and how it is made.
#[derive(Clone, Copy)]
pub(crate) struct CallSignature {
    pub(crate) field: &'static str,
    pub(crate) sign: fn(u64, u64) -> String,
}

/// Makes a provider's ids from the seed of the mock and a number.
#[derive(Clone, Copy)]
pub(crate) struct Ids {
    pub(crate) response: fn(u64, u64) -> String,
    pub(crate) call: fn(u64, u64) -> String,
    /// Returns the signature of a block of reasoning, if the provider signs them. It may depend on the text.
    pub(crate) signature: Option<fn(u64, u64, &str) -> String>,
    /// How the first tool call of an answer is signed, if the provider does so.
    pub(crate) call_signature: Option<CallSignature>,
}
