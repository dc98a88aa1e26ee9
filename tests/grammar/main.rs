//! Every form of the grammar, in a declared mock and in an anonymous one: both are what the builder makes.

mod helpers;

mod keys_as_built;
#[cfg(feature = "regex")]
mod regexes;
mod rules_as_built;
#[cfg(feature = "schema")]
mod schema_of_a_type;
mod tools_as_built;
mod turns_as_built;
mod typed_arguments_as_built;
mod whole_mocks_as_built;
