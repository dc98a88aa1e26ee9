//! Tests that concern several wires: what is written can be read back, and no input makes a reader or a writer panic.

mod accepted_requests;
mod any_answer;
mod corrupt_answers;
mod field_types;
mod function_signatures;
mod generator;
mod lossless_answers;
mod malformed_documents;
mod misspelt_fields;
mod request_rules;
mod round_trip;
mod same_form;
