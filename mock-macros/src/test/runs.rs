//! How often a test runs: once for each fault.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote};
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, Lit, LitInt, ReturnType, Type};

use super::parse::TestFn;
use crate::crate_path::CratePath;
use crate::diagnostics::{Diagnostics, did_you_mean, written};
use crate::rule::Rule;
use crate::syntax::bare;
use crate::words::{SWEEPS, Word};

/// The options that let a test run more than once.
#[derive(Default)]
pub(super) struct Runs {
    sweep: Option<Sweep>,
    /// How many runs a sweep has at most, where that is right.
    sweep_runs: Option<(Span, Option<LitInt>)>,
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
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// What holds between these options, the others and the test.
    pub(super) fn check(&self, test: &TestFn, is_real: bool, diagnostics: &Diagnostics) {
        let wrong = |span, message: &str, help: &str| {
            diagnostics.error(Rule::SeveralRuns, span, message, help);
        };
        let Some(sweep) = &self.sweep else {
            if let Some((span, _)) = self.sweep_runs {
                wrong(
                    span,
                    "there is no sweep",
                    "add `sweep = faults`, or remove `sweep_runs`",
                );
            }
            return;
        };
        if is_real {
            wrong(
                sweep.span,
                "a sweep needs the paused clock",
                "remove `clock = \"real\"`",
            );
        }
        let is_to_panic = |attribute: &Attribute| attribute.path().is_ident("should_panic");
        if test.attributes.iter().any(is_to_panic) {
            wrong(
                sweep.span,
                "a test that should panic has no sweep",
                "remove `#[should_panic]` or `sweep`",
            );
        }
        if returns_nothing(&test.signature.output) {
            wrong(
                sweep.span,
                "the test returns no `Result`, and so cannot give up at a fault",
                "write `-> Result<(), Box<dyn std::error::Error>>`, and `?` where an answer may fail",
            );
        }
    }

    /// The call that runs the test.
    pub(super) fn call(&self, crate_path: &CratePath, spec: &TokenStream) -> TokenStream {
        let private = crate_path.private();
        let Some(sweep) = &self.sweep else {
            return quote!(#private::run(#spec));
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
            let before = named.iter().find(|(named, _)| *named == word);
            if let Some((_, first)) = before {
                diagnostics.twice(&word, *first, path.span());
            }
            if !SWEEPS.has(&word) {
                diagnostics.error_at(
                    Rule::OptionValue,
                    path,
                    format!("unknown fault `{word}`"),
                    did_you_mean(&word, "faults", &SWEEPS.names()),
                );
            }
            named.push((word, path.span()));
        }
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) if SWEEPS.has(&text.value()) => diagnostics.error_at(
                Rule::OptionValue,
                literal,
                "this word has no quotes",
                format!("write `{}`", text.value()),
            ),
            _ => diagnostics.error_at(Rule::OptionValue, literal, "expected a fault", HELP),
        },
        other => diagnostics.error_at(Rule::OptionValue, other, "expected a fault", HELP),
    };
    match bare(value) {
        Expr::Array(list) if list.elems.is_empty() => {
            diagnostics.error_at(Rule::OptionValue, list, "the sweep tries nothing", HELP);
        }
        Expr::Array(list) => list.elems.iter().for_each(name),
        one => name(one),
    }
    let is_named = |fault: &Word| {
        named
            .iter()
            .any(|(word, _)| word == fault.word || word == ALL)
    };
    let faults = SWEEPS.all().into_iter().filter(|fault| fault.word != ALL);
    faults.filter(|fault| is_named(fault)).collect()
}

/// The word for all faults.
const ALL: &str = "faults";

/// The value of `sweep_runs`; `None` if it is wrong, and that has been reported.
fn number_of_runs(value: &Expr, diagnostics: &Diagnostics) -> Option<LitInt> {
    if let Expr::Lit(literal) = bare(value)
        && let Lit::Int(runs) = &literal.lit
        && runs.base10_parse::<usize>().is_ok_and(|runs| runs > 0)
    {
        return Some(runs.clone());
    }
    diagnostics.error_at(
        Rule::OptionValue,
        value,
        format!(
            "`{}` is not a number of runs",
            written(&value.to_token_stream())
        ),
        "write a whole number above zero, as in `sweep_runs = 100`",
    );
    None
}

#[cfg(test)]
mod tests;
