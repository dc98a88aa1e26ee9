//! The limit of open connections.

use std::sync::Arc;

use super::exchange::Ending;
use super::state::{OpenConnection, ServerState};
use crate::lock::lock;

/// The maximum number of open connections.
const MOST_CONNECTIONS: usize = 4_096;

impl ServerState {
    /// Adds a connection if there are not too many.
    pub(super) fn admit(&self, connection: Arc<dyn OpenConnection>) -> bool {
        let mut connections = lock(&self.connections);
        let admitted = connections.len() < MOST_CONNECTIONS;
        if admitted {
            connections.push(connection);
        }
        drop(connections);
        if !admitted {
            let exchange = self.enter(None);
            let problem = format!("there are {MOST_CONNECTIONS} connections already");
            self.note_problem(&exchange, &problem);
            self.end(&exchange, Ending::TooMany);
        }
        admitted
    }
}
