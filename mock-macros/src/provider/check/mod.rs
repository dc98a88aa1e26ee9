//! What must hold between the parts of a scenario. One function is one rule.

mod arguments;
mod declaration;
mod names;
mod turns;

use super::model::Mock;
use crate::diagnostics::Diagnostics;

type Rule = fn(&Mock, &Diagnostics);

const RULES: &[Rule] = &[
    names::variables_are_bound,
    names::tools_of_fields_are_declared,
    names::tools_are_declared,
    names::tools_are_declared_once,
    arguments::arguments_fit_the_tool,
    arguments::arguments_of_a_declared_mock_are_known,
    declaration::only_a_declared_mock_has_attributes,
    turns::turns_answer,
    turns::turns_are_used,
    turns::turns_can_be_reached,
    turns::failures_stand_alone,
    turns::faults_come_before_the_end,
    turns::only_some_failures_say_when_to_retry,
];

pub(super) fn check(mock: &Mock, diagnostics: &Diagnostics) {
    for rule in RULES {
        rule(mock, diagnostics);
    }
}
