//! Tests that concern several wires.

mod accepted_requests;
mod any_answer;
mod corrupt_answers;
mod function_signatures;
mod generator;
mod lossless_answers;
mod malformed_documents;
mod request_rules;
mod round_trip;
mod same_form;
