//! The header `anthropic-version`, which says for which version of the API a request is written.

use serde_json::Value;

use super::{RULES, RejectedRequest};
use crate::chat::message::{Part, Role};
use crate::chat::request::Request;
use crate::scenario::Profile;
use crate::search::Search;
use crate::wire::request_rules::{ELSEWHERE, Rule, RuleScope, Violation};

/// The versions that there are, the newest first.
const VERSIONS: [&str; 3] = [NEWEST, "2023-06-01", "2023-01-01"];

/// The version that has no parameters of sampling.
const NEWEST: &str = "2026-10-21";

const DOCS: &str = "https://platform.claude.com/docs/en/api/versioning";

/// The changes from the previous version to the newest one.
const MIGRATION: &str = "https://platform.claude.com/docs/en/api/migration-2026-10-21";

// Hand-written requests in tests often lack this header. So the rule applies only to mocks with the provider's profile.
const MISSING: Rule = Rule {
    id: "version_header_missing",
    scope: RuleScope::Profile,
    sources: &[
        DOCS,
        "PipedreamHQ/pipedream#9697",
        "explosion/spacy-llm#323",
    ],
    words: "{at}: header is required",
    help: "send the header `anthropic-version: 2026-10-21`, or the older `anthropic-version: 2023-06-01`",
    rejected: "{}",
    accepted: "{}",
    check: ELSEWHERE,
};

const UNKNOWN: Rule = Rule {
    id: "version_header_unknown",
    scope: RuleScope::Provider,
    sources: &[DOCS, "decolua/9router#2357", "sseshachala/conductai#2179"],
    words: "{at}: \"{}\" is not a valid version",
    help: "send the header `anthropic-version: 2026-10-21`, or the older `anthropic-version: 2023-06-01`",
    rejected: "{}",
    accepted: "{}",
    check: ELSEWHERE,
};

const SAMPLING: Rule = Rule {
    id: "sampling_parameter_removed",
    scope: RuleScope::Provider,
    sources: &[MIGRATION, "ttlequals0/MinusPod#926"],
    words: "{at}: Extra inputs are not permitted",
    help: "leave `{}` out, or send the older `anthropic-version: 2023-06-01`",
    rejected: "{}",
    accepted: "{}",
    check: ELSEWHERE,
};

// The provider's messages for the next two rules are not published.
const DOCUMENT: Rule = Rule {
    id: "document_of_assistant",
    scope: RuleScope::Provider,
    sources: &[MIGRATION],
    words: "{at}: document blocks are not permitted in assistant messages",
    help: "send the document in a message of the user, or send the older `anthropic-version: 2023-06-01`",
    rejected: "{}",
    accepted: "{}",
    check: ELSEWHERE,
};

const CITATIONS: Rule = Rule {
    id: "citations_of_user",
    scope: RuleScope::Provider,
    sources: &[MIGRATION],
    words: "{at}: citations are not permitted on text blocks in user messages",
    help: "leave the `citations` of the text out, or send the older `anthropic-version: 2023-06-01`",
    rejected: "{}",
    accepted: "{}",
    check: ELSEWHERE,
};

/// Rejects a request that has what the newest version has removed, if it is written for that version.
///
/// # Errors
/// If a rule about it holds for this profile and the model of the request.
pub(crate) fn check_version_of_fields(
    version: Option<&str>,
    profile: Profile,
    request: &Request,
) -> Result<(), RejectedRequest> {
    if version != Some(NEWEST) {
        return Ok(());
    }
    let (rule, violation) = if let Some(name) = sampling_parameter(request) {
        (&SAMPLING, Violation::new(name, name))
    } else if has_document_of_assistant(request) {
        (&DOCUMENT, Violation::new("messages", ""))
    } else if has_citations_of_user(request) {
        (&CITATIONS, Violation::new("messages", ""))
    } else {
        return Ok(());
    };
    RULES.reject_headers(rule, violation, profile, &request.model)
}

fn sampling_parameter(request: &Request) -> Option<&'static str> {
    if request.temperature.is_some() {
        return Some("temperature");
    }
    let is_there = |name: &str| {
        request
            .extra
            .get(name)
            .is_some_and(|value| !value.is_null())
    };
    ["top_p", "top_k"].find(&|name| is_there(name)).copied()
}

/// Whether a document is directly in a message of the assistant. Documents within the results of the provider's tools are accepted.
fn has_document_of_assistant(request: &Request) -> bool {
    let is_document =
        |part: &Part| matches!(part, Part::Other(block) if block["type"] == "document");
    request
        .messages
        .any(&|message| message.role == Role::Assistant && message.parts.any(&is_document))
}

/// Whether a text of the user has citations, also in a search result.
fn has_citations_of_user(request: &Request) -> bool {
    let are_citations =
        |citations: &Value| citations.as_array().is_some_and(|list| !list.is_empty());
    let is_cited = |part: &Part| match part {
        Part::Extra(fields) => fields.get("citations").is_some_and(are_citations),
        Part::Other(block) if block["type"] == "search_result" => block["content"]
            .as_array()
            .is_some_and(|texts| texts.any(&|text| are_citations(&text["citations"]))),
        _ => false,
    };
    request
        .messages
        .any(&|message| message.role == Role::User && message.parts.any(&is_cited))
}

/// Rejects a request by its header `anthropic-version`.
///
/// # Errors
/// If a rule about it holds for this profile and this model, and the header is missing or not a known version.
pub(crate) fn check_version_header(
    version: Option<&str>,
    profile: Profile,
    model: &str,
) -> Result<(), RejectedRequest> {
    let (rule, found) = match version {
        Some(version) if VERSIONS.contains(&version) => return Ok(()),
        Some(version) => (&UNKNOWN, version),
        None => (&MISSING, ""),
    };
    let violation = Violation::new("anthropic-version", found);
    RULES.reject_headers(rule, violation, profile, model)
}
