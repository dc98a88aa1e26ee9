//! A cassette as a scenario: a lane for equal requests, with a turn for each response, or the turns of a script.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use mock_cassette::{Cassette, Comparison, Interaction};
use serde_json::Value;

use super::add_replays::laid_over;
use super::fixture_rules;
use super::replayed_body::{actions, wait_of_whole_body};
use super::replayed_headers::is_replayed;
use crate::chat::embedding::EmbeddingRequest;
use crate::chat::request::Request;
use crate::mock::MockProvider;
use crate::recorded_api::{Api, ChatApi, EmbeddingsApi};
use crate::scenario::recorded::compared_request::{empty, remove, sent_request};
use crate::scenario::recorded::exchange::{InProcess, RecordedExchange, RecordedRequest};
use crate::scenario::recorded::{Recorded, UnreadKeys};
use crate::scenario::{
    Action, Lane, Matcher, Pattern, PatternSegment, Profile, Replay, Scenario, SourceLocation, Turn,
};
use crate::search::Search;

impl Scenario {
    /// Creates a scenario that answers each recorded request with its response. Of equal requests, the first is answered with the first
    /// response. A request that was not recorded fails the test, and so does a response that nobody asked for.
    ///
    /// ```
    /// use mock_core::cassette::Cassette;
    /// use mock_core::scenario::Scenario;
    ///
    /// let cassette = Cassette::parse("when: {path: /, method: GET}\nthen: {status: 204}")?;
    /// assert_eq!(Scenario::cassette(cassette).check(), Ok(()));
    /// # Ok::<(), mock_core::cassette::CassetteError>(())
    /// ```
    #[track_caller]
    pub fn cassette(cassette: Cassette) -> Scenario {
        let scenario = Scenario {
            place: SourceLocation::caller(),
            ..Scenario::EMPTY
        };
        let mut scenario = scenario.replaying(cassette);
        let recorded = scenario.recorded.as_ref();
        if let Some(first) = recorded.and_then(|recorded| recorded.places.first())
            && first.file != scenario.place.file
        {
            scenario.place = SourceLocation { line: 1, ..*first };
        }
        scenario
    }

    /// Replays recorded exchanges. Without turns, the scenario answers as [`Scenario::cassette`] does. With turns, it answers in their order,
    /// and those of [`replay`](crate::builder::replay) answer with the recorded responses, in the order of the recording.
    ///
    /// A replayed answer that breaks off, as in `replay(1).cut_after(2)`, does not use up its exchange: the next `replay` starts with it
    /// again, and answers the retry.
    ///
    /// Fixtures of another mock server become [`rules`](Scenario::rules): each answers any number of requests, on each wire. Fixtures that
    /// answer equal requests one after the other become lanes.
    ///
    /// # Panics
    /// If the scenario has lanes, or if it has turns and the fixtures become lanes, or none of its turns replays the recorded exchanges.
    ///
    /// ```
    /// use mock_core::builder::*;
    /// use mock_core::{MockProvider, Request, cassette::Cassette};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cassette = Cassette::parse(
    ///     r#"
    /// when:
    ///   path: /v1/chat/completions
    ///   body: '{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}'
    /// then:
    ///   status: 200
    ///   body: '{"choices": [{"message": {"role": "assistant", "content": "Hi."}, "finish_reason": "stop"}]}'
    /// "#,
    /// )?;
    /// let mock = MockProvider::new(script([fail(rate_limit()), replay(..)]).replaying(cassette));
    ///
    /// let hello = || Request::new("gpt-4o").user("hello");
    /// assert_eq!(mock.answer(hello()).await.unwrap_err().status, Some(429));
    /// assert_eq!(mock.answer(hello()).await?.text(), "Hi.");
    /// # Ok(()) }
    /// ```
    #[track_caller]
    pub fn replaying(mut self, cassette: Cassette) -> Scenario {
        assert!(
            self.lanes.is_empty(),
            "a scenario with lanes cannot replay a cassette: write its turns as one script"
        );
        let file = cassette.file().map(static_name);
        if !cassette.unread().is_empty() {
            self.unread = Some(Arc::new(UnreadKeys {
                file,
                keys: cassette.unread().to_vec(),
            }));
        }
        if !cassette.fixtures().is_empty() {
            self = self.with_fixtures(&cassette, file);
            if self.profile == Profile::Plain {
                self.profile = fixture_rules::profile(&cassette).unwrap_or(Profile::Plain);
            }
        }
        // Fixtures answer kinds of requests, so they need no recorded ones. A recording without exchanges is not one of fixtures: it may
        // still be in progress.
        if cassette.interactions().is_empty() && !cassette.fixtures().is_empty() {
            return self;
        }
        let mut recorded = Recorded::new(
            cassette.ignored().to_vec(),
            Arc::new(Comparison::new(&cassette)),
        );
        let mut all = Vec::new();
        let mut in_process = InProcessChanges::default();
        for (index, interaction) in cassette.interactions().iter().enumerate() {
            let place = match file {
                Some(_) => SourceLocation {
                    file,
                    line: interaction.line,
                },
                None => SourceLocation::caller(),
            };
            let body = serde_json::from_slice::<Value>(&interaction.request_body);
            if let (Ok(body), false) = (body, recorded.ignored_in_vain.is_empty()) {
                recorded
                    .ignored_in_vain
                    .retain(|field| !remove(&mut body.clone(), field));
            }
            let change = in_process.changes_for(interaction, &cassette, &recorded.comparison);
            all.push(turn(
                index + 1,
                interaction,
                place,
                &cassette,
                &recorded.comparison,
                change,
            ));
        }
        if self.profile == Profile::Plain {
            let profiles = all.iter().map(|turn| turn.replay.exchange()?.profile);
            self.profile = profiles.flatten().next().unwrap_or(Profile::Plain);
        }
        // The provider's answer to a broken conversation was recorded, too.
        self.allow.broken_conversations = true;
        match self.turns.is_empty() {
            true => self.lanes = lanes(all, &mut recorded).into(),
            false => {
                assert!(
                    all.is_empty() || self.turns.any(&|turn| !matches!(turn.replay, Replay::No)),
                    "no turn of the script replays the cassette: add the turn `replay(..)`, or leave the cassette out"
                );
                lanes(all.clone(), &mut recorded);
                self.turns = laid_over(&self.turns, &all).into();
            }
        }
        self.recorded = Some(Arc::new(recorded));
        self
    }
}

