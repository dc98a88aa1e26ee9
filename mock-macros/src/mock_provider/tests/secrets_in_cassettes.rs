//! A credential or an e-mail address in a file of recorded exchanges is a compile error, unless the mock allows its field.

use super::*;

/// The texts of the mistakes of a mock, each of which must be under its cassette.
#[track_caller]
fn rejected(cassette: &str, rest: &str) -> Vec<String> {
    let path = format!("\"tests/cassettes/{cassette}\"");
    let source = format!("Weather = openai, cassette = {path}{rest}");
    let expansion = expand(source.parse().expect("tokens"));
    let mistakes = mistakes(&source, &expansion).into_iter();
    let texts = mistakes.map(|mistake| {
        let (start, end) = mistake.place;
        assert_eq!(&source[start..end], path, "{}", mistake.text);
        mistake.text
    });
    texts.collect()
}

#[test]
fn each_secret_is_rejected_with_its_place_and_is_not_shown_whole() {
    let texts = rejected("secret.yaml", "");
    let [credential, email] = texts.as_slice() else {
        panic!("{texts:?}");
    };
    for (text, place, field, whole) in [
        (
            credential,
            "tests/cassettes/secret.yaml:5:",
            "when.header[authorization]",
            "Zb3kQ9vX2mLp7Rt5",
        ),
        (
            email,
            "tests/cassettes/secret.yaml:6:",
            "when.body.messages[0].content",
            "bob@acme.io",
        ),
    ] {
        assert!(text.starts_with(place), "{text}");
        assert!(text.contains(&format!("`{field}`")), "{text}");
        assert!(
            text.contains(&format!("allow = [secrets(\"{field}\")]")),
            "{text}"
        );
        assert!(!text.contains(whole), "{text}");
    }
}

#[test]
fn a_secret_in_an_allowed_field_is_accepted_and_no_other() {
    let allowed = ", allow = [secrets(\"when.header[authorization]\")]";
    let texts = rejected("secret.yaml", allowed);
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert!(
        texts[0].contains("when.body.messages[0].content"),
        "{texts:?}"
    );
    let allowed = ", allow = [secrets(\"messages.*.content\")]";
    assert_eq!(rejected("email.yaml", allowed), [""; 0]);
}
