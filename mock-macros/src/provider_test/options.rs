//! The options of `#[provider_test(..)]`.

use std::time::Duration;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::meta::ParseNestedMeta;
use syn::parse::{ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::{Expr, Ident, LitInt, LitStr, Path, Token};

#[cfg(feature = "sweep")]
use super::sweep_and_seeds::Runs;
use super::test_fn::TestFn;
#[cfg(not(feature = "sweep"))]
use super::without_sweep::Runs;
use crate::crate_path::CratePath;
use crate::diagnostics::{Diagnostics, written};
use crate::did_you_mean::did_you_mean;
use crate::duration::{self, Time, Unit};
use crate::lint::Lint;
use crate::mock_provider::report_number_mistake;
use crate::search::Search as _;
use crate::syntax::{any_literal, consists_of, literal, path_word};
use crate::words::OPTIONS;

/// The guard of a test that says none: it is mock-core's, and a test compares the two.
pub(super) const GUARD: Duration = Duration::from_secs(30);

/// The options in the parentheses of `#[provider_test(..)]`.
#[derive(Default)]
pub(super) struct Options {
    pub(super) crate_path: CratePath,
    clock: Option<LitStr>,
    flavor: Option<LitStr>,
    worker_threads: Option<LitInt>,
    timeout: Option<(Span, Time)>,
    guard: Option<Time>,
    task_panics: Option<LitStr>,
    network: Option<LitStr>,
    foreign: Option<(Span, Foreign)>,
    runs: Runs,
    /// Whether all of them were understood.
    are_whole: bool,
}

/// How long the paused clock waits for foreign I/O.
enum Foreign {
    For(Time),
    Wait,
    Ignore,
}

impl Options {
    pub(super) fn parse(tokens: TokenStream, diagnostics: &Diagnostics) -> Options {
        let errors = diagnostics.count();
        let mut options = Options::default();
        let mut seen: Vec<(String, Span)> = Vec::new();
        let (mut last, mut before_last) = (String::new(), errors);
        let parser = syn::meta::parser(|meta| {
            let word = meta.path.to_token_stream().to_string();
            last.clone_from(&word);
            before_last = diagnostics.count();
            let span = meta.path.span();
            if let Some((_, first)) = seen.find(&|(seen, _)| *seen == word) {
                diagnostics.twice(&word, *first, span);
            }
            options.option(&word, &meta, diagnostics)?;
            seen.push((word, span));
            Ok(())
        });
        // What follows a value with a mistake may belong to it.
        if let Err(error) = parser.parse2(tokens.clone())
            && diagnostics.count() == before_last
            && !report_number_mistake(tokens, diagnostics)
        {
            let message = match error.to_string() {
                syntax if syntax.contains("nested attribute") => "expected an option".to_owned(),
                syntax => syntax,
            };
            let help = match (&*message, OPTIONS.find(&last)) {
                ("expected `,`", _) => "write a comma between options".to_owned(),
                ("expected an option", _) | (_, None) => {
                    "write `option = value`, as in `timeout = 5s`".to_owned()
                }
                (_, Some(option)) => format!("write it as in `{}`", option.example),
            };
            diagnostics.error(Lint::OptionValue, error.span(), message, help);
        }
        // An option with a mistake may be the one that is missing.
        options.are_whole = diagnostics.count() == errors;
        if options.are_whole {
            options.check(diagnostics);
        }
        options
    }

    fn option(
        &mut self,
        word: &str,
        meta: &ParseNestedMeta<'_>,
        diagnostics: &Diagnostics,
    ) -> syn::Result<()> {
        if OPTIONS.has(word) && !has_value(word, meta, diagnostics)? {
            return Ok(());
        }
        match word {
            "crate" => {
                let what = ("a path", "write it as in `crate = ::my_mocks`");
                let path = value(meta, Path::parse_mod_style, what, diagnostics)?;
                self.crate_path = CratePath(path);
            }
            "clock" => self.clock = word_of(meta, &["paused", "real"], diagnostics)?,
            "flavor" => {
                self.flavor = word_of(meta, &["current_thread", "multi_thread"], diagnostics)?;
            }
            "task_panics" => {
                self.task_panics = word_of(meta, &["fail", "ignore"], diagnostics)?;
            }
            "network" => self.network = word_of(meta, &["allow", "deny"], diagnostics)?,
            "worker_threads" => self.worker_threads = worker_threads(meta, diagnostics)?,
            "timeout" => {
                let help = "write a longer time, as in `10s`, or remove `timeout`";
                let time = meta.input.parse::<Expr>()?;
                if !is_apart(&time, meta, diagnostics)? {
                    self.timeout = Some((
                        time.span(),
                        Time::read_some(&time, Unit::Secs, help, diagnostics),
                    ));
                }
            }
            "foreign" => {
                let span = meta.input.span();
                self.foreign = foreign(meta, diagnostics)?.map(|foreign| (span, foreign));
            }
            "guard" => {
                let time = meta.input.parse::<Expr>()?;
                if !is_apart(&time, meta, diagnostics)? {
                    self.guard = Some(Time::read(&time, Unit::Secs, diagnostics));
                }
            }
            word if self.runs.option(word, meta, diagnostics)? => {}
            _ => {
                let help = match word {
                    "start_paused" => {
                        "remove it: the clock is paused unless you write `clock = \"real\"`"
                            .to_owned()
                    }
                    "seed" => {
                        "write `seed = 5` in the mock, set `MOCK_CORE_SEED=5` for one run, or write `seeds = 0..100` for a run with each seed"
                            .to_owned()
                    }
                    "paused" => "remove it: the clock is paused by default".to_owned(),
                    "real" => "write `clock = \"real\"`".to_owned(),
                    "current_thread" => "remove it: this is the default".to_owned(),
                    "multi_thread" => {
                        "write `flavor = \"multi_thread\", clock = \"real\"`".to_owned()
                    }
                    "mock" | "mocks" => {
                        "write the mock before an argument, as in `#[mock(reply(\"Hi.\"))] llm: MockLlm`"
                            .to_owned()
                    }
                    word => OPTIONS.did_you_mean(word),
                };
                diagnostics.error_at(
                    Lint::UnknownOption,
                    &meta.path,
                    format_args!("unknown option `{word}`"),
                    help,
                );
                // Skip the value of an unknown option.
                skip(meta)?;
            }
        }
        Ok(())
    }

    /// Checks the options against the test.
    pub(super) fn check_test(&self, test: &TestFn, diagnostics: &Diagnostics) {
        if self.are_whole {
            self.runs.check(test, self.is_real(), diagnostics);
        }
    }

    /// Checks the options against each other.
    fn check(&self, diagnostics: &Diagnostics) {
        self.check_timeout(diagnostics);
        let is_multi = self.is_multi_thread();
        let is_paused = !self.is_real();
        if is_multi
            && is_paused
            && let Some(flavor) = &self.flavor
        {
            diagnostics.error(
                Lint::ClockAndFlavor,
                flavor.span(),
                "a paused clock needs the current-thread runtime",
                "add `clock = \"real\"`, or remove `flavor`",
            );
        }
        if (is_multi || !is_paused)
            && let Some((span, _)) = &self.foreign
        {
            diagnostics.error(
                Lint::ClockAndFlavor,
                *span,
                "only a paused clock waits for foreign I/O",
                "remove `foreign`: the real clock advances by itself",
            );
        }
        if !is_multi && let Some(threads) = &self.worker_threads {
            diagnostics.error(
                Lint::ClockAndFlavor,
                threads.span(),
                "the current-thread runtime has no worker threads",
                "add `flavor = \"multi_thread\"` and `clock = \"real\"`, or remove `worker_threads`",
            );
        }
    }

    /// On a clock that is real, the guard stops a test whose time-out is later.
    fn check_timeout(&self, diagnostics: &Diagnostics) {
        let guard = match &self.guard {
            None => GUARD,
            Some(Time::Literal(guard)) => *guard,
            Some(Time::Expr(_)) => return,
        };
        if let Some((span, Time::Literal(timeout))) = &self.timeout
            && self.is_real()
            && !guard.is_zero()
            && *timeout > guard
        {
            diagnostics.error(
                Lint::LateTimeout,
                *span,
                format_args!(
                    "the guard stops the test after {} s, before this time-out",
                    guard.as_secs_f64()
                ),
                "write a shorter time, or a longer `guard`; `guard = 0s` turns it off",
            );
        }
    }

    fn is_real(&self) -> bool {
        is(&self.clock, "real")
    }

    fn is_multi_thread(&self) -> bool {
        is(&self.flavor, "multi_thread")
    }

    /// The call that runs the test of this spec.
    pub(super) fn call(&self, spec: &TokenStream) -> TokenStream {
        self.runs.call(&self.crate_path, spec)
    }

    /// The fields of the spec that the options set.
    pub(super) fn fields(&self) -> TokenStream {
        let private = self.crate_path.private();
        let mut fields = TokenStream::new();
        if self.is_real() {
            quote!(clock: #private::Clock::Real,).to_tokens(&mut fields);
        }
        if self.is_multi_thread()
            && let Some(flavor) = &self.flavor
        {
            let one = LitInt::new("1", Span::call_site());
            let threads = self.worker_threads.as_ref().unwrap_or(&one);
            // If the feature is off, the compiler's error is at the span of the whole call. So put the call at the option.
            let at = flavor.span().resolved_at(Span::call_site());
            let mut call = TokenStream::new();
            for mut token in quote!(#private::multi_thread!) {
                token.set_span(at);
                token.to_tokens(&mut call);
            }
            let flavor = quote_spanned!(at=> (#private::Flavor::MultiThread(#threads)));
            quote!(flavor: #call #flavor,).to_tokens(&mut fields);
        }
        if is(&self.task_panics, "ignore") {
            quote!(task_panics: #private::TaskPanics::Ignore,).to_tokens(&mut fields);
        }
        let mut some = |name: &str, value: TokenStream| {
            let name = Ident::new(name, Span::call_site());
            quote!(#name: ::core::option::Option::Some(#value),).to_tokens(&mut fields);
        };
        if self.network.is_some() {
            some(
                "network",
                match is(&self.network, "deny") {
                    true => quote!(#private::Network::Deny),
                    false => quote!(#private::Network::Allow),
                },
            );
        }
        if let Some((_, timeout)) = &self.timeout {
            some("timeout", timeout.to_token_stream());
        }
        if let Some((_, foreign)) = &self.foreign {
            some(
                "foreign",
                match foreign {
                    Foreign::For(time) => quote!(#private::Foreign::For(#time)),
                    Foreign::Wait => quote!(#private::Foreign::Wait),
                    Foreign::Ignore => quote!(#private::Foreign::Ignore),
                },
            );
        }
        if let Some(guard) = &self.guard {
            quote!(guard: #guard,).to_tokens(&mut fields);
        }
        fields
    }
}

/// Whether an option is this word.
fn is(option: &Option<LitStr>, word: &str) -> bool {
    option.as_ref().is_some_and(|option| option.value() == word)
}

/// Takes the `=` of an option; `false` if it has no value, and that has been reported.
fn has_value(
    word: &str,
    meta: &ParseNestedMeta<'_>,
    diagnostics: &Diagnostics,
) -> syn::Result<bool> {
    let help = format!("write `{word} = ..`");
    let example = OPTIONS
        .find(word)
        .map_or("timeout = 5s", |word| word.example);
    let as_in = format!("write it as in `{example}`");
    let is_end = || meta.input.is_empty() || meta.input.peek(Token![,]);
    if meta.input.peek(Token![:]) {
        let colon: Token![:] = meta.input.parse()?;
        let message = format!("expected `=` after `{word}`, found `:`");
        diagnostics.error(Lint::ColonForEquals, colon.span, message, help);
    } else if !is_end() && meta.input.parse::<Token![=]>().is_err() {
        let message = format!("expected `=` after `{word}`");
        diagnostics.error(Lint::ColonForEquals, meta.input.span(), message, as_in);
        skip(meta)?;
        return Ok(false);
    }
    if is_end() {
        let message = format!("`{word}` has no value");
        diagnostics.error_at(Lint::OptionValue, &meta.path, message, as_in);
    }
    Ok(!is_end())
}

/// The value of an option; `None` if it is another than it should be, and that has been reported.
fn value<T>(
    meta: &ParseNestedMeta<'_>,
    parse: fn(ParseStream<'_>) -> syn::Result<T>,
    (what, help): (&str, &str),
    diagnostics: &Diagnostics,
) -> syn::Result<Option<T>> {
    let span = meta.input.span();
    let value = meta.input.call(parse);
    if value.is_err() {
        diagnostics.error(
            Lint::OptionValue,
            span,
            format_args!("expected {what}"),
            help,
        );
        skip(meta)?;
    }
    Ok(value.ok())
}

/// The value of `worker_threads`; `None` if it is something else, and that has been reported.
fn worker_threads(
    meta: &ParseNestedMeta<'_>,
    diagnostics: &Diagnostics,
) -> syn::Result<Option<LitInt>> {
    let help = "write a whole number above zero, as in `worker_threads = 4`";
    let what = ("a number of threads", help);
    let count = value::<LitInt>(meta, |input| input.parse(), what, diagnostics)?;
    match count {
        Some(count) if !count.base10_parse::<u64>().is_ok_and(|count| count > 0) => {
            let message = format!("`{count}` is not a number of threads");
            diagnostics.error(Lint::OptionValue, count.span(), message, help);
            Ok(None)
        }
        count => Ok(count),
    }
}

/// The value of `foreign`: a time or a word; `None` if it is something else, and that has been reported.
fn foreign(meta: &ParseNestedMeta<'_>, diagnostics: &Diagnostics) -> syn::Result<Option<Foreign>> {
    const WORDS: [&str; 2] = ["ignore", "wait"];
    let value = meta.input.parse::<Expr>()?;
    if let Some(text) = literal(&value)
        && WORDS.contains(&&*text.value())
    {
        let help = format!("write `foreign = {}`", text.value());
        diagnostics.error_at(Lint::OptionValue, &value, "this word has no quotes", help);
        return Ok(None);
    }
    let word = path_word(&value).map(Ident::to_string);
    let is_lower_case = |word: &&str| consists_of(word, char::is_lowercase);
    match word.as_deref() {
        Some("wait") => return Ok(Some(Foreign::Wait)),
        Some("ignore") => return Ok(Some(Foreign::Ignore)),
        // The time may be a constant, but constants are upper-case.
        Some(word) if is_lower_case(&word) => {
            diagnostics.error_at(
                Lint::OptionValue,
                &value,
                format_args!("unknown value `{word}`"),
                match did_you_mean(word, "values", &WORDS) {
                    near if near.starts_with("did you mean") => near,
                    _ => "write a time, as in `foreign = 10s`, or `wait` or `ignore`".to_owned(),
                },
            );
            return Ok(None);
        }
        _ => {}
    }
    if is_apart(&value, meta, diagnostics)? {
        return Ok(None);
    }
    let help = "write a longer time, as in `10s`, or `foreign = ignore`";
    Ok(Some(Foreign::For(Time::read_some(
        &value,
        Unit::Secs,
        help,
        diagnostics,
    ))))
}

/// Whether the unit of a time is a word of its own: `5 s`. That is reported.
fn is_apart(
    time: &Expr,
    meta: &ParseNestedMeta<'_>,
    diagnostics: &Diagnostics,
) -> syn::Result<bool> {
    let unit = meta.input.fork().parse::<Ident>().ok();
    let unit = unit.and_then(|unit| duration::unit(&unit.to_string()));
    let (Some(number), Some(unit)) = (any_literal(time), unit) else {
        return Ok(false);
    };
    let number = written(number);
    diagnostics.error_at(
        Lint::TimeWithoutUnit,
        time,
        format_args!("`{number}` has no unit"),
        format_args!("write `{number}{unit}`, without the space"),
    );
    skip(meta)?;
    Ok(true)
}

fn skip(meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    while !meta.input.is_empty() && !meta.input.peek(Token![,]) {
        meta.input.parse::<TokenTree>()?;
    }
    Ok(())
}

/// The value of an option that is one of these words; `None` if it is another, and that has been reported.
fn word_of(
    meta: &ParseNestedMeta<'_>,
    known: &[&str],
    diagnostics: &Diagnostics,
) -> syn::Result<Option<LitStr>> {
    let mut quoted = Vec::new();
    for word in known {
        quoted.push(format!("`{word:?}`"));
    }
    let bare = meta.input.fork().parse::<Ident>();
    let help = match bare.map(|word| word.to_string()) {
        Ok(word) if known.contains(&&*word) => format!("write `{word:?}`"),
        _ => format!("write {}", quoted.join(" or ")),
    };
    let Some(word) = value::<LitStr>(meta, |input| input.parse(), ("a text", &help), diagnostics)?
    else {
        return Ok(None);
    };
    if known.contains(&word.value().as_str()) {
        return Ok(Some(word));
    }
    diagnostics.error(
        Lint::OptionValue,
        word.span(),
        format_args!("unknown value `{}`", word.value()),
        did_you_mean(&word.value(), "values", known),
    );
    Ok(None)
}
