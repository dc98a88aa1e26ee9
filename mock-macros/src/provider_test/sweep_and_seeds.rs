//! How often a test runs: once for each fault, or for each seed.

mod seeds;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote};
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, LitInt, LitStr, ReturnType, Type};

use super::test_fn::TestFn;
use crate::chaos::{self, ChaosFault};
use crate::crate_path::CratePath;
use crate::diagnostics::{Diagnostics, written};
use crate::did_you_mean::did_you_mean;
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{bare, elements, integer, literal};
use crate::words::{KINDS, SWEEPS, Word};

/// The options that let a test run more than once.
#[derive(Default)]
pub(super) struct Runs {
    sweep: Option<Sweep>,
    /// How many runs a sweep has at most, where that is right.
    sweep_runs: Option<(Span, Option<LitInt>)>,
    /// The first and the last seed, where they are right.
    seeds: Option<(Span, Option<(u64, u64)>)>,
    chaos: Option<(Span, Vec<ChaosFault>)>,
}

struct Sweep {
    span: Span,
    /// The sorts of faults that it tries, without those that are wrong.
    faults: Vec<&'static Word>,
}

impl Runs {
    /// Reads the value of an option, if it is one of these.
    pub(super) fn option(
        &mut self,
        word: &str,
        meta: &ParseNestedMeta<'_>,
        diagnostics: &Diagnostics,
    ) -> syn::Result<bool> {
        match word {
            "sweep" => {
                let faults = faults(&meta.input.parse()?, diagnostics);
                self.sweep = Some(Sweep {
                    span: meta.path.span(),
                    faults,
                });
            }
            "sweep_runs" => {
                let runs = number_of_runs(&meta.input.parse()?, diagnostics);
                self.sweep_runs = Some((meta.path.span(), runs));
            }
            "seeds" => {
                let range = seeds::range(&meta.input.parse()?, diagnostics);
                self.seeds = Some((meta.path.span(), range));
            }
            "chaos" => {
                let faults = chaos(&meta.input.parse()?, diagnostics);
                self.chaos = Some((meta.path.span(), faults));
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Checks these options against the others and the test.
    pub(super) fn check(&self, test: &TestFn, is_real: bool, diagnostics: &Diagnostics) {
        let wrong = |span, message: &str, help: &str| {
            diagnostics.error(Lint::SeveralRuns, span, message, help);
        };
        let (sweep, seeds) = (&self.sweep, &self.seeds);
        if let (Some((span, _)), None) = (&self.sweep_runs, sweep) {
            let help = "add `sweep = faults`, or remove `sweep_runs`";
            wrong(*span, "`sweep_runs` needs `sweep`", help);
        }
        if let (Some((span, _)), None) = (&self.chaos, seeds) {
            let help = "add `seeds = 0..100`, or remove `chaos`";
            wrong(*span, "`chaos` needs `seeds`", help);
        }
        if let (Some((span, _)), Some(_)) = (seeds, sweep) {
            let help = "remove one of them, or write a second test";
            wrong(*span, "a test cannot have both `seeds` and a `sweep`", help);
        }
        let options = [
            ("sweep", sweep.as_ref().map(|sweep| sweep.span)),
            ("seeds", seeds.as_ref().map(|(span, _)| *span)),
        ];
        let several = options
            .iter()
            .find_map(|(word, span)| Some((word, (*span)?)));
        let Some((word, span)) = several else {
            return;
        };
        if is_real {
            let message = format!("`{word}` needs the paused clock");
            wrong(span, &message, "remove `clock = \"real\"`");
        }
        let is_to_panic = |attribute: &Attribute| attribute.path().is_ident("should_panic");
        if test.attributes.any(&is_to_panic) {
            let message = format!("a test that should panic cannot have `{word}`");
            let help = format!("remove `#[should_panic]` or `{word}`");
            wrong(span, &message, &help);
        }
        if sweep.is_some() && returns_nothing(&test.signature.output) {
            wrong(
                span,
                "a test with `sweep` must return a `Result`",
                "write `-> Result<(), Box<dyn std::error::Error>>`, and `?` where an answer may fail",
            );
        }
    }

    /// The call that runs the test.
    pub(super) fn call(&self, crate_path: &CratePath, spec: &TokenStream) -> TokenStream {
        let private = crate_path.private();
        let Some(sweep) = &self.sweep else {
            return match &self.seeds {
                None => quote!(#private::run(#spec)),
                Some((_, range)) => self.call_with_seeds(&private, spec, *range),
            };
        };
        let faults = sweep.faults.iter().map(|fault| {
            let variant = format_ident!("{}", fault.variant());
            quote!(#private::SweepFault::#variant)
        });
        let runs = match &self.sweep_runs {
            Some((_, Some(runs))) => quote!(Some(#runs)),
            _ => quote!(None),
        };
        quote! {
            #private::run_sweep(#spec, #private::Sweep {
                faults: &[#(#faults),*],
                runs: ::core::option::Option::#runs,
            })
        }
    }
}

impl Runs {
    /// The call that runs the test with each seed.
    fn call_with_seeds(
        &self,
        private: &TokenStream,
        spec: &TokenStream,
        range: Option<(u64, u64)>,
    ) -> TokenStream {
        let (first, last) = range.unwrap_or_default();
        let chaos = self.chaos.iter().flat_map(|(_, faults)| faults);
        let chaos = chaos.map(|fault| fault.expand(private));
        quote! {
            #private::run_seeds(#spec, #private::Seeds {
                first: #first,
                last: #last,
                chaos: &[#(#chaos),*],
            })
        }
    }
}

/// Whether a fn returns `()`.
fn returns_nothing(output: &ReturnType) -> bool {
    match output {
        ReturnType::Default => true,
        ReturnType::Type(_, ty) => matches!(&**ty, Type::Tuple(tuple) if tuple.elems.is_empty()),
    }
}

/// The sorts of faults that a sweep tries, each once and in the order of the table. What is wrong with others is reported.
fn faults(value: &Expr, diagnostics: &Diagnostics) -> Vec<&'static Word> {
    const HELP: &str = "write `sweep = faults`, or some of them, as in `sweep = [cut, stall]`";
    let mut named: Vec<(String, Span)> = Vec::new();
    let mut name = |value: &Expr| match bare(value) {
        Expr::Path(path) if path.path.get_ident().is_some() => {
            let word = written(&path.path);
            let before = named.find(&|(named, _)| *named == word);
            if let Some((_, first)) = before {
                diagnostics.twice(&word, *first, path.span());
            }
            if !SWEEPS.has(&word) {
                let help = match &*word {
                    "all" | "any" | "every" | "everything" => HELP.to_owned(),
                    kind if KINDS.has(kind) => {
                        "write `fail`, which tries each kind of failure".to_owned()
                    }
                    _ => did_you_mean(&word, "faults", &SWEEPS.names()),
                };
                let message = format!("unknown fault `{word}`");
                diagnostics.error_at(Lint::OptionValue, path, message, help);
            }
            named.push((word, path.span()));
        }
        other => match literal(other).map(LitStr::value) {
            Some(word) if SWEEPS.has(&word) => {
                let help = format!("write `{word}`");
                diagnostics.error_at(Lint::OptionValue, other, "this word has no quotes", help);
            }
            _ => diagnostics.error_at(Lint::OptionValue, other, "expected a fault", HELP),
        },
    };
    match bare(value) {
        Expr::Array(list) if list.elems.is_empty() => {
            diagnostics.error_at(Lint::OptionValue, list, "this sweep has no faults", HELP);
        }
        Expr::Array(list) => {
            for value in &elements(&list.elems) {
                name(value);
            }
        }
        one => name(one),
    }
    if let Some((_, all)) = named.find(&|(word, _)| word == ALL)
        && named.any(&|(word, _)| word != ALL && SWEEPS.has(word))
    {
        let message = "`faults` are all of them";
        let help = "write `sweep = faults`, or remove `faults` from the list";
        diagnostics.error(Lint::OptionValue, *all, message, help);
    }
    let is_named = |fault: &Word| named.any(&|(word, _)| word == fault.word || word == ALL);
    let faults = SWEEPS.all().into_iter().filter(|fault| fault.word != ALL);
    faults.filter(|fault| is_named(fault)).collect()
}

/// The faults that may happen, without those that are wrong, which are reported.
fn chaos(value: &Expr, diagnostics: &Diagnostics) -> Vec<ChaosFault> {
    let Expr::Array(list) = bare(value) else {
        let message = "expected a list of faults";
        diagnostics.error_at(Lint::OptionValue, value, message, chaos::FAULTS);
        return Vec::new();
    };
    if list.elems.is_empty() {
        let message = "there is no fault in this list";
        diagnostics.error_at(Lint::OptionValue, list, message, chaos::FAULTS);
    }
    chaos::faults(&list.elems, diagnostics)
}

/// The word for all faults.
const ALL: &str = "faults";

/// The value of `sweep_runs`; `None` if it is wrong, and that has been reported.
fn number_of_runs(value: &Expr, diagnostics: &Diagnostics) -> Option<LitInt> {
    if let Some(runs) = integer(value)
        && runs.base10_parse::<u64>().is_ok_and(|runs| runs > 0)
    {
        return Some(runs.clone());
    }
    diagnostics.reject(
        Lint::OptionValue,
        value,
        &format_args!(
            "`{}` is not a number of runs",
            written(&value.to_token_stream())
        ),
        &"write a whole number above zero, as in `sweep_runs = 100`",
    )
}
