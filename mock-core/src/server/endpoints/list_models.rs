//! The models of a mock: their lists, and requests for unknown ones.

use hyper::StatusCode;

use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::report::unknown_model;
use crate::scenario::Profile;
use crate::server::answers::reply::Reply;
use crate::server::created_at::START;
use crate::server::served_request::ServedRequest;

impl ServedRequest {
    /// Answers with the models that the scenario has, or else mentions.
    pub(in crate::server) fn list_models(self) -> Reply {
        let names = self.connection.server.engine.scenario.model_names();
        let models = self.wire.write_models(&names, START);
        self.json(StatusCode::OK, &models)
    }

    /// Answers with one model.
    pub(in crate::server) fn describe_model(self, model: &str) -> Reply {
        if let Err(error) = self.find_model(model) {
            return self.reject(error);
        }
        let mut models = self.wire.write_models(&[model], START);
        let model = models[self.wire.models_field()][0].take();
        self.json(StatusCode::OK, &model)
    }

    /// Finds a model that is asked for itself.
    ///
    /// # Errors
    /// If there is no such model. The status is 404 on every wire; a request for an answer of the model is rejected with that of its wire.
    pub(super) fn find_model(&self, model: &str) -> Result<(), ProviderError> {
        let Some(mut error) = self.unknown_model(model) else {
            return Ok(());
        };
        error.status = Some(StatusCode::NOT_FOUND.as_u16());
        Err(error)
    }

    /// The error of a request for a model that the mock does not have.
    pub(in crate::server) fn unknown_model(&self, model: &str) -> Option<ProviderError> {
        let scenario = &self.connection.server.engine.scenario;
        if scenario.has_model(model) {
            return None;
        }
        let mut error = ProviderError::at(self.profile(), ErrorKind::NotFound);
        // A dialect has the message of its wire.
        let profile = self.wire.profile(Profile::Plain);
        error.message = unknown_model(profile, model, &scenario.model_names());
        error.param = Some("model".into());
        Some(error)
    }
}
