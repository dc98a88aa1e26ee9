//! Reads requests, and rejects them as the provider does.

use crate::chat::embedding::EmbeddingRequest;
use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::scenario::Profile;
use crate::server::endpoints::api_version;
use crate::server::served_request::ServedRequest;
use crate::server::served_wires::{PreviousAnswer, SentReasoning};
use crate::server::stored_answers::ContinuedAnswer;
use crate::wire::RejectedRequest;
use crate::wire::openai::check_azure_version;

impl ServedRequest {
    /// Returns the profile whose rules a request must keep; `None` if the server is lenient.
    pub(in crate::server) fn rules_of(&self) -> Option<Profile> {
        let server = &self.connection.server;
        (!server.is_lenient()).then_some(server.engine.scenario.profile)
    }

    /// Returns what was read, or the error of the provider. Records whether a lenient server would read it.
    fn accept<T>(&self, read: Result<T, RejectedRequest>) -> Result<T, ProviderError> {
        read.map_err(|rejected| {
            if rejected.by_rule {
                self.exchange.set_lenient_enough();
            }
            *rejected.error
        })
    }

    /// Rejects a request to this model by its headers, as the provider would.
    pub(in crate::server) fn check_headers(&self, model: &str) -> Result<(), ProviderError> {
        let Some(profile) = self.rules_of() else {
            return Ok(());
        };
        let header = |name: &str| self.exchange.sent_header(name);
        self.accept(self.wire.check_headers(&header, profile, model))
    }

    /// Reads a request, together with the conversation that it continues. Also returns the answer that it continues.
    pub(in crate::server) fn read(
        &self,
        body: &[u8],
    ) -> Result<(Request, Option<ContinuedAnswer>), ProviderError> {
        let server = &self.connection.server;
        let model = self.model.as_deref();
        let read = self.wire.read_request(body, self.rules_of(), model);
        let mut request = self.accept(read)?;
        self.check_headers(&request.model)?;
        if let Some(profile) = self.rules_of() {
            let header = |name: &str| self.exchange.sent_header(name);
            let checked = self
                .wire
                .check_headers_of_fields(&header, profile, &request);
            self.accept(checked)?;
            if let Some(version) = api_version(self.exchange.path()) {
                self.accept(check_azure_version(version, profile, &request))?;
            }
        }
        if self.wire.is_streamed() {
            request.stream = Some(true);
        }
        if let Some(error) = self.unknown_model(&request.model) {
            return Err(error);
        }
        let previous = self.continue_conversation(&mut request)?;
        if let Some(mistake) = server.engine.mistake(&request, self.wire.provider()) {
            let provider = match self.wire.provider() {
                Profile::Openai => self.dialect().profile,
                other => other,
            };
            let error = mistake.error(provider);
            server.note_broken(&self.exchange, *mistake);
            return Err(error);
        }
        Ok((request, previous))
    }

    /// Completes a request: adds the conversation that it continues, and the items that it refers to by id. Returns the answer that it
    /// continues. A lenient server leaves out what it does not know.
    ///
    /// # Errors
    /// If there is no such answer or item, or the answer cannot be continued any more.
    fn continue_conversation(
        &self,
        request: &mut Request,
    ) -> Result<Option<ContinuedAnswer>, ProviderError> {
        let server = &self.connection.server;
        let (resets, is_lenient) = (server.engine.resets(), server.is_lenient());
        let previous = match self.wire.previous_answer(request) {
            None => None,
            Some(PreviousAnswer { id, not_stored }) => {
                match server.stored.get(resets, self.wire, id) {
                    None if is_lenient => None,
                    None => return Err(not_stored(id)),
                    Some(stored) => {
                        let now = server.engine.elapsed();
                        Some(ContinuedAnswer::begin(request, stored, now, is_lenient)?)
                    }
                }
            }
        };
        if let Some(previous) = &previous {
            previous.join(request);
        }
        if !is_lenient {
            let sent = SentReasoning {
                before_item: &|id| server.stored.reasoning_before(resets, id),
                before_call: &|id| server.engine.has_reasoned_before(id),
            };
            self.wire.check_reasoning(request, self.dialect(), sent)?;
        }
        let item = |id: &str| server.stored.item(resets, id);
        match self.wire.resolve_references(request, &item) {
            Err(error) if !is_lenient => Err(error),
            _ => Ok(previous),
        }
    }

    /// Reads a request for embeddings.
    pub(in crate::server) fn read_embedding(
        &self,
        body: &[u8],
    ) -> Result<EmbeddingRequest, ProviderError> {
        let model = self.model.as_deref();
        let read = self.wire.read_embeddings(body, self.rules_of(), model);
        let request = self.accept(read)?;
        self.check_headers(&request.model)?;
        match self.unknown_model(&request.model) {
            Some(error) => Err(error),
            None => Ok(request),
        }
    }
}
