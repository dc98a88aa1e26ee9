//! Mocks over real sockets: the server of the feature `server`, asked by a plain HTTP client and by raw bytes.

mod raw_client;

mod after_the_test;
mod answer_formats;
mod azure;
mod bad_input;
mod calls_and_results;
mod cassette_key;
mod cassettes;
mod comply;
mod compression;
mod connection_faults;
mod connections;
mod count_tokens;
mod dialects;
mod embeddings;
mod errors;
mod every_kind;
mod exchanges;
mod gemini;
mod gemini_embeddings;
mod gemini_interactions;
mod heads;
#[cfg(unix)]
mod limits;
mod models;
mod ollama;
mod openai_responses;
mod openings;
mod paused_clock;
mod prompts;
mod raw_answers;
mod refused_requests;
mod replayed_scripts;
mod response_fields;
mod scripts_of_calls;
mod scripts_of_recordings;
mod scripts_of_wires;
mod sdk_tolerances;
mod served_lanes;
mod several_runs;
mod silence;
