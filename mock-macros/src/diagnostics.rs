//! The sink of all errors, and the words they have in common.

use std::cell::RefCell;
use std::fmt::Display;

use proc_macro2::{Delimiter, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Error, Expr, LitStr};

use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{begins_with_digit, insert_at, literal};

/// Takes every error of one expansion, so that all of them are reported in one compile.
#[derive(Default)]
pub(crate) struct Diagnostics {
    /// In the order of the source.
    reports: RefCell<Vec<Report>>,
    /// Tokens behind entries.
    behind: RefCell<Vec<Behind>>,
    /// How many of them have been reported, or discarded.
    #[cfg(test)]
    seen: std::cell::Cell<usize>,
}

/// Tests fail where an error is found and nobody reports it.
#[cfg(test)]
impl Drop for Diagnostics {
    fn drop(&mut self) {
        let lost = self.count() - self.seen.get();
        assert!(
            lost == 0 || std::thread::panicking(),
            "errors that are not reported: {lost} of {:?}",
            self.to_compile_errors().to_string()
        );
    }
}

/// A mistake, with its lint, place, message and help.
struct Report {
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "tests hold the index of lints against it")
    )]
    lint: Lint,
    span: Span,
    /// A `compile_error!`.
    tokens: TokenStream,
}

/// Tokens behind an entry where it should end.
struct Behind {
    /// The tokens of the entry, but for those in delimiters, and the first one behind it.
    entry: Vec<Span>,
    mistake: Mistake,
}

/// A mistake that is found, and is reported if no other explains more.
pub(crate) struct Mistake {
    lint: Lint,
    at: TokenStream,
    message: String,
    help: String,
}

impl Mistake {
    /// A mistake under all of these tokens.
    pub(crate) fn new(
        lint: Lint,
        at: &dyn ToTokens,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Mistake {
        Mistake {
            lint,
            at: at.to_token_stream(),
            message: message.into(),
            help: help.into(),
        }
    }

    pub(crate) fn report(self, diagnostics: &Diagnostics) {
        diagnostics.error_at(self.lint, &self.at, self.message, self.help);
    }
}

impl Diagnostics {
    /// Reports `message` at a span, with the text to type in `help`.
    pub(crate) fn error(&self, lint: Lint, span: Span, message: impl Display, help: impl Display) {
        self.push_at(lint, span, &message, &help);
    }

    /// The same, under all of `tokens`.
    pub(crate) fn error_at(
        &self,
        lint: Lint,
        tokens: &dyn ToTokens,
        message: impl Display,
        help: impl Display,
    ) {
        self.push_under(lint, tokens, &message, &help);
    }

    /// The same, where a value is then missing.
    pub(crate) fn reject<T>(
        &self,
        lint: Lint,
        tokens: &dyn ToTokens,
        message: &dyn Display,
        help: &dyn Display,
    ) -> Option<T> {
        self.push_under(lint, tokens, message, help);
        None
    }

    /// Notes tokens behind an entry, which are reported if nothing is wrong with its own tokens: they may have caused it.
    pub(crate) fn behind_entry(&self, entry: Vec<Span>, mistake: Mistake) {
        self.behind.borrow_mut().push(Behind { entry, mistake });
    }

    /// Reports the tokens behind entries with whose own tokens nothing is wrong.
    pub(crate) fn report_behind_entries(&self) {
        for Behind { entry, mistake } in self.behind.take() {
            let is_of_entry = |place: Span| entry.any(&|token| position(*token) == position(place));
            let is_wrong = self
                .reports
                .borrow()
                .any(&|report| is_of_entry(report.span));
            if !is_wrong {
                mistake.report(self);
            }
        }
    }

    /// Reports what the parser did not understand.
    pub(crate) fn syntax(&self, lint: Lint, error: &Error, help: impl Display) {
        self.error(lint, error.span(), error, help);
    }

    /// Reports what has been said twice, where it is said again.
    pub(crate) fn twice(&self, what: &str, first: Span, second: Span) {
        let message = format!("`{what}` is given twice");
        self.error(
            Lint::GivenTwice,
            second,
            message,
            remove_one(what, first, second),
        );
    }

    fn push_at(&self, lint: Lint, span: Span, message: &dyn Display, help: &dyn Display) {
        self.push(lint, Error::new(span, with_help(lint, message, help)));
    }

    fn push_under(
        &self,
        lint: Lint,
        tokens: &dyn ToTokens,
        message: &dyn Display,
        help: &dyn Display,
    ) {
        let text = with_help(lint, message, help);
        self.push(lint, Error::new_spanned(tokens.to_token_stream(), text));
    }

    fn push(&self, lint: Lint, error: Error) {
        let span = error.span();
        let report = Report {
            lint,
            span,
            tokens: error.to_compile_error(),
        };
        let mut reports = self.reports.borrow_mut();
        let at = position(span);
        let index = reports.partition_point(|earlier| position(earlier.span) <= at);
        insert_at(&mut reports, index, report);
    }

    /// Leaves the errors so far unreported: another error stands for them.
    pub(crate) fn discard(&self) {
        self.note_seen();
    }

    fn note_seen(&self) {
        #[cfg(test)]
        self.seen.set(self.count());
    }

