//! Splits a text that arrives in pieces into lines of JSON: [`Lines`].

/// Splits a text that arrives in pieces of any length into lines.
#[derive(Default)]
pub(crate) struct Lines {
    /// The beginning of a line that is not complete.
    line: String,
}

impl Lines {
    /// Adds a text, and returns the lines that are now complete and not blank.
    pub(crate) fn read(&mut self, text: &str) -> Vec<String> {
        let mut lines = Vec::new();
        for piece in text.split_inclusive('\n') {
            self.line.push_str(piece);
            if piece.ends_with('\n') {
                let line = std::mem::take(&mut self.line);
                lines.extend(Some(line).filter(|line| !line.trim().is_empty()));
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn lines_are_the_same_wherever_the_text_is_cut() {
        let text = "{\"é\":1}\n\n{}\r\nrest";
        let expected = ["{\"é\":1}\n", "{}\r\n"];
        assert_eq!(Lines::default().read(text), expected);
        for (at, _) in text.char_indices() {
            let mut reader = Lines::default();
            let mut lines = reader.read(&text[..at]);
            lines.extend(reader.read(&text[at..]));
            assert_eq!(lines, expected, "cut at {at}");
        }
    }
}