/// The name of a file as long as the program runs, as a [`SourceLocation`] needs it. Equal names are one, so that a suite keeps each only once.
fn static_name(file: &str) -> &'static str {
    static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    match names.get(file) {
        Some(name) => name,
        None => {
            let name: &'static str = file.to_owned().leak();
            names.insert(name);
            name
        }
    }
}

/// A lane for each of the requests that are not equal.
fn lanes(all: Vec<Turn>, recorded: &mut Recorded) -> Vec<Lane> {
    let mut lanes: Vec<(SourceLocation, Matcher, Vec<Turn>)> = Vec::new();
    for turn in all {
        let Some(exchange) = turn.replay.exchange() else {
            continue;
        };
        let RecordedExchange {
            method, path, sent, ..
        } = &**exchange;
        let lane = recorded.find(method, path, sent).unwrap_or_else(|| {
            // Only reports show the lane's pattern. `recorded` finds the lane by its index.
            lanes.push((turn.place, self::path(method, path), Vec::new()));
            recorded.add(Arc::clone(exchange), turn.place)
        });
        lanes[lane].2.push(turn);
    }
    let lanes = lanes.into_iter().map(|(place, matcher, turns)| Lane {
        place,
        matchers: vec![matcher].into(),
        turns: turns.into(),
    });
    lanes.collect()
}

impl MockProvider {
    /// Creates a mock that replays recorded exchanges: see [`Scenario::cassette`].
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, cassette::Cassette};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cassette = Cassette::parse(
    ///     r#"
    /// when:
    ///   method: POST
    ///   path: /v1/chat/completions
    ///   body: '{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}'
    /// then:
    ///   status: 200
    ///   body: '{"model": "gpt-4o", "choices": [{"message": {"role": "assistant", "content": "Hi."}, "finish_reason": "stop"}]}'
    /// "#,
    /// )?;
    /// let mock = MockProvider::cassette(cassette);
    ///
    /// let response = mock.answer(Request::new("gpt-4o").user("hello")).await?;
    /// assert_eq!(response.text(), "Hi.");
    /// # Ok(()) }
    /// ```
    #[track_caller]
    pub fn cassette(cassette: Cassette) -> Self {
        MockProvider::new(Scenario::cassette(cassette))
    }
}

fn path(method: &str, path: &str) -> Matcher {
    Matcher::Path {
        method: Some(method.to_owned().into()),
        pattern: Pattern::Words(vec![PatternSegment::Text(path.to_owned().into())].into()),
    }
}

/// The changes of requests in process, one for each format.
#[derive(Default)]
struct InProcessChanges(Vec<(Api, InProcess)>);

impl InProcessChanges {
    /// The change for requests that are compared with that of an exchange; `None` if all fields are compared as they are.
    fn changes_for(
        &mut self,
        interaction: &Interaction,
        cassette: &Cassette,
        comparison: &Arc<Comparison>,
    ) -> Option<InProcess> {
        let api = Api::from_exchange(interaction)?;
        if cassette.ignored().is_empty() && comparison.json_fields("{}").is_none() {
            return None;
        }
        if let Some((_, known)) = self.0.find(&|(known, _)| *known == api) {
            return Some(known.clone());
        }
        let ignored = cassette.ignored().to_vec();
        let comparison = Arc::clone(comparison);
        let change = InProcess(Arc::new(move |request| {
            let changed = match api {
                Api::Chat(api) => changed(api, request, &ignored, &comparison),
                Api::Embeddings(api) => changed_embeddings(api, request, &ignored, &comparison),
            };
            changed.unwrap_or_else(|| request.clone())
        }));
        self.0.push((api, change.clone()));
        Some(change)
    }
}