    /// How many errors there are.
    pub(crate) fn count(&self) -> usize {
        let (reports, behind) = (self.reports.borrow(), self.behind.borrow());
        reports.len().saturating_add(behind.len())
    }

    /// The errors in the order of the source, as statements.
    pub(crate) fn to_compile_errors(&self) -> TokenStream {
        self.note_seen();
        let mut errors = TokenStream::new();
        for report in self.reports.borrow().iter() {
            report.tokens.to_tokens(&mut errors);
        }
        errors
    }

    /// The first of them, which stands for all.
    pub(crate) fn first(&self) -> TokenStream {
        self.note_seen();
        let reports = self.reports.borrow();
        let first = reports.first();
        first.map_or_else(TokenStream::new, |first| first.tokens.clone())
    }

    /// All of them as an item. In a module itself they would hide all names that it does not know: they might have been theirs.
    pub(crate) fn to_item(&self) -> Option<TokenStream> {
        let errors = self.to_compile_errors();
        (!errors.is_empty()).then(|| quote!(const _: () = { #errors };))
    }

    /// The lints that have been broken, each once.
    #[cfg(test)]
    pub(crate) fn lints(&self) -> std::collections::BTreeSet<Lint> {
        self.note_seen();
        let reports = self.reports.borrow();
        reports.iter().map(|report| report.lint).collect()
    }
}

/// The line and the column of a span; the same for all spans outside of the compiler.
pub(crate) fn position(span: Span) -> (usize, usize) {
    if !proc_macro::is_available() {
        #[cfg(test)]
        return (span.start().line, span.start().column + 1);
        #[cfg(not(test))]
        return (0, 0);
    }
    let start = span.unwrap();
    (start.line(), start.column())
}

fn end_position(span: Span) -> (usize, usize) {
    if !proc_macro::is_available() {
        #[cfg(test)]
        return (span.end().line, span.end().column + 1);
        #[cfg(not(test))]
        return (0, 0);
    }
    let end = span.unwrap().end();
    (end.line(), end.column())
}

/// Tokens as they are written, on one line. (A span of all of them, with a text of its own, is not stable.)
pub(crate) fn written(tokens: &dyn ToTokens) -> String {
    let mut written = Written::default();
    written.tokens(tokens.to_token_stream());
    written.text
}

#[derive(Default)]
struct Written {
    text: String,
    /// The end of the text so far; `None` if the next token follows without a space.
    end: Option<(usize, usize)>,
}

impl Written {
    fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ("(", ")"),
                        Delimiter::Brace => ("{ ", " }"),
                        Delimiter::Bracket => ("[", "]"),
                        Delimiter::None => {
                            self.tokens(group.stream());
                            continue;
                        }
                    };
                    // A parsed group has only one span, which covers both delimiters.
                    self.token(open, group.span_open());
                    self.end = None;
                    self.tokens(group.stream());
                    self.end = None;
                    self.token(close, group.span_close());
                }
                TokenTree::Punct(punct) => {
                    self.token(&punct.to_string(), punct.span());
                    if punct.spacing() == Spacing::Joint {
                        self.end = None;
                    }
                }
                other => self.token(&other.to_string(), other.span()),
            }
        }
    }

    fn token(&mut self, token: &str, span: Span) {
        if self.end.is_some_and(|end| end != position(span)) {
            self.text.push(' ');
        }
        self.text.push_str(token);
        self.end = Some(end_position(span));
    }
}

fn with_help(
    #[cfg_attr(
        not(test),
        expect(unused_variables, reason = "tests look it up in the index")
    )]
    lint: Lint,
    message: &dyn Display,
    help: &dyn Display,
) -> String {
    #[cfg(test)]
    crate::tests::listed_messages::assert_listed(lint, &message.to_string());
    format!("{message}\nhelp: {help}")
}

/// The help for one too many: where the other stands, if that is not at hand.
pub(crate) fn remove_one(what: &str, first: Span, second: Span) -> String {
    match (position(first).0, position(second).0) {
        (line, here) if line == here => format!("remove one of the two `{what}`"),
        (line, _) => format!("remove it here or in line {line}"),
    }
}

/// `1 delta`, `2 deltas`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

/// Expressions as they are written, with commas between them.
pub(crate) fn listed(expressions: &[&Expr]) -> String {
    with_commas(expressions, &|expression| written(expression))
}

/// Items with commas between them.
pub(crate) fn with_commas<T>(items: &[T], write: &dyn Fn(&T) -> String) -> String {
    let mut all = String::new();
    for item in items {
        if !all.is_empty() {
            all.push_str(", ");
        }
        all.push_str(&write(item));
    }
    all
}

/// The help for a literal that is to be a number of at most `most`: that in its quotes, or else `other`.
pub(crate) fn number_in_quotes(expr: &Expr, most: f64, other: &str) -> String {
    let text = literal(expr).map(LitStr::value).unwrap_or_default();
    let number = text.trim();
    let is_number =
        begins_with_digit(number) && number.parse().is_ok_and(|number: f64| number <= most);
    match is_number {
        true => format!("remove the quotes: `{number}`"),
        false => other.to_owned(),
    }
}

/// The words in backticks, with commas between them.
pub(crate) fn in_words<S: AsRef<str>>(words: &[S]) -> String {
    with_commas(words, &|word| format!("`{}`", word.as_ref()))
}
