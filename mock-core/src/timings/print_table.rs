//! Prints [`Timings`] as a table for the terminal.

use std::fmt;
use std::time::Duration;

use super::{CallTimings, Timings};
use crate::report;

const HEADERS: [&str; 8] = [
    "call",
    "start",
    "first",
    "median gap",
    "max gap",
    "total",
    "tokens",
    "tokens/s",
];

/// A line of the table, and what is behind its cells.
type Row = (Vec<String>, String);

impl Timings {
    #[inline]
    fn rows(&self) -> Vec<Row> {
        let mut headers = Vec::new();
        for header in &HEADERS {
            headers.push((*header).to_owned());
        }
        let mut rows = vec![(headers, String::new())];
        for call in &self.calls {
            rows.push(call.row());
        }
        let times = [
            Some(self.started_at()),
            self.median_first_event(),
            self.median_gap(),
            self.max_gap(),
            Some(self.total()),
        ];
        let (tokens, rate) = (self.output_tokens(), self.tokens_per_second());
        rows.push((cells("all".to_owned(), times, tokens, rate), self.counts()));
        rows
    }
}

impl CallTimings {
    #[inline]
    fn row(&self) -> Row {
        let times = [
            Some(self.started_at()),
            self.first_event(),
            self.median_gap(),
            self.max_gap(),
            self.total(),
        ];
        let rate = self.tokens_per_second();
        let cells = cells(self.number().to_string(), times, self.output_tokens(), rate);
        let retries = self
            .retries()
            .map(|failed| format!("retries call {failed}"));
        let note = match (retries, &*self.ending) {
            (Some(retries), "") => retries,
            (Some(retries), ending) => format!("{retries}, {ending}"),
            (None, ending) => ending.to_owned(),
        };
        (cells, note)
    }
}

/// Writes the table: the medians of all calls are in its last line.
impl fmt::Display for Timings {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows();
        let mut widths = [0; HEADERS.len()];
        for (cells, _) in &rows {
            for (column, cell) in cells.iter().enumerate() {
                widths[column] = cell.len().max(widths[column]);
            }
        }
        for (cells, note) in &rows {
            let mut line = String::new();
            for (column, cell) in cells.iter().enumerate() {
                line.push_str(&format!("{cell:0$}  ", widths[column]));
            }
            line.push_str(note);
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[inline]
fn cells(
    name: String,
    times: [Option<Duration>; 5],
    tokens: Option<u64>,
    rate: Option<f64>,
) -> Vec<String> {
    const NONE: &str = "-";
    let mut cells = vec![name];
    for time in &times {
        cells.push(match time {
            Some(time) => report::time(*time),
            None => NONE.to_owned(),
        });
    }
    cells.push(match tokens {
        Some(tokens) => tokens.to_string(),
        None => NONE.to_owned(),
    });
    cells.push(match rate {
        Some(rate) => format!("{rate:.1}"),
        None => NONE.to_owned(),
    });
    cells
}
