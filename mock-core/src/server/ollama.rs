//! What Ollama serves beside answers of a model: what it says of a model, and its version.

use bytes::Bytes;
use hyper::StatusCode;

use super::reply::{Reply, ServedRequest};
use super::wire;
use crate::wire::ollama;

impl ServedRequest {
    /// Answers `POST /api/show`: what there is to say of the model that the body names.
    pub(super) fn show_model(self, body: &Bytes) -> Reply {
        let model = match ollama::read_shown(body) {
            Ok(model) => model,
            Err(error) => return self.refuse(*error),
        };
        if let Some(mut error) = self.unknown_model(&model) {
            error.status = Some(StatusCode::NOT_FOUND.as_u16());
            return self.refuse(error);
        }
        let shown = ollama::write_model(model, wire::CREATED);
        self.json(StatusCode::OK, &shown)
    }

    /// Answers `GET /api/version`.
    pub(super) fn version(self) -> Reply {
        self.json(StatusCode::OK, &ollama::write_version())
    }
}