/// A request without the ignored fields, and with those replaced that rules name in this format; `None` if it has no place for the request.
fn changed(
    api: ChatApi,
    request: &Request,
    ignored: &[String],
    comparison: &Comparison,
) -> Option<Request> {
    let body = api.write_request(request).ok()?;
    let read = |body| api.read_request(body).ok();
    let mut changed = read_changed(&body, ignored, comparison, &read)?;
    changed.stream = request.stream;
    keep_model(&mut changed.model, &request.model, ignored);
    Some(changed)
}

/// The same for a request for embeddings, which has each input as a message.
fn changed_embeddings(
    api: EmbeddingsApi,
    request: &Request,
    ignored: &[String],
    comparison: &Comparison,
) -> Option<Request> {
    let embedding = EmbeddingRequest::from_request(request);
    let body = api.write_request(&embedding).ok()?;
    let read = |body| api.read_request(body).ok();
    let mut changed = read_changed(&body, ignored, comparison, &read)?;
    keep_model(&mut changed.model, &request.model, ignored);
    Some(changed.as_request())
}

/// A body without a model has it in its path, unless the model is ignored.
fn keep_model(changed: &mut String, model: &str, ignored: &[String]) {
    if changed.is_empty() && !ignored.any(&|field| field == "model") {
        model.clone_into(changed);
    }
}

/// Reads a body without the ignored fields, and with those replaced that rules name. What a request cannot be without is empty instead.
fn read_changed<R>(
    body: &Value,
    ignored: &[String],
    comparison: &Comparison,
    read: &dyn Fn(Value) -> Option<R>,
) -> Option<R> {
    let read = |body: Value| match comparison.json_fields(&body.to_string()) {
        Some(body) => read(serde_json::from_str(&body).ok()?),
        None => read(body),
    };
    let (mut without, mut emptied) = (body.clone(), body.clone());
    for field in ignored {
        remove(&mut without, field);
        empty(&mut emptied, field);
    }
    read(without).or_else(|| read(emptied))
}

/// The turn that answers with a recorded response, that of the exchange with this number.
fn turn(
    number: usize,
    interaction: &Interaction,
    place: SourceLocation,
    cassette: &Cassette,
    comparison: &Arc<Comparison>,
    in_process: Option<InProcess>,
) -> Turn {
    // An answer to HEAD has the length of a body that is not sent. So the length is known only from the recording.
    let is_head = interaction.method == "HEAD";
    let is_length = |name: &str| is_head && name.eq_ignore_ascii_case("content-length");
    let headers = interaction.headers.iter();
    let headers: Vec<_> = headers
        .filter(|(name, _)| is_replayed(name) || is_length(name))
        .map(|(name, value)| (name.clone().into(), value.clone().into()))
        .collect();
    let (actions, binary) = match String::from_utf8(interaction.body.clone()) {
        Ok(body) => (actions(interaction, body, cassette.gap_scale()), None),
        Err(error) => (vec![Action::Raw("".into())], Some(error.into_bytes())),
    };
    let api = Api::from_exchange(interaction);
    let request = api.and_then(|api| api.read_request(interaction));
    let compared = request.as_ref().map(|request| RecordedRequest {
        request: InProcess::change(in_process.as_ref(), &request.request),
        ..*request
    });
    let query = interaction.query.clone();
    let exchange = RecordedExchange {
        number,
        method: interaction.method.clone(),
        path: interaction.path.clone(),
        sent: sent_request(
            query,
            &interaction.request_body,
            cassette.ignored(),
            comparison,
        ),
        in_process,
        request,
        compared,
        profile: api.map(Api::profile),
        binary,
        comparison: Arc::clone(comparison),
    };
    Turn {
        place,
        actions: actions.into(),
        ttft: wait_of_whole_body(interaction, cassette.gap_scale()),
        status: Some(interaction.status),
        headers: headers.into(),
        replay: Replay::Of(Arc::new(exchange)),
        ..Turn::EMPTY
    }
}

#[cfg(test)]
mod tests {
    use super::static_name;

    #[test]
    fn the_name_of_a_file_is_kept_once() {
        let file = String::from("tests/cassettes/kept.yaml");
        let names = [&file, &file.clone()].map(|file| static_name(file));
        assert!(std::ptr::eq(names[0], names[1]));
        assert_eq!(names[0], file);
        assert_ne!(static_name("tests/cassettes/kept_too.yaml"), file);
    }
}
