//! What the Python original took for something else: see `docs/origin.md`.

use mock_core::mock_provider;

mock_provider!(
    Searcher,
    latency = growin(100ms, 0.10),
    script = [fail(rate_limt)],
);

fn main() {
    let _ = Searcher::new();
}
