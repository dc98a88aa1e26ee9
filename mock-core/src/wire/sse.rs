//! Splits a text that arrives in pieces into server-sent events: [`EventData`].

/// Extracts the data of server-sent events from a text that arrives in pieces of any length. Other lines are skipped.
#[derive(Default)]
pub(crate) struct EventData {
    /// The beginning of a line that is not complete.
    line: String,
    /// The data of the event that is not complete, if it has any.
    data: Option<String>,
}

impl EventData {
    /// Adds a text, and returns the data of each event that is now complete.
    pub(crate) fn read(&mut self, text: &str) -> Vec<String> {
        let mut events = Vec::new();
        for piece in text.split_inclusive('\n') {
            self.line.push_str(piece);
            if !piece.ends_with('\n') {
                break;
            }
            let line = std::mem::take(&mut self.line);
            let line = line.trim_end_matches(['\r', '\n']);
            if line.is_empty() {
                events.extend(self.data.take());
            } else if let Some(value) = line.strip_prefix("data:") {
                let value = value.strip_prefix(' ').unwrap_or(value);
                match &mut self.data {
                    Some(data) => {
                        data.push('\n');
                        data.push_str(value);
                    }
                    none => *none = Some(value.to_owned()),
                }
            }
        }
        events
    }
}

#[cfg(test)]
mod tests {
    use super::EventData;

    #[test]
    fn events_are_the_same_wherever_the_text_is_cut() {
        let text = ": a comment\r\nevent: x\r\ndata: é1\r\n\r\ndata:2\ndata: 3\nid: 7\n\n\nretry: 5\n\ndata\ndata: 4";
        let expected = ["é1", "2\n3"];
        assert_eq!(EventData::default().read(text), expected);
        for (at, _) in text.char_indices() {
            let mut reader = EventData::default();
            let mut events = reader.read(&text[..at]);
            events.extend(reader.read(&text[at..]));
            assert_eq!(events, expected, "cut at {at}");
        }
    }
}
