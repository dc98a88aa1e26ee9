//! Replays a cassette: its exchanges as a scenario, or as the turns of a script.

mod add_replays;
mod fixture_rules;
mod replayed_body;
pub(crate) mod replayed_headers;
mod to_scenario;
