//! Text in HTML: [`Text`].

use std::fmt::{self, Write as _};

/// A text that is shown as it is, in an element or in an attribute. Characters that cannot be seen are escaped as in Rust.
pub(super) struct Text<'t>(pub(super) &'t str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\n' | '\t' => f.write_char(c)?,
                c if is_unseen(c) => write!(f, "{}", c.escape_unicode())?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// Whether a character is a control, or changes the direction of what comes after it.
fn is_unseen(c: char) -> bool {
    let is_direction =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || is_direction
}

/// The beginning of a page with this title, up to its content.
pub(super) fn head(title: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n",
        Text(title),
        include_str!("style.css"),
    )
}

/// The end of a page.
pub(super) const END: &str = "</body>\n</html>\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_a_text_in_an_element_and_in_an_attribute() {
        for (text, expected) in [
            (
                "a <b> & \"c\" 'd'",
                "a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;",
            ),
            ("</style><script>", "&lt;/style&gt;&lt;script&gt;"),
            ("a\n\tb", "a\n\tb"),
            ("a\0\u{1b}[31m\r", "a\\u{0}\\u{1b}[31m\\u{d}"),
            ("\u{202e}txt.exe", "\\u{202e}txt.exe"),
            ("18 °C 🦀", "18 °C 🦀"),
        ] {
            assert_eq!(Text(text).to_string(), expected);
        }
    }
}
