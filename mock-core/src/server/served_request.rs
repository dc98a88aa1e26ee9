//! A request that is answered: its connection, its exchange, its wire and its model.

use std::sync::Arc;

use super::connection::Connection;
use super::exchange::Exchange;
use super::served_wires::Wire;
use crate::chat::error::ProviderError;
use crate::scenario::Profile;
use crate::wire::openai::Dialect;

/// A request, with everything that is needed to answer it.
pub(super) struct ServedRequest {
    pub(super) connection: Arc<Connection>,
    pub(super) exchange: Arc<Exchange>,
    pub(super) wire: Wire,
    /// The model that its path names.
    pub(super) model: Option<String>,
}

impl ServedRequest {
    /// Returns the provider that answers.
    pub(super) fn profile(&self) -> Profile {
        self.wire.profile(self.mock_profile())
    }

    /// Returns the provider's differences from OpenAI, on OpenAI's wires.
    pub(super) fn dialect(&self) -> &'static Dialect {
        Dialect::from_profile(self.mock_profile())
    }

    /// Returns an error of the mock as that of the provider that answers.
    pub(super) fn translate(&self, error: ProviderError) -> ProviderError {
        self.wire.translate(error, self.mock_profile())
    }

    pub(super) fn mock_profile(&self) -> Profile {
        self.connection.server.engine.scenario.profile
    }
}
