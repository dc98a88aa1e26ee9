//! Checks between the parts of a scenario. One function is one rule.

mod answers_when_it_matches;
mod arguments_of_calls;
mod call_ids;
#[cfg(feature = "cassette")]
mod cassette_content;
#[cfg(feature = "cassette")]
mod cassette_secrets;
mod combined_actions;
mod declared_mocks;
mod declared_tools;
mod embeddings;
mod expectations;
mod faults;
mod http_answer;
mod lanes;
mod misplaced_modifiers;
mod models_and_capabilities;
#[cfg(feature = "cassette")]
mod recorded_tool_calls;
mod replay_turns;
mod turn_names;
mod unreachable;
mod variables;
mod wire_names;

use super::parse::Mock;
use crate::diagnostics::Diagnostics;

type Check = fn(&Mock, &Diagnostics);

const CHECKS: &[Check] = &[
    variables::variables_are_bound,
    variables::tools_of_fields_are_declared,
    variables::texts_have_no_fields,
    variables::fields_are_returned,
    declared_tools::tools_are_declared,
    declared_tools::tools_are_declared_once,
    wire_names::tools_are_named_once,
    wire_names::arguments_are_named_apart,
    turn_names::turns_have_names_of_their_own,
    arguments_of_calls::arguments_fit_the_tool,
    call_ids::calls_have_ids_of_their_own,
    declared_mocks::json_of_a_declared_mock_is_known,
    declared_mocks::only_a_declared_mock_has_attributes,
    declared_mocks::names_are_free,
    models_and_capabilities::calls_are_capabilities,
    models_and_capabilities::the_own_model_is_one_of_the_models,
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
    misplaced_modifiers::rules_have_no_count,
    combined_actions::turns_answer,
    combined_actions::failures_stand_alone,
    combined_actions::closures_stand_alone,
    combined_actions::signatures_follow_reasoning,
    combined_actions::nothing_follows_an_end,
    misplaced_modifiers::splits_have_something_to_split,
    misplaced_modifiers::what_never_ends_has_no_end,
    combined_actions::embeddings_stand_alone,
    misplaced_modifiers::embeddings_come_whole,
    embeddings::vectors_go_together,
    faults::faults_come_before_the_end,
    misplaced_modifiers::what_breaks_off_has_no_end,
    http_answer::only_some_failures_say_when_to_retry,
    http_answer::what_is_no_answer_has_no_headers,
    http_answer::a_status_without_a_body_has_none,
    http_answer::headers_can_be_sent,
    combined_actions::raw_answers_stand_alone,
    misplaced_modifiers::modifiers_go_with_a_raw_answer,
    misplaced_modifiers::faults_of_frames_know_their_place,
    http_answer::headers_go_with_an_answer,
    replay_turns::replays_have_a_cassette,
    replay_turns::replays_stand_in_the_script,
    replay_turns::replayed_answers_are_as_recorded,
    #[cfg(feature = "cassette")]
    cassette_content::turns_replay_what_is_recorded,
    #[cfg(feature = "cassette")]
    cassette_content::scripts_replay_the_cassette,
    #[cfg(feature = "cassette")]
    cassette_content::fixtures_in_an_order_have_no_script,
    #[cfg(feature = "cassette")]
    cassette_content::cassettes_are_of_the_wire,
    #[cfg(feature = "cassette")]
    cassette_secrets::cassettes_have_no_secrets,
    #[cfg(feature = "cassette")]
    recorded_tool_calls::recorded_calls_fit_the_tools,
    expectations::expected_calls_are_enough,
    expectations::required_calls_are_within_the_limit,
    expectations::required_requests_may_be_sent,
    expectations::waited_failures_may_happen,
    expectations::expectations_go_together,
];

pub(super) fn check(mock: &Mock, diagnostics: &Diagnostics) {
    for check in CHECKS {
        check(mock, diagnostics);
    }
}
