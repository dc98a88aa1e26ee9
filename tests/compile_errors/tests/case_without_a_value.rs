//! A case without a value, and no warning of the compiler beside it.

use mock_core::provider_test;

#[provider_test]
#[case::first(1)]
async fn sums(#[case] number: u32, #[case] sum: u32) {
    assert_eq!(number, sum);
}
