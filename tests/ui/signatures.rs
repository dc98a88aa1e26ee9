//! What `#[provider_test]` stands on, and its options.

use mock_core::provider_test;

#[provider_test]
fn not_async() {}

#[provider_test]
#[tokio::test]
async fn twice() {}

#[provider_test(paused = true)]
async fn unknown_option() {}

#[provider_test(crate = "mock_core")]
async fn not_a_path() {}

#[provider_test]
async fn generic<T>() {}

#[provider_test]
struct NotAFn;

fn main() {}
