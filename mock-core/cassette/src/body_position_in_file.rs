//! The line and the column in the file of a part of a body: [`BodyPlace`].

use crate::error::Mark;

/// The position of a body in its file, and its notation. It does not count for equality.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct BodyPlace(Option<(Mark, Writing)>);

impl PartialEq for BodyPlace {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// How a text is written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Writing {
    /// In a block, each line after this many spaces. A clipped one has no `+` or `-`: YAML drops the empty lines at its end.
    Block { indent: usize, is_clipped: bool },
    /// In one line, as it is.
    Plain,
    /// In one line and single quotes, which are doubled within.
    Quoted,
    /// With escapes or folded lines.
    Other,
}

impl BodyPlace {
    pub(crate) fn new(at: Mark, writing: Writing) -> Self {
        BodyPlace(Some((at, writing)))
    }

    /// The place of the byte with this index.
    pub(crate) fn mark(self, body: &[u8], index: usize) -> Option<Mark> {
        let (at, writing) = self.0?;
        let Some(Ok(before)) = body.get(..index).map(std::str::from_utf8) else {
            return Some(at);
        };
        let column = before.rsplit('\n').next().unwrap_or_default().chars();
        let lines = before.matches('\n').count();
        Some(match writing {
            Writing::Block { indent, .. } => {
                // The position of a block is that of its first line with text.
                let blank = body.iter().take_while(|byte| **byte == b'\n').count();
                let line = (at.line + lines).saturating_sub(blank);
                Mark::new(line, indent + 1 + column.count())
            }
            Writing::Plain if lines == 0 => Mark::new(at.line, at.column + column.count()),
            Writing::Quoted if lines == 0 => {
                let doubled = before.matches('\'').count();
                Mark::new(at.line, at.column + 1 + column.count() + doubled)
            }
            Writing::Plain | Writing::Quoted | Writing::Other => at,
        })
    }
}
