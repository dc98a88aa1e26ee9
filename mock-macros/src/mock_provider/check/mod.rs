//! Checks between the parts of a scenario. One function is one rule.

mod always_answers;
mod answers;
mod call_ids;
#[cfg(feature = "cassette")]
mod cassette;
mod declaration;
mod embeddings;
mod expectations;
mod faults;
mod lanes;
mod name_set;
mod raw_answers;
mod replays;
mod tool_arguments;
mod tool_names;
mod turn_names;
mod unreachable;
mod variables;

use super::parse::Mock;
use crate::diagnostics::Diagnostics;

type Check = fn(&Mock, &Diagnostics);

const CHECKS: &[Check] = &[
    variables::variables_are_bound,
    variables::tools_of_fields_are_declared,
    variables::texts_have_no_fields,
    variables::fields_are_returned,
    tool_names::tools_are_declared,
    tool_names::tools_are_declared_once,
    tool_names::tools_are_named_once,
    turn_names::turns_have_names_of_their_own,
    tool_arguments::arguments_fit_the_tool,
    call_ids::calls_have_ids_of_their_own,
    tool_arguments::json_of_a_declared_mock_is_known,
    declaration::only_a_declared_mock_has_attributes,
    declaration::names_are_free,
    declaration::calls_are_capabilities,
    declaration::the_own_model_is_one_of_the_models,
    unreachable::turns_are_used,
    unreachable::matchers_may_hold,
    unreachable::turns_can_be_reached,
    unreachable::rules_can_be_reached,
    unreachable::paths_stand_in_rules,
    unreachable::otherwise_can_be_reached,
    unreachable::repeat_last_has_a_script,
    lanes::lanes_are_all_the_scripts,
    lanes::lanes_have_turns,
    lanes::patterns_hold_throughout,
    lanes::lanes_can_be_reached,
    lanes::instances_have_values,
    answers::turns_answer,
    answers::failures_stand_alone,
    answers::closures_stand_alone,
    answers::signatures_follow_reasoning,
    answers::nothing_follows_an_end,
    answers::splits_have_something_to_split,
    answers::what_never_ends_has_no_end,
    embeddings::embeddings_stand_alone,
    embeddings::embeddings_come_whole,
    embeddings::vectors_go_together,
    faults::faults_come_before_the_end,
    faults::what_breaks_off_has_no_end,
    faults::only_some_failures_say_when_to_retry,
    faults::what_is_no_answer_has_no_headers,
    faults::a_status_without_a_body_has_none,
    faults::headers_can_be_sent,
    raw_answers::raw_answers_stand_alone,
    raw_answers::modifiers_go_with_a_raw_answer,
    raw_answers::faults_of_frames_know_their_place,
    raw_answers::headers_go_with_an_answer,
    replays::replays_have_a_cassette,
    replays::replays_stand_in_the_script,
    replays::replayed_answers_are_as_recorded,
    #[cfg(feature = "cassette")]
    cassette::turns_replay_what_is_recorded,
    #[cfg(feature = "cassette")]
    cassette::scripts_replay_the_cassette,
    #[cfg(feature = "cassette")]
    cassette::fixtures_in_an_order_have_no_script,
    #[cfg(feature = "cassette")]
    cassette::cassettes_are_of_the_wire,
    #[cfg(feature = "cassette")]
    cassette::cassettes_have_no_secrets,
    #[cfg(feature = "cassette")]
    cassette::recorded_calls_fit_the_tools,
    expectations::expected_calls_are_enough,
    expectations::required_requests_may_be_sent,
    expectations::waited_failures_may_happen,
    expectations::expectations_go_together,
];

pub(super) fn check(mock: &Mock, diagnostics: &Diagnostics) {
    for check in CHECKS {
        check(mock, diagnostics);
    }
}
