//! What must hold between the parts of a scenario. One function is one rule.

mod arguments;
mod names;
mod turns;

use super::model::Mock;
use crate::diagnostics::Diagnostics;

type Rule = fn(&Mock, &Diagnostics);

const RULES: &[Rule] = &[
    names::variables_are_bound,
    names::tools_are_declared,
    names::tools_are_declared_once,
    arguments::arguments_fit_the_tool,
    turns::turns_answer,
    turns::turns_are_used,
    turns::turns_can_be_reached,
    turns::failures_stand_alone,
    turns::only_some_failures_say_when_to_retry,
];

pub(super) fn check(mock: &Mock, diagnostics: &Diagnostics) {
    for rule in RULES {
        rule(mock, diagnostics);
    }
}
