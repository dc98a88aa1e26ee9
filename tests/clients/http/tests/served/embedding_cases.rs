//! What the clients of embeddings go through: the same scenarios for all.

use std::time::Duration;

use http_on_mocks::embeddings::{EmbedderSetup, Texts, Vectors};
use http_on_mocks::{Failure, Wire};
use mock_core::{MockProvider, MockServer, mock_provider};
use tokio::time::Instant;

use crate::cases::{
    self, AUTH, Case, EMPTY_OBJECT, ERROR_PAGE, OVERLOADED, QUOTA, RATE_LIMIT, RESET, SERVER_ERROR,
    SILENT, UNREADABLE,
};
use crate::run::http;

/// A scenario, and the texts that a client asks it to embed.
pub(crate) struct EmbeddingCase {
    /// Its name in the table.
    pub(crate) name: &'static str,
    pub(crate) mock: fn() -> MockProvider,
    pub(crate) texts: fn() -> Texts,
    /// Whether a wire has it.
    pub(crate) is_on: fn(Wire) -> bool,
}

const fn case(
    name: &'static str,
    texts: fn() -> Texts,
    mock: fn() -> MockProvider,
) -> EmbeddingCase {
    EmbeddingCase {
        name,
        mock,
        texts,
        is_on: |_| true,
    }
}

/// A case in the form of OpenAI.
const fn of_openai(case: EmbeddingCase) -> EmbeddingCase {
    EmbeddingCase {
        is_on: |wire| wire == Wire::OpenAI,
        ..case
    }
}

/// A failure that chat requests get, too.
pub(crate) const fn as_in_chat(Case { name, mock, .. }: Case) -> EmbeddingCase {
    case(name, one, mock)
}

fn one() -> Texts {
    Texts::new(["a cat"])
}

fn two() -> Texts {
    Texts::new(["a cat", "a dog"])
}

fn three() -> Texts {
    Texts::new(["a cat", "a dog", "the weather in Paris"])
}

fn with_dimensions(dimensions: u32, texts: Texts) -> Texts {
    Texts {
        dimensions: Some(dimensions),
        ..texts
    }
}

fn as_base64() -> Texts {
    Texts {
        base64: true,
        ..one()
    }
}

pub(crate) const ONE_TEXT: EmbeddingCase =
    case("`embed()`, one text", one, || mock_provider!(embed()));

pub(crate) const THREE_TEXTS: EmbeddingCase =
    case("`embed()`, three texts", three, || mock_provider!(embed()));

pub(crate) const FIXED: EmbeddingCase = case(
    "`embed([0.5, -0.25, 1.0])`, one text, 3 dimensions",
    || with_dimensions(3, one()),
    || mock_provider!(embed([0.5, -0.25, 1.0])),
);

pub(crate) const REPEATED: EmbeddingCase = case(
    "`embed([0.5, -0.25, 1.0])`, two texts, 3 dimensions",
    || with_dimensions(3, two()),
    || mock_provider!(embed([0.5, -0.25, 1.0])),
);

pub(crate) const IN_ORDER: EmbeddingCase = case(
    "`embed([1.0, 0.0]).embed([0.0, 1.0])`, two texts, 2 dimensions",
    || with_dimensions(2, two()),
    || mock_provider!(embed([1.0, 0.0]).embed([0.0, 1.0])),
);

pub(crate) const DIMENSIONS: EmbeddingCase = case(
    "`embed()`, 256 dimensions",
    || with_dimensions(256, one()),
    || mock_provider!(embed()),
);

pub(crate) const TOO_MANY_DIMENSIONS: EmbeddingCase = of_openai(case(
    "`openai`, 4096 dimensions",
    || with_dimensions(4_096, one()),
    || mock_provider!(openai, allow = [unused_turns], script = []),
));

pub(crate) const NO_TEXT: EmbeddingCase = case(
    "no text",
    || Texts::new([]),
    || mock_provider!(allow = [unused_turns], script = []),
);

pub(crate) const BASE64: EmbeddingCase =
    of_openai(case("`embed([1.0, -0.5])`, as base64", as_base64, || {
        mock_provider!(allow = [unused_turns], script = [embed([1.0, -0.5])])
    }));

