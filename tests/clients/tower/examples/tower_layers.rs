//! Tower's retry, time-out and rate limit around a mock.
//!
//! ```text
//! cargo run --example tower_layers
//! ```

use std::time::Duration;

use mock_core::{Request, mock_provider};
use tower::ServiceExt as _;
use tower_on_mocks::{Limits, client};

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> anyhow::Result<()> {
    let mock = mock_provider!(
        openai("gpt-4o"),
        latency = 300ms,
        script = [
            fail(rate_limit { retry_after: 20s }).times(2),
            on(user("hello")).reply("Hello, and thank you for waiting."),
        ],
    );
    let limits = Limits {
        per_second: 2,
        retries: 3,
        timeout: Duration::from_secs(10),
    };

    let request = Request::new("gpt-4o").user("hello");
    let answer = client(mock.handle(), limits).oneshot(request).await;
    let answer = answer.map_err(|error| anyhow::anyhow!(error))?;

    for call in mock.calls().iter() {
        let error = call
            .error()
            .map_or("answered".to_owned(), ToString::to_string);
        println!("call {} at {:?}: {error}", call.number(), call.started_at());
    }
    println!("{}", answer.text());
    Ok(())
}
