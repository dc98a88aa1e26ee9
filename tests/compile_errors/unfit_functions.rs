//! Functions and other items that `#[provider_test]` cannot make a test of.

use mock_core::provider_test;

#[provider_test]
fn not_async() {}

#[provider_test]
#[tokio::test]
async fn twice() {}

#[provider_test]
async fn generic<T>() {}

#[provider_test]
struct NotAFn;

fn main() {}
