//! What the clients go through: the same scenarios for all.

use http_on_mocks::Talk;
use mock_core::{MockProvider, MockServer, mock_provider};

/// A scenario, and what is to come of it.
pub(crate) struct Case {
    /// Its name in the table.
    pub(crate) name: &'static str,
    /// Makes the mock.
    pub(crate) mock: fn() -> MockProvider,
    /// What is done to the server before a client asks.
    pub(crate) prepare: fn(&MockServer),
    /// What the client says.
    pub(crate) talk: fn() -> Talk,
    /// The text of the answer where a client takes it all.
    pub(crate) answer: &'static str,
}

/// What the client asks, where a case has no question of its own.
pub(crate) const QUESTION: &str = "What is the weather in Paris?";

pub(crate) const fn case(
    name: &'static str,
    answer: &'static str,
    mock: fn() -> MockProvider,
) -> Case {
    Case {
        name,
        mock,
        prepare: |_| {},
        talk: || Talk::new(QUESTION),
        answer,
    }
}

pub(crate) const TEXT: Case = case("`stream([\"It is 5\", \" °C.\"])`", "It is 5 °C.", || {
    mock_provider!(stream(["It is 5", " °C."]))
});

pub(crate) const TOOL_LOOP: Case = case(
    "a tool is called, and its result is answered",
    "It is 5 °C in Paris.",
    || {
        mock_provider!(
            tools = [get_weather { city: string }],
            script = [
                on(user("weather in {city}")).call(get_weather { city: "{city}" }),
                on(tool_result(get_weather)).reply("It is {get_weather.temp} °C in {city}."),
            ],
        )
    },
);

pub(crate) const TOOL_CALLS: Case = case(
    "two tools are called at once, `.pieces(3)`",
    "Oslo is last.",
    || {
        mock_provider!(
            tools = [get_weather { city: string }],
            script = [
                call(get_weather { city: "Paris" })
                    .call(get_weather { city: "Oslo" })
                    .pieces(3),
                on(tool_result(get_weather)).reply("{get_weather.city} is last."),
            ],
        )
    },
);

pub(crate) const USAGE: Case = case("`.usage(11, 7)`", "Hi.", || {
    mock_provider!(reply("Hi.").usage(11, 7))
});

pub(crate) const AUTH: Case = case("`fail(auth)`", "", || mock_provider!(fail(auth).forever()));

pub(crate) const RATE_LIMIT: Case = case("`fail(rate_limit { retry_after: 2s })`", "", || {
    mock_provider!(fail(rate_limit { retry_after: 2s }).forever())
});

pub(crate) const QUOTA: Case = case("`fail(quota)`", "", || {
    mock_provider!(fail(quota).forever())
});

pub(crate) const SERVER_ERROR: Case = case("`fail(server_error)`", "", || {
    mock_provider!(fail(server_error).forever())
});

pub(crate) const OVERLOADED: Case = case("`fail(overloaded)`", "", || {
    mock_provider!(fail(overloaded).forever())
});

pub(crate) const RECOVERS: Case = case(
    "`fail(rate_limit { retry_after: 2s }).times(2)`, then an answer",
    "At last.",
    || {
        mock_provider!(
            allow = [unused_turns],
            script = [
                fail(rate_limit { retry_after: 2s }).times(2),
                reply("At last."),
            ],
        )
    },
);

pub(crate) const SILENT: Case = case("`hang()`, and a time-out of 10 s", "", || {
    mock_provider!(hang().forever())
});

pub(crate) const STALLED: Case = case("`.stall_after(1)`, and a time-out of 10 s", "Hello", || {
    mock_provider!(stream(["Hel", "lo"]).stall_after(1).forever())
});

pub(crate) const REFUSED: Case = Case {
    prepare: MockServer::refuse_connections,
    ..case("`refuse_connections()`", "", || mock_provider!(script = []))
};

pub(crate) const RESET: Case = case("`fail(connection)`", "", || {
    mock_provider!(fail(connection).forever())
});

pub(crate) const CUT: Case = case("`.cut_after(1)`", "Hello", || {
    mock_provider!(stream(["Hel", "lo"]).cut_after(1).forever())
});

pub(crate) const TRUNCATED: Case = case("`.end_after(1)`", "Hello", || {
    mock_provider!(stream(["Hel", "lo"]).end_after(1).forever())
});

pub(crate) const UNMARKED: Case = case("`.end_after(finish)`", "Hello", || {
    mock_provider!(stream(["Hel", "lo"]).end_after(finish).forever())
});

