//! The relation of a turn to recorded exchanges: [`Replay`].

use std::sync::Arc;

use crate::scenario::recorded::exchange::RecordedExchange;

/// Whether a turn answers with recorded responses.
#[derive(Debug, Clone, Default)]
pub enum Replay {
    /// The turn replays nothing.
    #[default]
    No,
    /// With those of the next exchanges, this many, once there is a cassette.
    Next(u32),
    /// With those of all exchanges that are left, once there is a cassette.
    Rest,
    /// With that of this exchange.
    Of(Arc<RecordedExchange>),
    /// The turn should replay an exchange, but cannot: the problem and the remedy.
    Wrong(String, &'static str),
}

impl Replay {
    /// The exchange that it replays.
    pub(crate) fn exchange(&self) -> Option<&Arc<RecordedExchange>> {
        match self {
            Replay::Of(exchange) => Some(exchange),
            _ => None,
        }
    }
}
