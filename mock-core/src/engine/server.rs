//! The interface of the engine to the servers of its mock and to their wires. The engine knows nothing else about them.

use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::response::Response;
use crate::journal::verdict::RejectedRequest;
use crate::scenario::{Profile, Str};

/// A server of a mock. `resets` is the number of resets of the mock; everything before the last reset is forgotten.
pub(crate) trait Server: Send + Sync {
    /// Returns the requests that did not become calls, oldest first.
    fn rejected(&self, resets: u32) -> Vec<RejectedRequest>;

    /// Returns the numbers of the calls that get no answer while their clients wait.
    fn unanswered(&self, resets: u32) -> Vec<usize>;

    /// How many keep-alives the answers to calls contained that are kept alive: the numbers of the calls, and the counts.
    fn keepalives(&self, resets: u32) -> Vec<(usize, usize)>;

    /// Records whether a client waits that the server has not accepted, and will not answer any more.
    fn look_for_clients(&self);

    /// Returns whether a client waited at the last check.
    fn has_left_a_client(&self) -> bool;
}

/// Makes a provider's ids from the seed of the mock and a number.
#[derive(Clone, Copy)]
pub(crate) struct Ids {
    pub(crate) response: fn(u64, u64) -> String,
    pub(crate) call: fn(u64, u64) -> String,
    /// Returns the signature of a block of reasoning, if the provider signs them.
    pub(crate) signature: Option<fn(u64, u64) -> String>,
}

/// Reads raw answers in process as a client of a provider does. Each method returns `None` if it knows no wire for the profile.
pub(crate) trait RawAnswers: Sync {
    /// Makes a reader at the start of a stream.
    fn frames(&self, profile: Profile) -> Option<Box<dyn ReadFrames>>;

    /// Reads a whole answer.
    fn whole(
        &self,
        profile: Profile,
        status: u16,
        headers: &[(Str, Str)],
        body: &str,
    ) -> Option<Result<Response, ProviderError>>;
}

/// Reads the frames of one streamed answer.
pub(crate) trait ReadFrames: Send + Sync {
    /// Reads the next frame. After an error it returns nothing more.
    fn read(&mut self, frame: &str) -> Vec<Result<StreamEvent, ProviderError>>;

    /// Returns the finish event of frames that end without the end mark of the wire, if they have a finish reason or a usage.
    fn end(&mut self) -> Option<StreamEvent>;

    /// An answer without content, with what the frames so far contain beside their events.
    fn head(&self) -> &Response;
}
