//! Tests of patterns.

use super::*;

fn find(pattern: &str, text: &str) -> Option<Vec<(String, String)>> {
    let pattern = Pattern::parse(pattern).expect("a pattern");
    let captures = pattern.find(text)?;
    Some(
        captures
            .into_iter()
            .map(|(name, value)| (name.into_owned(), value))
            .collect(),
    )
}

fn captured(pattern: &str, text: &str) -> Option<String> {
    find(pattern, text).map(|captures| captures[0].1.clone())
}

#[test]
fn a_text_is_found_anywhere_and_case_counts() {
    assert!(find("weather", "the weather today").is_some());
    assert!(find("Weather", "the weather today").is_none());
    assert!(find("", "").is_some());
}

#[test]
fn runs_of_white_space_are_equal() {
    assert!(find("the  weather", "the\n\tweather").is_some());
    assert!(find("the weather", "theweather").is_none());
}

#[test]
fn a_star_is_any_text_or_none() {
    assert!(find("a*b", "ab").is_some());
    assert!(find("a*b", "a, then b").is_some());
    assert!(find("a*b", "b then a").is_none());
    assert!(find("2 ** 3", "2 * 3").is_some());
}

#[test]
fn a_capture_is_the_shortest_text_up_to_the_next_literal() {
    assert_eq!(
        captured("from {a} to", "from Rome to Oslo to Bern").as_deref(),
        Some("Rome")
    );
    assert_eq!(captured("from {a} to", "from  to").as_deref(), None);
}

#[test]
fn a_capture_at_the_end_stops_at_the_end_of_the_phrase() {
    for text in [
        "in New York?",
        "in New York, please",
        "in New York\nand more",
        "in New York ",
    ] {
        assert_eq!(
            captured("in {city}", text).as_deref(),
            Some("New York"),
            "{text}"
        );
    }
}

#[test]
fn a_word_and_the_rest_say_how_far_they_go() {
    assert_eq!(
        captured("in {city:word}", "in New York").as_deref(),
        Some("New")
    );
    assert_eq!(captured("say {x:rest}", "say: no").as_deref(), None);
    assert_eq!(
        captured("say {x:rest}", "say one. two!").as_deref(),
        Some("one. two!")
    );
}

#[test]
fn a_search_goes_on_where_the_first_place_leads_nowhere() {
    assert_eq!(
        captured("weather {day:word} in", "weather here, weather today in").as_deref(),
        Some("today")
    );
    assert_eq!(
        find("{a} x {b:word}!", "p x q r x s!").map(|c| c.len()),
        Some(2)
    );
}

#[test]
fn captures_come_in_the_order_of_the_pattern() {
    let captures = find("{a} and {b}", "salt and pepper").expect("a match");
    assert_eq!(
        captures,
        [("a".into(), "salt".into()), ("b".into(), "pepper".into())]
    );
}

#[test]
fn a_long_text_with_many_wildcards_is_searched_in_reasonable_time() {
    let text = "a".repeat(2_000);
    assert!(find("a*a*a*a*{x}b", &text).is_none());
}

#[test]
fn a_bad_pattern_is_an_error_that_names_the_mistake() {
    for (source, problem) in [
        ("in {city", "`{` is not closed"),
        ("in city}", "`}` was not opened"),
        ("in {}", "does not name a capture"),
        ("in {a b}", "does not name a capture"),
        ("in {a:b}", "`b` is not a kind of capture"),
        ("I am {user}", "`{user}` already has a meaning in templates"),
        ("from {a} to {a}", "two captures are named `{a}`"),
        ("{a:rest} b", "`{a:rest}` keeps all of the text"),
        ("{a:word}b", "`{a:word}` keeps the whole word"),
        ("{a}{b}", "`{a}{b}` has no text between the captures"),
        ("in {a}{b:word}", "write one, as in `{a} {b:word}`"),
    ] {
        let error = Pattern::parse(source).expect_err(source).to_string();
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn a_pattern_is_shown_as_it_is_written() {
    for source in ["weather in {city}", "{a:word} * {{x}} ** {b:rest}"] {
        assert_eq!(Pattern::parse(source).expect(source).to_string(), source);
    }
}
