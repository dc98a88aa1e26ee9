//! What the engine asks of the servers of its mock. It knows nothing else about them.

use crate::journal::verdict::RejectedRequest;

/// A server of a mock. `resets` is how often the mock has been reset: what came before the last reset is forgotten.
pub(crate) trait Server: Send + Sync {
    /// The requests that became no call, oldest first.
    fn rejected(&self, resets: u32) -> Vec<RejectedRequest>;

    /// The numbers of the calls that get no answer, and whose clients still wait.
    fn unanswered(&self, resets: u32) -> Vec<usize>;

    /// Notes whether a client waits that the server has not accepted yet, and will not answer any more.
    fn look_for_clients(&self);

    /// Whether a client waited when this was noted last.
    fn has_left_a_client(&self) -> bool;
}

/// How the provider of a wire makes its ids: from the seed of the mock, and a number.
#[derive(Clone, Copy)]
pub(crate) struct Ids {
    pub(crate) response: fn(u64, u64) -> String,
    pub(crate) call: fn(u64, u64) -> String,
    /// The signature of a block of reasoning, where the provider signs them.
    pub(crate) signature: Option<fn(u64, u64) -> String>,
}