pub(crate) const CUT_AT_THE_MARK: Case = case("`.cut_after(finish)`", "Hello", || {
    mock_provider!(stream(["Hel", "lo"]).cut_after(finish).forever())
});

pub(crate) const STALLED_AT_THE_MARK: Case = case(
    "`.stall_after(finish)`, and a time-out of 10 s",
    "Hello",
    || mock_provider!(stream(["Hel", "lo"]).stall_after(finish).forever()),
);

pub(crate) const LEFT_OPEN: Case = case(
    "`.stall_after(done)`, and a time-out of 10 s",
    "Hello",
    || mock_provider!(stream(["Hel", "lo"]).stall_after(done).forever()),
);

pub(crate) const NO_REASON: Case = case("`.finish(none)`", "Hello", || {
    mock_provider!(stream(["Hel", "lo"]).finish(none).forever())
});

pub(crate) const NO_USAGE: Case = case("`.usage(none)`", "Hello", || {
    mock_provider!(stream(["Hel", "lo"]).usage(none).forever())
});

pub(crate) const KEPT_ALIVE: Case = case("`.ttft(9s).keepalive(2s)`", "Hello", || {
    mock_provider!(stream(["Hel", "lo"]).ttft(9s).keepalive(2s).forever())
});

pub(crate) const ONLY_ALIVE: Case = case(
    "`.stall_after(1).keepalive(2s)`, and a time-out of 10 s",
    "Hello",
    || mock_provider!(stream(["Hel", "lo"]).stall_after(1).keepalive(2s).forever()),
);

pub(crate) const IN_CHUNKS: Case = case("`.flush(each)`", "Hello", || {
    mock_provider!(stream(["Hel", "lo"]).flush(each).forever())
});

pub(crate) const ERROR_WITHIN: Case = case("`.error_after(1, overloaded)`", "Hello", || {
    mock_provider!(stream(["Hel", "lo"]).error_after(1, overloaded).forever())
});

pub(crate) const MALFORMED: Case = case("`.malformed_after(1)`", "Hello", || {
    mock_provider!(stream(["Hel", "lo"]).malformed_after(1).forever())
});

pub(crate) const UNREADABLE: Case = case("`fail(invalid_response)`", "", || {
    mock_provider!(fail(invalid_response).forever())
});

pub(crate) const CODED: Case = case(
    "`fail(bad_request { code: \"session_expired\" })`",
    "",
    || {
        mock_provider!(
            fail(bad_request {
                code: "session_expired"
            })
            .forever()
        )
    },
);

pub(crate) const PAUSED: Case = case("`reply(\"Hel\").pause(2s).reply(\"lo\")`", "Hello", || {
    mock_provider!(reply("Hel").pause(2s).reply("lo").forever())
});

pub(crate) const ERROR_PAGE: Case = case(
    "`raw(\"<h1>Bad Gateway</h1>\").status(502)`, as `text/html`",
    "",
    || {
        mock_provider!(
            raw("<h1>Bad Gateway</h1>")
                .status(502)
                .headers([("content-type", "text/html")])
                .forever()
        )
    },
);

pub(crate) const EMPTY_OBJECT: Case =
    case("`raw(\"{}\")`", "", || mock_provider!(raw("{}").forever()));

pub(crate) const ONLY_COMMENTS: Case = case(
    "`frames([\": busy\\n\\n\", \": busy\\n\\n\"]).every(2s)`",
    "",
    || mock_provider!(frames([": busy\n\n", ": busy\n\n"]).every(2s).forever()),
);

/// All of them, in the order of the table.
pub(crate) const CASES: [Case; 33] = [
    TEXT,
    TOOL_LOOP,
    TOOL_CALLS,
    USAGE,
    AUTH,
    RATE_LIMIT,
    QUOTA,
    SERVER_ERROR,
    OVERLOADED,
    CODED,
    RECOVERS,
    SILENT,
    STALLED,
    REFUSED,
    RESET,
    CUT,
    TRUNCATED,
    UNMARKED,
    CUT_AT_THE_MARK,
    STALLED_AT_THE_MARK,
    LEFT_OPEN,
    NO_REASON,
    NO_USAGE,
    KEPT_ALIVE,
    ONLY_ALIVE,
    IN_CHUNKS,
    PAUSED,
    ERROR_WITHIN,
    MALFORMED,
    UNREADABLE,
    ERROR_PAGE,
    EMPTY_OBJECT,
    ONLY_COMMENTS,
];
