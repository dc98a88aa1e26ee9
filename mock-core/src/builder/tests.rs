//! Each function takes each type of text.

use std::borrow::Cow;
use std::fmt::Debug;

use super::*;
use crate::scenario::{Matcher, Pattern};

/// All of it but the lines where it is made.
fn shown(made: &impl Debug) -> String {
    let all = format!("{made:#?}");
    let lines = all.lines();
    let lines = lines.filter(|line| !line.trim_start().starts_with("line: "));
    lines.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn assert_same<T: Debug>(made: T, expected: T) {
    assert_eq!(shown(&made), shown(&expected));
}

/// That each function takes each type of text, and makes the same of it as of a literal.
macro_rules! takes_each_text {
    ($($name:ident: |$text:ident| $made:expr;)*) => {$(
        #[test]
        fn $name() {
            let owned = String::from("x");
            let expected = || { let $text = "x"; $made };
            assert_same({ let $text = owned.clone(); $made }, expected());
            assert_same({ let $text = &owned; $made }, expected());
            assert_same({ let $text = Cow::Borrowed("x"); $made }, expected());
            assert_same({ let $text = Cow::<'_, str>::Owned(owned.clone()); $made }, expected());
            assert_same({ let $text = owned.clone().into_boxed_str(); $made }, expected());
            assert_same({ let $text = 'x'; $made }, expected());
        }
    )*};
}

takes_each_text! {
    user_takes_each_text: |text| user(text);
    said_takes_each_text: |text| any_user_message(text);
    system_takes_each_text: |text| system(text);
    model_takes_each_text: |text| model(text);
    has_tool_takes_each_text: |text| has_tool(text);
    tool_result_takes_each_text: |text| tool_result(text);
    reply_takes_each_text: |text| reply(text);
    reasoning_takes_each_text: |text| reasoning(text);
    signature_takes_each_text: |text| reasoning("r").signature(text);
    refusal_takes_each_text: |text| refusal(text);
    stream_takes_each_text: |text| stream([text]);
    verbatim_takes_each_text: |text| verbatim(text);
    template_takes_each_text: |text| template(text);
    gate_takes_each_text: |text| gate(text);
    driven_takes_each_text: |text| driven(text);
    call_takes_each_text: |text| call(text, ());
    a_turn_is_named_by_each_text: |text| reply("a").named(text);
    a_scenario_is_named_by_each_text: |text| script([]).named(text);
    a_scenario_has_its_model_from_each_text: |text| script([]).model(text);
    a_scenario_has_its_provider_from_each_text: |text| script([]).provider(text);
    tool_takes_each_text: |text| tool(text);
    arg_takes_each_text: |text| tool("t").arg(text, string());
    object_takes_each_text: |text| object([(text, string())]);
    one_of_takes_each_text: |text| one_of([text]);
    message_takes_each_text: |text| generic().message(text);
    the_name_of_a_header_is_each_text: |text| generic().header(text, "v");
    the_value_of_a_header_is_each_text: |text| generic().header("n", text);
    body_takes_each_text: |text| generic().body(text);
}

#[test]
fn the_names_of_arguments_are_strings_of_any_kind() {
    let owned = String::from("city");
    let expected = || call("t", [("city", 1)]);
    assert_same(call("t", [(owned.clone(), 1)]), expected());
    assert_same(call("t", [(&owned, 1)]), expected());
    assert_same(call("t", [(Cow::Borrowed("city"), 1)]), expected());
    assert_same(call("t", [(owned.into_boxed_str(), 1)]), expected());
}

#[test]
fn a_text_that_is_borrowed_for_a_while_is_a_name_or_a_pattern() {
    let owned = String::from("in {city}");
    let borrowed: &str = &owned;
    assert_same(
        user(borrowed),
        Matcher::User(Pattern::parse("in {city}").expect("a pattern")),
    );
    assert_same(tool(borrowed), tool("in {city}"));
    assert_same(reply(verbatim(borrowed)), reply("in {{city}}"));
}

#[test]
fn a_literal_is_a_template_and_a_string_is_not() {
    let text = "{user}";
    assert_same(reply(template(text.to_owned())), reply("{user}"));
    assert_same(reply(text.to_owned()), reply("{{user}}"));
    assert_same(reply(verbatim(text)), reply("{{user}}"));
}

#[cfg(feature = "regex")]
#[test]
fn a_regular_expression_takes_a_string() {
    let owned = String::from("a|b");
    assert_same(user(regex(&owned)), user(regex("a|b")));
}

#[test]
#[should_panic(expected = "`{` is not closed")]
fn a_text_from_a_file_that_is_not_a_template_panics() {
    let _ = template(String::from("{user"));
}

#[test]
#[should_panic(expected = "remove one of the two faults")]
fn a_second_fault_of_a_turn_panics_where_it_is_written() {
    let _ = reply("Hi.").cut_after(0).end_after(1);
}
