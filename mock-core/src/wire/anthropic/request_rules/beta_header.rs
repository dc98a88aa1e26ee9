//! The header `anthropic-beta`, without which the provider does not know the fields of its betas.

use super::thinking::{BUDGET_MAXIMUM, GUIDE};
use super::{RULES, RejectedRequest};
use crate::chat::request::Request;
use crate::scenario::Profile;
use crate::search::Search;
use crate::wire::request_rules::{ELSEWHERE, Rule, RuleScope, Violation};

/// The fields, each with a beta that has it.
const FIELDS: [(&str, &str); 4] = [
    ("context_management", "context-management-2025-06-27"),
    ("mcp_servers", "mcp-client-2025-11-20"),
    ("speed", "fast-mode-2026-02-01"),
    ("thread", "message-threads-2026-08-12"),
];

const UNKNOWN_FIELD: Rule = Rule {
    id: "beta_header_missing",
    scope: RuleScope::Profile,
    sources: &[
        "anthropics/claude-code#14135",
        "zed-industries/zed#57707",
        "https://platform.claude.com/docs/en/agents-and-tools/mcp-connector",
        "https://platform.claude.com/docs/en/build-with-claude/message-threads",
    ],
    words: "{at}: Extra inputs are not permitted",
    help: "send the header of a beta that has the field, such as `anthropic-beta: {}`",
    rejected: "{}",
    accepted: "{}",
    check: ELSEWHERE,
};

const BUDGET: Rule = Rule {
    id: "thinking_budget_with_tools",
    scope: RuleScope::Provider,
    sources: &[GUIDE, "sudoprivacy/sudocode#438"],
    words: BUDGET_MAXIMUM,
    help: "or interleave it: send `anthropic-beta: interleaved-thinking-2025-05-14`",
    rejected: "{}",
    accepted: "{}",
    check: ELSEWHERE,
};

/// Whether a request with tools thinks for as many tokens as it may have in all, which only interleaved thinking may do.
fn thinks_beyond_maximum(request: &Request) -> bool {
    let thinking = request.extra.get("thinking");
    let enabled = thinking.filter(|thinking| thinking["type"] == "enabled");
    let budget = enabled.and_then(|thinking| thinking["budget_tokens"].as_u64());
    let (Some(budget), Some(most)) = (budget, request.max_tokens) else {
        return false;
    };
    !request.tools.is_empty() && budget >= u64::from(most)
}

/// Rejects a request that has a field of a beta and no header `anthropic-beta`, or a budget for interleaved thinking without that beta.
///
/// # Errors
/// If the rule about it holds for this profile.
pub(crate) fn check_beta_header(
    beta: Option<&str>,
    profile: Profile,
    request: &Request,
) -> Result<(), RejectedRequest> {
    let is_interleaved = beta.is_some_and(|beta| beta.contains("interleaved-thinking-"));
    if thinks_beyond_maximum(request) && !is_interleaved {
        let violation = Violation::new("max_tokens", "");
        return RULES.reject_headers(&BUDGET, violation, profile, &request.model);
    }
    let is_there = |field: &str| {
        request
            .extra
            .get(field)
            .is_some_and(|value| !value.is_null())
    };
    match FIELDS.find(&|(field, _)| is_there(field)) {
        Some((field, known)) if beta.is_none() => {
            let violation = Violation::new(*field, *known);
            RULES.reject_headers(&UNKNOWN_FIELD, violation, profile, &request.model)
        }
        _ => Ok(()),
    }
}
