//! Texts with variables: `{user}`, `{{` and `}}`, and bad templates.

use super::*;

#[test]
fn a_text_without_variables_is_verbatim() {
    assert_eq!(
        Text::parse("a }} {{ b"),
        Ok(Text::Verbatim("a } { b".into()))
    );
}

#[test]
fn variables_are_read_by_their_form() {
    let text = Text::parse("{user} {model} {call} {city} {tool.a.0} {get-time[10].time-zone}")
        .expect("a template");
    let mut variables = Vec::new();
    text.add_variables(&mut variables);
    assert_eq!(
        variables,
        [
            &Variable::User,
            &Variable::Model,
            &Variable::Call,
            &Variable::Capture("city".into()),
            &Variable::Field {
                tool: "tool".into(),
                index: None,
                path: "a.0".into()
            },
            &Variable::Field {
                tool: "get-time".into(),
                index: Some(10),
                path: "time-zone".into()
            },
        ]
    );
}

#[test]
fn values_take_the_place_of_variables() {
    let text = Text::parse("<{a}>{{{b}}}").expect("a template");
    assert_eq!(text.render(&|_| "x".into()), "<x>{x}");
}

#[test]
fn a_bad_template_says_what_to_write() {
    for (source, problem) in [
        ("{a", "`{` is not closed"),
        ("a}", "`}` was not opened"),
        ("{}", "`{}` is not a variable"),
        (
            r#"{"a": 1}"#,
            "write `{{` and `}}` for braces, or `verbatim(..)`",
        ),
        ("{a.}", "`{a.}` is not a variable"),
        ("{a-b}", "`{a-b}` is not a variable"),
        ("{-a.b}", "`{-a.b}` is not a variable"),
        ("{a[0]}", "`{a[0]}` is not a variable"),
        ("{a[].b}", "`{a[].b}` is not a variable"),
        ("{a[+1].b}", "`{a[+1].b}` is not a variable"),
        ("{a[0.b}", "`{a[0.b}` is not a variable"),
        ("{a[0]x.b}", "`{a[0]x.b}` is not a variable"),
        ("{a[4294967296].b}", "`{a[4294967296].b}` is not a variable"),
    ] {
        let error = Text::parse(source).expect_err(source).to_string();
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn a_text_is_shown_as_it_is_written() {
    for source in ["{{}} {city} {a.b.c} {a[1].b} {user}", "plain"] {
        assert_eq!(Text::parse(source).expect(source).to_string(), source);
    }
}