pub(crate) const TOKENS: EmbeddingCase = case("`embed().usage(7, 0)`", one, || {
    mock_provider!(embed().usage(7, 0))
});

pub(crate) const OUT_OF_ORDER: EmbeddingCase = of_openai(case(
    "`raw(..)`, whose second vector has index 0, two texts",
    two,
    || {
        mock_provider!(raw(
            r#"{"object":"list","data":[{"object":"embedding","index":1,"embedding":[0.0,1.0]},{"object":"embedding","index":0,"embedding":[1.0,0.0]}],"model":"text-embedding-3-small","usage":{"prompt_tokens":2,"total_tokens":2}}"#
        ))
    },
));

pub(crate) const TOO_FEW: EmbeddingCase = of_openai(case(
    "`raw(..)` with one vector, two texts",
    two,
    || {
        mock_provider!(raw(
            r#"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1.0,0.0]}],"model":"text-embedding-3-small","usage":{"prompt_tokens":2,"total_tokens":2}}"#
        ))
    },
));

pub(crate) const RECOVERS: EmbeddingCase = case(
    "`fail(rate_limit { retry_after: 2s }).times(2)`, then `embed()`",
    one,
    || {
        mock_provider!(
            allow = [unused_turns],
            script = [fail(rate_limit { retry_after: 2s }).times(2), embed(),],
        )
    },
);

const LATE: EmbeddingCase = case("`pause(9s).embed()`", one, || {
    mock_provider!(pause(9s).embed())
});

pub(crate) const ANSWERS_CHAT: EmbeddingCase = case("`reply(\"Hi.\")`, one text", one, || {
    mock_provider!(allow = [unused_turns], script = [reply("Hi.")])
});

pub(crate) const OTHER_DIMENSIONS: EmbeddingCase = case(
    "`embed([0.5, -0.25, 1.0])`, 256 dimensions",
    || with_dimensions(256, one()),
    || mock_provider!(allow = [unused_turns], script = [embed([0.5, -0.25, 1.0])]),
);

/// It fits where a client sends no dimensions.
pub(crate) const UNASKED_DIMENSIONS: EmbeddingCase =
    case("`embed([0.5, -0.25, 1.0])`, one text", one, || {
        mock_provider!(allow = [unused_turns], script = [embed([0.5, -0.25, 1.0])])
    });

/// The turn may not fit the request, which fails the test that asks.
pub(crate) const MISMATCHES: [EmbeddingCase; 3] =
    [UNASKED_DIMENSIONS, OTHER_DIMENSIONS, ANSWERS_CHAT];

/// The turn does not fit the request of a chat client.
pub(crate) const EMBEDS: Case = cases::case("`embed()`, asked for a chat answer", "", || {
    mock_provider!(allow = [unused_turns], script = [embed()])
});

/// The others, in the order of the table.
pub(crate) const EMBEDDING_CASES: [EmbeddingCase; 24] = [
    ONE_TEXT,
    THREE_TEXTS,
    FIXED,
    REPEATED,
    IN_ORDER,
    DIMENSIONS,
    TOO_MANY_DIMENSIONS,
    NO_TEXT,
    BASE64,
    TOKENS,
    OUT_OF_ORDER,
    TOO_FEW,
    as_in_chat(AUTH),
    as_in_chat(RATE_LIMIT),
    as_in_chat(QUOTA),
    as_in_chat(SERVER_ERROR),
    as_in_chat(OVERLOADED),
    RECOVERS,
    LATE,
    as_in_chat(SILENT),
    as_in_chat(RESET),
    as_in_chat(UNREADABLE),
    as_in_chat(ERROR_PAGE),
    as_in_chat(EMPTY_OBJECT),
];

/// What a client did.
pub(crate) struct Seen {
    pub(crate) server: MockServer,
    pub(crate) result: Result<Vectors, Failure>,
    pub(crate) took: Duration,
}

pub(crate) async fn embed(setup: &EmbedderSetup, case: &EmbeddingCase) -> Seen {
    let server = MockServer::new((case.mock)());
    let client = (setup.connect)(&server, http());
    let start = Instant::now();
    let result = client.embed(&(case.texts)()).await;
    Seen {
        server,
        result,
        took: start.elapsed(),
    }
}
