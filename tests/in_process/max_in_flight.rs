//! `max_in_flight`: the most calls that were in flight at the same time.

use futures::future::join_all;
use mock_core::{MockProvider, provider_test};

use crate::helpers::say;

#[provider_test]
async fn the_max_in_flight_is_counted(
    #[mock(reply("slow").ttft(300ms).times(5))] llm: MockProvider,
) {
    assert_eq!(llm.max_in_flight(), 0);
    say(&llm, "hello").await;
    assert_eq!(llm.max_in_flight(), 1);
    join_all((0..3).map(|_| say(&llm, "hello"))).await;
    say(&llm, "hello").await;
    assert_eq!(llm.max_in_flight(), 3);
}
