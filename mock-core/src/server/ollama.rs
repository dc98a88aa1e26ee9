//! Ollama's endpoints that are not answers of a model: descriptions of models, and the version.

use bytes::Bytes;
use hyper::StatusCode;

use super::answer_body::AnswerBody;
use super::content_type::TEXT;
use super::exchange::Ending;
use super::served_request::{Reply, ServedRequest};
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

    /// Answers `GET /api/ps`: lists all models of the scenario as running.
    pub(super) fn running_models(self) -> Reply {
        let engine = &self.connection.server.engine;
        let now = wire::time(engine.elapsed());
        let running = ollama::write_running_models(engine.scenario.model_names(), now);
        self.json(StatusCode::OK, &running)
    }

    /// Answers `GET /`, by which clients find out whether Ollama runs.
    pub(super) fn running(self) -> Reply {
        let text = b"Ollama is running".to_vec();
        let body = AnswerBody::whole(&self.connection, text, Ending::Completed);
        self.reply(StatusCode::OK, TEXT, body)
    }

    /// Answers `GET /api/version`.
    pub(super) fn version(self) -> Reply {
        self.json(StatusCode::OK, &ollama::write_version())
    }
}
