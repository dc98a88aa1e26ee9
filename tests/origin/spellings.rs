//! What `docs/origin.md` declares, and what it builds without the macro: both make the same.

use mock_core::builder::*;
use mock_core::scenario::{Latency, Scenario, Split, Turn};
use mock_core::{Capabilities, FinishReason, MockProvider, Usage, mock_provider};
use serde_json::json;
use tests::Played;

/// The two mocks make the same. Neither is to be verified.
#[track_caller]
fn same(written: MockProvider, built: Scenario) {
    assert_eq!(Played::by(written), built);
}

/// The same, where nothing but turns is written.
#[track_caller]
fn same_turns<const N: usize>(written: MockProvider, built: [Turn; N]) {
    same(written, script(built));
}

#[test]
fn tools() {
    same(
        mock_provider!(tools = [search { query: string }], script = []),
        script([]).tools([tool("search").arg("query", string())]),
    );
}

#[test]
fn usage() {
    same(
        mock_provider!(usage = usage(11, 7), script = []),
        script([]).usage(Usage::new(11, 7)),
    );
    same(
        mock_provider!(usage = Usage::new(11, 7).cache_read(5), script = []),
        script([]).usage(Usage::new(11, 7).cache_read(5)),
    );
    same_turns(
        mock_provider!(reply("Hi.").usage(11, 7)),
        [reply("Hi.").usage(Usage::new(11, 7))],
    );
}

#[test]
fn the_provider() {
    same(
        mock_provider!(name = "mock_base", script = []),
        script([]).provider("mock_base"),
    );
    same(
        mock_provider!(capabilities = [streaming], script = []),
        script([]).capabilities(Capabilities::NONE.with_streaming()),
    );
    same(
        mock_provider!(capabilities = [tools], script = []),
        script([]).capabilities(Capabilities::NONE.with_tools()),
    );
    same(
        mock_provider!(metadata = object { region: "eu" }, script = []),
        script([]).metadata(json!({"region": "eu"})),
    );
}

#[test]
fn texts() {
    same_turns(
        mock_provider!(reply("Hello, world!")),
        [reply("Hello, world!")],
    );
    same_turns(mock_provider!(reply("Hello world")), [reply("Hello world")]);
    same_turns(mock_provider!(reply("")), [reply("")]);
    same_turns(mock_provider!(reply("Hi.")), [reply("Hi.")]);
    same_turns(
        mock_provider!(reply("Hi.").times(2)),
        [reply("Hi.").times(2)],
    );
    same_turns(
        mock_provider!(on(user("Hello")).reply("Hello, world!")),
        [on(user("Hello")).reply("Hello, world!")],
    );
    same_turns(
        mock_provider!(reply("Test response").times(0..)),
        [reply("Test response").times(0..)],
    );
    same_turns(
        mock_provider!(reply("Hi.").finish(length)),
        [reply("Hi.").finish(FinishReason::Length)],
    );
}

#[test]
fn pieces_of_texts() {
    same_turns(
        mock_provider!(
            reply("Hi.").split(chars(4)),
            reply("Hi.").split(random(1..=12)),
            reply("Hi.").split(whole),
        ),
        [
            reply("Hi.").split(Split::Chars(4)),
            reply("Hi.").split(Split::Random(1, 12)),
            reply("Hi.").split(Split::Whole),
        ],
    );
    same_turns(
        mock_provider!(stream(["Hello", " ", "world"])),
        [stream(["Hello", " ", "world"])],
    );
    same_turns(
        mock_provider!(stream(["chunk1", "chunk2"])),
        [stream(["chunk1", "chunk2"])],
    );
}

#[test]
fn failures() {
    same_turns(
        mock_provider!(
            reply("Success call {call}").times(2),
            fail(timeout).forever(),
        ),
        [
            reply("Success call {call}").times(2),
            fail(timeout()).forever(),
        ],
    );
    same_turns(
        mock_provider!(
            fail(timeout).times(2),
            reply("I am back."),
            fail(timeout {
                message: "timed out after 60 s"
            }),
            fail(rate_limit { retry_after: 60s }),
        ),
        [
            fail(timeout()).times(2),
            reply("I am back."),
            fail(timeout().message("timed out after 60 s")),
            fail(rate_limit().retry_after(secs(60))),
        ],
    );
    same_turns(
        mock_provider!(
            stream(["a", "b", "c"]).cut_after(2),
            stream(["a", "b", "c"]).error_after(2, overloaded),
        ),
        [
            stream(["a", "b", "c"]).cut_after(2),
            stream(["a", "b", "c"]).error_after(2, overloaded()),
        ],
    );
}

#[test]
fn tool_calls() {
    same_turns(
        mock_provider!(
            call(search { query: "test" }),
            reply("Searching...").call(search { query: "test" }),
            stream(["a", "b"]).call(search),
            call(search { query: "test" }).pieces(3),
        ),
        [
            call("search", [("query", "test")]),
            reply("Searching...").call("search", [("query", "test")]),
            stream(["a", "b"]).call("search", ()),
            call("search", [("query", "test")]).pieces(3),
        ],
    );
    same_turns(
        mock_provider!(
            reply("Let me see.").call(search),
            reply("Nothing."),
            call(search),
        ),
        [
            reply("Let me see.").call("search", ()),
            reply("Nothing."),
            call("search", ()),
        ],
    );
}

#[test]
fn sequences() {
    same(
        mock_provider!(script = [call(search), reply("Found.")]),
        script([call("search", ()), reply("Found.")]),
    );
    same(
        mock_provider!(otherwise = reply("Executing tools..."), script = []),
        script([]).otherwise(reply("Executing tools...")),
    );
    same(
        mock_provider!(otherwise = repeat_last, script = [reply("Hi.")]),
        script([reply("Hi.")]).otherwise(repeat_last()),
    );
    same(
        mock_provider!(otherwise = cycle, script = [reply("Hi.")]),
        script([reply("Hi.")]).otherwise(cycle()),
    );
}

#[test]
fn times() {
    same(
        mock_provider!(latency = 100ms, script = []),
        script([]).latency(ms(100)),
    );
    same(
        mock_provider!(latency = growing(100ms, 0.10), script = []),
        script([]).latency(growing(ms(100), 0.10)),
    );
    same(
        mock_provider!(latency = growing(100ms, 0.05), script = []),
        script([]).latency(growing(ms(100), 0.05)),
    );
    same(
        mock_provider!(latency = 70ms..130ms, seed = 7, script = []),
        script([]).latency(ms(70)..ms(130)).seed(7),
    );
    same(
        mock_provider!(latency = 200ms.timeout_over(150ms), script = []),
        script([]).latency(Latency::from(ms(200)).timeout_over(ms(150))),
    );
    same_turns(
        mock_provider!(
            reply("Hello world").ttft(50ms).every(50ms),
            stream(["a", "b", "c"]).ttft(10ms).every(10ms).times(0..),
        ),
        [
            reply("Hello world").ttft(ms(50)).every(ms(50)),
            stream(["a", "b", "c"])
                .ttft(ms(10))
                .every(ms(10))
                .times(0..),
        ],
    );
}
