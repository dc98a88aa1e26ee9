//! Templates as `format_args!` reads them.

use proc_macro2::Literal;

use crate::syntax::split_text_at;

/// A template with a blank format for what `format_args!` does not know, the fields behind a tool: all else stands where it stood, and
/// the tool is a name.
pub(super) fn readable(literal: &Literal, source: &str) -> Literal {
    let mut fields = source.split('{').skip(1);
    if !fields.any(|field| {
        field
            .split('}')
            .next()
            .is_some_and(|field| field.contains(&['.', '['][..]))
    }) {
        return literal.clone();
    }
    let Ok(mut readable) = blanked(source).parse::<Literal>() else {
        return literal.clone();
    };
    readable.set_span(literal.span());
    readable
}

fn blanked(source: &str) -> String {
    let is_raw = source.starts_with('r');
    let mut blanked = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let after = |c: char| Some(rest.find(c)?.saturating_add(1));
        let length = match c {
            '\\' if !is_raw && rest.starts_with("\\u{") => after('}').unwrap_or(3),
            '\\' if !is_raw => rest.chars().take(2).map(char::len_utf8).sum(),
            '{' if rest.starts_with("{{") => 2,
            '{' => after('}').unwrap_or(1),
            c => c.len_utf8(),
        };
        let (piece, after) = split_text_at(rest, length);
        match piece.split_once(&['.', '['][..]) {
            Some((name, fields)) if c == '{' => {
                blanked.push_str(name);
                blanked.push(':');
                blanked.extend(fields.bytes().skip(1).map(|_| ' '));
                blanked.push('}');
            }
            _ => blanked.push_str(piece),
        }
        rest = after;
    }
    blanked
}

#[cfg(test)]
mod tests {
    use super::blanked;

    #[test]
    fn the_fields_after_a_tool_are_blank_and_nothing_else_is_moved() {
        for (source, expected) in [
            (r#""{city}.""#, r#""{city}.""#),
            (r#""{t.a.0}° {city}""#, r#""{t:   }° {city}""#),
            (r#""{{t.a}} {t.ü}""#, r#""{{t.a}} {t:  }""#),
            (r#""{t[0].a} {t[12].b.c}""#, r#""{t:    } {t:       }""#),
            (r#""\u{e9}.\"{t.a}\\{t.a}""#, r#""\u{e9}.\"{t: }\\{t: }""#),
            (r##"r#"\u{t.a} "{t.a"#"##, r##"r#"\u{t: } "{t.a"#"##),
        ] {
            assert_eq!(blanked(source), expected);
            assert_eq!(source.len(), expected.len());
        }
    }
}
