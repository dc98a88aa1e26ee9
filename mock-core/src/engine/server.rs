//! The interface of the engine to the servers of its mock. The engine knows nothing else about them.

use crate::journal::verdict::RejectedRequest;

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
