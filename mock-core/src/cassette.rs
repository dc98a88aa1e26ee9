//! Recorded exchanges, read from files and replayed: [`Cassette`]. Feature `cassette`.
//!
//! A cassette is a file of YAML documents. Each is one exchange: a request under `when`, and the response under `then`. The files that
//! `httpmock` and rig record are cassettes, too. `docs/cassettes.md` describes the format.

pub use crate::script_source::of_cassette::to_script;
pub use mock_cassette::*;
