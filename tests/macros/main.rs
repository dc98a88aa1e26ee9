//! The macros as a user writes them: all forms, in all places, next to names that are in the way.

use helpers::{MockLlm, TEXT, Typed, ask, said};
use mock_core as renamed;

mod helpers;

mod cases_and_values;
mod crate_paths;
mod declarations;
mod forms_of_test_arguments;
pub mod strict_lints;

mod constants_and_expressions;
#[no_implicit_prelude]
#[allow(non_camel_case_types, non_snake_case, dead_code, reason = "in the way")]
mod name_clashes;
mod source_as_written;
