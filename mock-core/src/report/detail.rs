//! The lines below a headline: what was expected, what came instead, and what to do.

use std::fmt;

use super::formatting::{shorten, wrap};
use super::turn::turn_lines;
use super::{INDENT, WIDTH, painted};
use crate::scenario::{Scenario, TurnIndex};

/// Blocks of lines, each with a label before its first line.
#[derive(Default)]
pub(super) struct Detail {
    pub(super) lines: Vec<String>,
    has_help: bool,
}

impl Detail {
    pub(super) fn block(&mut self, label: &str, lines: &[String]) {
        const LABEL: usize = INDENT - 2;
        let mut label = label;
        for line in lines {
            let line = format!("  {label:LABEL$}{line}");
            self.lines.push(shorten(&line, WIDTH));
            label = "";
        }
    }

    /// Adds a text, in as many lines as it takes.
    pub(super) fn text(&mut self, label: &str, text: fmt::Arguments<'_>) {
        let lines = wrap(&text.to_string(), WIDTH - INDENT, usize::MAX);
        self.block(label, &lines);
    }

    /// Adds the location and the source of a turn.
    pub(super) fn turn(&mut self, label: &str, scenario: &Scenario, turn: TurnIndex) {
        self.block(label, &turn_lines(scenario, turn));
    }

    /// Adds a remedy. The first one has the label.
    pub(super) fn help(&mut self, remedy: fmt::Arguments<'_>) {
        let label = if self.has_help { "" } else { "help:" };
        self.has_help = true;
        self.text(label, remedy);
    }

    /// The message that these lines make with a headline above them.
    pub(super) fn below(mut self, headline: String) -> String {
        let mut lines = vec![headline, String::new()];
        lines.append(&mut self.lines);
        painted(&lines)
    }
}
