//! An exchange as data: [`Exchange`] is `Serialize`.

use std::time::Duration;

use serde::Serialize;
use serde::ser::Serializer;

use super::Exchange;

#[derive(Serialize)]
struct ExchangeData<'e> {
    number: usize,
    call: Option<usize>,
    started_at: Duration,
    method: &'e str,
    path: &'e str,
    headers: Vec<(&'e str, &'e str)>,
    status: Option<u16>,
    problem: Option<&'e str>,
    ending: Option<String>,
    keepalives: usize,
}

/// With the feature `serde`: all but the body. Credentials are redacted.
///
/// ```
/// use mock_core::{MockProvider, MockServer, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), serde_json::Error> {
/// let server = MockServer::new(MockProvider::script([]));
/// let exchanges = server.exchanges();
/// let data: Result<Vec<_>, _> = exchanges.iter().map(|exchange| serde_json::to_value(&**exchange)).collect();
/// assert!(data?.is_empty());
/// # Ok(()) }
/// ```
impl Serialize for Exchange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let data = ExchangeData {
            number: self.number(),
            call: self.call(),
            started_at: self.started_at(),
            method: self.method(),
            path: self.path(),
            headers: self.headers().collect(),
            status: self.status(),
            problem: self.problem(),
            ending: self.ending().map(|ending| format!("{ending:?}")),
            keepalives: self.keepalives(),
        };
        data.serialize(serializer)
    }
}
