//! The models of a mock: the lists of them, and requests for one that there is not.

use hyper::StatusCode;

use super::reply::{Reply, ServedRequest};
use super::wire::{self, Wire};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::report::{MAX_QUOTED, has_models, shorten};

impl ServedRequest {
    /// Answers with the models that the scenario has, or else mentions.
    pub(super) fn models(self) -> Reply {
        let names = self.connection.server.engine.scenario.model_names();
        let models = self.wire.write_models(names, wire::CREATED);
        self.json(StatusCode::OK, &models)
    }

    /// Answers with one model.
    pub(super) fn model(self, model: &str) -> Reply {
        if let Some(mut error) = self.unknown_model(model) {
            // Only an answer of a model that there is not is refused with another status.
            error.status = Some(StatusCode::NOT_FOUND.as_u16());
            return self.refuse(error);
        }
        let mut models = self.wire.write_models([model], wire::CREATED);
        let model = models[self.wire.models_field()][0].take();
        self.json(StatusCode::OK, &model)
    }

    /// The error of a request for a model that the mock does not have.
    pub(super) fn unknown_model(&self, model: &str) -> Option<ProviderError> {
        let scenario = &self.connection.server.engine.scenario;
        if scenario.has_model(model) {
            return None;
        }
        let mut error = ProviderError::at(self.profile(), ErrorKind::NotFound);
        let model = shorten(model, MAX_QUOTED);
        let message = match self.wire {
            Wire::Openai => {
                format!("The model `{model}` does not exist or you do not have access to it.")
            }
            Wire::Responses => format!("The requested model '{model}' does not exist."),
            Wire::Anthropic => format!("model: {model}"),
            Wire::Gemini(_) => format!(
                "models/{model} is not found for API version v1beta, or is not supported for generateContent. Call ModelService.ListModels to see the list of available models and their supported methods."
            ),
            Wire::Interactions => format!("Model {model} not found."),
            Wire::Ollama(_) => format!("model '{model}' not found"),
        };
        error.message = format!("{message} [mock: {}]", has_models(&scenario.model_names()));
        error.param = Some("model".into());
        Some(error)
    }
}
