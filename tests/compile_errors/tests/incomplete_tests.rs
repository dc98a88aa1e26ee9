//! Tests that are written by half: the compiler says what is missing, and the macro says nothing more.

use mock_core::provider_test;

#[provider_test]
async fn argument_without_a_type(#[mock(reply("x"))] v) {}

#[provider_test]
async fn attribute_without_an_argument(#[mock(reply("x"))]) {}

#[provider_test]
async fn colon_without_a_type(#[mock(reply("x"))] v: ) {}

#[provider_test]
async fn no_parentheses {}
