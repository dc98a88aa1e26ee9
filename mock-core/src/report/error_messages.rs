//! The messages of errors and panics, each in one line: of calls that fail, and of a test's arguments and waits.

use std::any::Any;
use std::time::Duration;

use super::expectation;
use super::formatting::{self, MAX_QUOTED, count, list, shorten, time};
use super::turn::{self, label};
use crate::journal::calls::Calls;
use crate::journal::script_id::ScriptId;
use crate::journal::verdict::{Mismatch, Shortfall};
use crate::scenario::{Expected, Profile, Scenario, Str, TurnIndex};

/// Why a raw answer cannot be read in process.
pub(crate) fn unread_raw_answer(profile: Profile) -> String {
    match cfg!(feature = "wire") {
        true => format!(
            "a raw answer of the profile `{}` cannot be read in process: write a profile that has such answers, as in `openai(..)`, or serve the mock",
            profile.word()
        ),
        false => {
            "a raw answer is read in process only with the feature `wire` of mock-core: turn it on"
                .to_owned()
        }
    }
}

/// The message of a call in process to a mock whose prompts are compared.
pub(crate) const NO_PROMPT: &str = "`prompt_prefix_stable` compares the bodies of requests over the wire: serve the mock, or remove it from `expect`";

/// The place of a recorded answer that cannot be read.
pub(crate) fn recorded_answer(scenario: &Scenario, turn: TurnIndex) -> String {
    format!(
        "the answer is recorded in {} at {}",
        turn::title(scenario, turn),
        turn::location(scenario, turn)
    )
}

pub(crate) const NO_RUNTIME: &str = "its answer takes time, which needs a tokio runtime: use `#[provider_test]` or `#[tokio::test]`";

/// The message where a closure returns an error that HTTP cannot carry.
pub(crate) fn unsendable((problem, remedy): (String, &str)) -> String {
    format!("its closure returned an error that cannot be sent: {problem}; {remedy}")
}

/// The message of a request for which the mock lacks a capability.
pub(crate) fn lacks(capability: &str) -> String {
    format!("the mock's `capabilities` do not include `{capability}`")
}

/// The message of a call for a model that the mock does not have.
pub(crate) fn unknown_model(profile: Profile, model: &str, known: &[&str]) -> String {
    let model = shorten(model, MAX_QUOTED);
    let words = match profile {
        Profile::Plain => format!("the model `{model}` does not exist"),
        Profile::OpenaiResponses => format!("The requested model '{model}' does not exist."),
        Profile::Anthropic => format!("model: {model}"),
        Profile::Gemini => format!(
            "models/{model} is not found for API version v1beta, or is not supported for generateContent. Call ModelService.ListModels to see the list of available models and their supported methods."
        ),
        Profile::Ollama => format!("model '{model}' not found"),
        Profile::Openai
        | Profile::Azure
        | Profile::Openrouter
        | Profile::Deepseek
        | Profile::Mistral
        | Profile::Groq
        | Profile::Xai
        | Profile::Llamacpp => {
            format!("The model `{model}` does not exist or you do not have access to it.")
        }
    };
    format!("{words} [mock: {}]", has_models(known))
}

/// The models that a mock has, some of them if there are many.
fn has_models(known: &[&str]) -> String {
    const MOST: usize = 10;
    let shown = &known[..known.len().min(MOST)];
    let names = formatting::joined(shown, ", ", |name| format!("`{name}`"));
    let more = match known.len() > MOST {
        true => ", ..",
        false => "",
    };
    format!("the mock's `models` are {names}{more}")
}

/// The message of a call that would take longer than it may.
pub(crate) fn over_the_limit(limit: Duration) -> String {
    format!("the request timed out after {}", time(limit))
}

/// The message of a call's arguments that cannot be written.
pub(crate) fn no_json(tool: &str, error: &str) -> String {
    format!("the arguments of `{tool}` cannot be written as JSON: {error}")
}

/// The message where an argument of a test cannot be made from its mock.
pub(crate) fn no_argument(name: &str, error: &str) -> String {
    format!("the argument `{name}` cannot be made from its mock: {error}")
}

/// The message where a test asks for a name that the script does not have.
#[inline]
pub(crate) fn unknown_name(what: &str, name: &str, known: &[&Str]) -> String {
    match known {
        [] => format!("the mock's script has no {what}, so none called `{name}`"),
        known => {
            let known = list(known);
            format!("the mock's script has no {what} `{name}`, but {known}")
        }
    }
}

/// One line: a call that came after `test`, which made the mock.
pub(crate) fn after_the_end(mock: &str, test: &str) -> String {
    let mock = label(mock);
    format!("mock `{mock}`: the test `{test}` has ended; await the task that still calls the mock")
}

/// One line: a call that came from another test after `test`, which made the mock.
pub(crate) fn mock_of_another_test(mock: &str, test: &str) -> String {
    let mock = label(mock);
    format!(
        "mock `{mock}` belongs to the test `{test}`, which has ended: make a mock in each test, or take it as an argument"
    )
}

/// The message where the caller did not wait for a `retry_after`, or had none to wait for.
pub(crate) fn not_waited(mock: &str, shortfall: &Shortfall, calls: &Calls) -> String {
    let mock = label(mock);
    let why = expectation::why(&Expected::WaitedRetryAfter, shortfall, calls).brief;
    let so = match shortfall {
        Shortfall::NothingToWaitFor => ", so there was nothing to wait for",
        _ => "",
    };
    format!("mock `{mock}`: {why}{so}")
}

/// The error of a call that comes after a mismatch, which `problem` describes.
pub(crate) fn frozen(
    scenario: &Scenario,
    mismatch: &Mismatch,
    call: usize,
    problem: String,
) -> String {
    match mismatch.call == call {
        true => problem,
        false => format!(
            "{}: {problem}",
            why_frozen(scenario, mismatch.script, mismatch.call)
        ),
    }
}

/// Why no turn answers the calls after a mismatch.
pub(super) fn why_frozen(scenario: &Scenario, script: ScriptId, call: usize) -> String {
    let what = match (script.instance(), script.lane()) {
        (_, Some(_)) if scenario.is_recorded() => {
            return format!("its exchanges are used up since call {call}");
        }
        (Some(_), _) => "its instance".to_owned(),
        (None, Some(lane)) => format!("lane {}", lane + 1),
        (None, None) => "the script".to_owned(),
    };
    format!("{what} is frozen since call {call}")
}

/// The message of a panic.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> String {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => "a value that is not a string".to_owned(),
    }
}

/// The message of a connection that is lost within an answer.
pub(crate) fn cut(so_far: &str) -> String {
    format!("the connection was lost after {so_far}")
}

/// The message of a malformed event within an answer.
pub(crate) fn malformed(so_far: &str) -> String {
    format!("what came after {so_far} could not be read")
}

/// The message where a fault comes after more deltas than the answer has.
pub(crate) fn fault_beyond_the_end(after: u32, deltas: u32) -> String {
    format!(
        "its answer has {}, not {after}: write `all` for its end",
        count(deltas as usize, "delta")
    )
}
