//! An empty text in the place of a name, or of a text to look for, means nothing.

use super::*;

#[test]
fn every_text_contains_an_empty_pattern() {
    for word in ["user", "any_user_message", "system"] {
        let help = format!("write the text to look for, or `{word}(\"*\")` for any text");
        for pattern in ["\"\"", "\" \"", "\"\\n\\t\"", "r#\"\"#"] {
            for source in [
                format!("on({word}(«{pattern}»)).reply(\"x\")"),
                format!("on(not({word}(«{pattern}»))).reply(\"x\")"),
                format!("on(any_of(model(\"a\"), {word}(«{pattern}»))).reply(\"x\")"),
                format!("rules = match request {{ {word}(«{pattern}») => reply(\"x\") }}"),
                format!("lanes = match request {{ {word}(«{pattern}») => [reply(\"x\")] }}"),
                format!("expect = [never_sent({word}(«{pattern}»))], reply(\"x\")"),
            ] {
                wrong(&source, &[("every text contains an empty pattern", &help)]);
            }
        }
        right(&format!("on({word}(\"*\")).reply(\"x\")"));
        right(&format!("on({word}(\"{{text}}\")).reply(\"{{text}}\")"));
    }
    // An empty value of a header is one.
    right("on(header(\"x-session\", \"\")).reply(\"x\")");
}

#[cfg(feature = "regex")]
#[test]
fn every_text_contains_an_empty_regular_expression() {
    wrong(
        "on(any_user_message(«regex(\"\")»)).reply(\"x\")",
        &[(
            "every text contains an empty pattern",
            "write the text to look for, or `any_user_message(\"*\")` for any text",
        )],
    );
    right("on(any_user_message(regex(\" \"))).reply(\"x\")");
}

#[test]
fn names_cannot_be_empty() {
    let model = "the name of a model cannot be empty";
    let in_profile = "write it as in `openai(\"gpt-4o\")`, or remove it";
    let in_list = "write the name that requests have, as in `\"gpt-4o\"`";
    for (source, message, help) in [
        (
            "gate(«\"\"»).reply(\"x\")",
            "the name of a `gate` cannot be empty",
            "write one, as in `gate(\"ready\")`",
        ),
        (
            "gate(«\" \"»).reply(\"x\")",
            "the name of a `gate` cannot be empty",
            "write one, as in `gate(\"ready\")`",
        ),
        (
            "driven(«\"\"»)",
            "the name of a `driven` cannot be empty",
            "write one, as in `driven(\"ready\")`",
        ),
        (
            "name = «\"\"», reply(\"x\")",
            "the name of a provider cannot be empty",
            "write it as in `name = \"my-provider\"`, or remove `name`",
        ),
        ("openai(«\"\"»), reply(\"x\")", model, in_profile),
        ("plain(«\" \"»), reply(\"x\")", model, in_profile),
        ("models = [«\"\"»], reply(\"x\")", model, in_list),
        ("models = [«\" \"»], reply(\"x\")", model, in_list),
        (
            "tools = [a.named(«\"\"»)], reply(\"x\")",
            "a name on the wire cannot be empty",
            "write it in quotes, as in `.named(\"get-weather\")`",
        ),
        (
            "allow = [secrets(«\"\"»)], reply(\"x\")",
            "`secrets` takes one field of a recorded body",
            "write it as in `secrets(\"messages.*.content\")`",
        ),
    ] {
        wrong(source, &[(message, help)]);
    }
    for source in [
        "models = [«\" a\"»], reply(\"x\")",
        "openai(«\"a \"»), reply(\"x\")",
    ] {
        wrong(
            source,
            &[(
                "the name of a model cannot begin or end with white space",
                "write `\"a\"`",
            )],
        );
    }
}
