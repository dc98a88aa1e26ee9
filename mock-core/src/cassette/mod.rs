//! Recorded exchanges, read from files and replayed: [`Cassette`]. Feature `cassette`.
//!
//! A cassette is a file of YAML documents. Each is one exchange: a request under `when`, and the response under `then`. The files that
//! `httpmock` and rig record are cassettes, too. `docs/cassettes.md` describes the format.

mod add_replays;
mod fixture_rules;
pub(crate) mod recorded_api;
pub(crate) mod to_scenario;
mod to_script;

pub use mock_cassette::*;
pub use to_script::to_script;
