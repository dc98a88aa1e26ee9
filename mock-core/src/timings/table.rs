//! The table of [`Timings`] for the terminal.

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
type Row = ([String; HEADERS.len()], String);

impl Timings {
    fn rows(&self) -> Vec<Row> {
        let mut rows = vec![(HEADERS.map(String::from), String::new())];
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
    fn row(&self) -> Row {
        let times = [
            Some(self.started_at),
            self.first_event,
            self.median_gap(),
            self.max_gap(),
            self.total,
        ];
        let rate = self.tokens_per_second();
        let cells = cells(self.number.to_string(), times, self.output_tokens, rate);
        let retries = self.retries.map(|failed| format!("retries call {failed}"));
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
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows();
        let mut widths = [0; HEADERS.len()];
        for (cells, _) in &rows {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = cell.len().max(*width);
            }
        }
        for (cells, note) in &rows {
            let mut line = String::new();
            for (cell, width) in cells.iter().zip(widths) {
                line.push_str(&format!("{cell:width$}  "));
            }
            line.push_str(note);
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

fn cells(
    name: String,
    times: [Option<Duration>; 5],
    tokens: Option<u64>,
    rate: Option<f64>,
) -> [String; HEADERS.len()] {
    const NONE: &str = "-";
    let time = |time: Option<Duration>| time.map_or_else(|| NONE.to_owned(), report::time);
    let [start, first, median, max, total] = times;
    let tokens = tokens.map_or_else(|| NONE.to_owned(), |tokens| tokens.to_string());
    let rate = rate.map_or_else(|| NONE.to_owned(), |rate| format!("{rate:.1}"));
    [
        name,
        time(start),
        time(first),
        time(median),
        time(max),
        time(total),
        tokens,
        rate,
    ]
}
