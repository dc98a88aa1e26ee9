//! An exchange that was recorded: [`RecordedExchange`].

use std::fmt;
use std::sync::Arc;

use mock_cassette::Comparison;

use super::compared_request::SentRequest;
use super::compared_request::{in_process_request, wire_key};
use crate::chat::request::Request;
use crate::scenario::Profile;
use crate::scenario::request_head::RequestHead;

/// The request of a recorded exchange, and how other requests are compared with it.
#[derive(Debug)]
pub struct RecordedExchange {
    /// Which exchange of the cassette it is, from 1.
    pub(crate) number: usize,
    pub(crate) method: String,
    pub(crate) path: String,
    /// The rest of the request, as it is compared.
    pub(crate) sent: SentRequest,
    /// The request, if it is one to a model on a known wire.
    pub(crate) request: Option<RecordedRequest>,
    /// That request as it is compared in process.
    pub(crate) compared: Option<RecordedRequest>,
    /// How a request in process is changed before it is compared, if it is.
    pub(crate) in_process: Option<InProcess>,
    /// Who reads the response in process; `None` if no reader does.
    pub(crate) profile: Option<Profile>,
    /// The body of the response, if it is not a text.
    pub(crate) binary: Option<Vec<u8>>,
    /// How requests are compared with it.
    pub(crate) comparison: Arc<Comparison>,
}

/// Changes a request in process as the fields of its body are changed over the wire: those that a redaction names are replaced, and those that
/// are not compared are left out.
#[derive(Clone)]
pub(crate) struct InProcess(pub(crate) Arc<dyn Fn(&Request) -> Request + Send + Sync>);

impl InProcess {
    /// The request as it is compared.
    pub(crate) fn change(change: Option<&InProcess>, request: &Request) -> Request {
        match change {
            Some(InProcess(change)) => change(request),
            None => request.clone(),
        }
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}

/// A recorded request to a model, as a caller in process makes it.
#[derive(Debug)]
pub(crate) struct RecordedRequest {
    /// A request for embeddings has each input as a message of the user.
    pub(crate) request: Request,
    pub(crate) is_embedding: bool,
}

impl RecordedExchange {
    /// Whether the exchange was recorded for an equal request.
    pub(crate) fn is_for(
        &self,
        head: Option<&RequestHead>,
        request: &Request,
        is_embedding: bool,
    ) -> bool {
        let comparison = &*self.comparison;
        let key =
            |sent: &SentRequest, method: &str, path: &str| wire_key(comparison, method, path, sent);
        match (head, &self.compared) {
            (Some(head), _) => head.sent.as_deref().is_some_and(|sent| {
                let recorded = key(&self.sent, &self.method, &self.path);
                recorded.fits(&key(sent, &head.method, &head.path))
            }),
            (None, Some(recorded)) => {
                let RecordedRequest {
                    request: recorded,
                    is_embedding: embeds,
                } = recorded;
                let request = InProcess::change(self.in_process.as_ref(), request);
                Comparison::fits(
                    &in_process_request(comparison, recorded, *embeds).to_string(),
                    &in_process_request(comparison, &request, is_embedding).to_string(),
                )
            }
            (None, None) => false,
        }
    }
}
