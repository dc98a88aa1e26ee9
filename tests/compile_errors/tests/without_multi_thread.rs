//! Without the feature `multi-thread`.

#[mock_core::provider_test(flavor = "multi_thread", clock = "real", worker_threads = 2)]
async fn on_worker_threads() {}

#[mock_core::provider_test(flavor = "current_thread")]
async fn on_the_thread_of_the_test() {}
