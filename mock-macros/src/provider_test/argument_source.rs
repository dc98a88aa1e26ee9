//! The source of an argument's value: a mock, a case, a list of values, or the type alone.

use syn::spanned::Spanned as _;
use syn::{Attribute, BinOp, Expr, Ident, Meta, PatType, Path};

use super::argument_checks;
use super::attribute_list::expressions_in;
use super::case::is_case;
use crate::diagnostics::{Diagnostics, written};
use crate::lint::Lint;
use crate::mock_provider;
use crate::search::Search as _;
use crate::syntax::{bare, elements, literal};
use crate::words::ATTRIBUTES;

/// The source of an argument.
pub(super) enum Source {
    /// Its type alone.
    Type,
    /// `#[mock(..)]`.
    Mock(Attribute),
    /// `#[case]`: a value of each case.
    Case(Attribute),
    /// `#[values(..)]`: each of these.
    Values(Vec<Expr>),
    /// `#[mocks(..)]`: each of these declared mocks.
    Mocks(Vec<Path>),
}

impl Source {
    /// Reads the source of an argument, and takes its attribute away. Whether it is the only one; that it is not is reported.
    pub(super) fn take(typed: &mut PatType, diagnostics: &Diagnostics) -> (Source, bool) {
        argument_checks::misspelt(&mut typed.attrs, diagnostics);
        let (mut ours, mut others) = (Vec::new(), Vec::new());
        for attribute in std::mem::take(&mut typed.attrs) {
            match word(&attribute).is_some() {
                true => ours.push(attribute),
                false => others.push(attribute),
            }
        }
        typed.attrs = others;
        let Some((first, extra)) = ours.split_first() else {
            return (Source::Type, true);
        };
        for extra in extra {
            second(first, extra, diagnostics);
        }
        let source = Source::read(first.clone(), diagnostics);
        if source.is_of_cases() {
            for attribute in std::mem::take(&mut typed.attrs) {
                if !attribute.path().is_ident("cfg") {
                    typed.attrs.push(attribute);
                    continue;
                }
                diagnostics.error_at(
                    Lint::ArgumentSource,
                    &attribute,
                    "an argument with `#[case]` or `#[values]` cannot have `#[cfg(..)]`",
                    "remove this `#[cfg(..)]`, or put it before the test",
                );
            }
        }
        (source, extra.is_empty())
    }

    fn read(attribute: Attribute, diagnostics: &Diagnostics) -> Source {
        match word(&attribute).as_deref() {
            Some("case") => {
                if attribute.path().get_ident().is_none() {
                    let case = written(&attribute.meta);
                    diagnostics.error_at(
                        Lint::CaseValues,
                        &attribute,
                        "`#[case]` before an argument has no name",
                        format_args!("write `#[case]` here, and `#[{case}]` above the test"),
                    );
                } else if !matches!(attribute.meta, Meta::Path(_)) {
                    diagnostics.error_at(
                        Lint::CaseValues,
                        &attribute,
                        "`#[case]` before an argument has no value",
                        "write `#[case]` here, and the value above the test, as in `#[case::first(5)]`",
                    );
                }
                Source::Case(attribute)
            }
            Some("values") => Source::Values(values(&attribute, diagnostics)),
            Some("mocks") => Source::Mocks(mocks(&attribute, diagnostics)),
            _ => Source::Mock(attribute),
        }
    }

    /// Whether it differs from case to case.
    pub(super) fn is_of_cases(&self) -> bool {
        !matches!(self, Source::Type | Source::Mock(_))
    }
}

fn word(attribute: &Attribute) -> Option<String> {
    if is_case(attribute) {
        return Some("case".to_owned());
    }
    ATTRIBUTES
        .if_known(attribute.path().get_ident())
        .map(Ident::to_string)
}

/// Reports an attribute that says again what an argument is made from.
fn second(first: &Attribute, extra: &Attribute, diagnostics: &Diagnostics) {
    let (first, again) = (written(first.path()), written(extra.path()));
    if (&*first, &*again) == ("mock", "mock") {
        diagnostics.error_at(
            Lint::MockAttribute,
            extra,
            "an argument takes one mock",
            "remove this `#[mock(..)]`, or write `#[mocks(First, Second)]` for a test with each",
        );
        return;
    }
    diagnostics.error_at(
        Lint::ArgumentSource,
        extra,
        format_args!("`#[{first}]` already makes this argument"),
        format_args!("remove this `#[{again}]`, or move it to another argument"),
    );
}

fn values(attribute: &Attribute, diagnostics: &Diagnostics) -> Vec<Expr> {
    let Some(values) = list(attribute, "values", "#[values(1, 2)]", diagnostics) else {
        return Vec::new();
    };
    let mut seen: Vec<&Expr> = Vec::new();
    for value in &values {
        let is_plain = matches!(bare(value), Expr::Lit(_) | Expr::Path(_) | Expr::Unary(_));
        let same = |seen: &&Expr| written(*seen) == written(value);
        match seen.find(&same) {
            Some(first) if is_plain => {
                diagnostics.twice(&written(value), first.span(), value.span());
            }
            _ => seen.push(value),
        }
    }
    values
}

fn mocks(attribute: &Attribute, diagnostics: &Diagnostics) -> Vec<Path> {
    let Some(entries) = list(attribute, "mocks", "#[mocks(Fast, Slow)]", diagnostics) else {
        return Vec::new();
    };
    let mut mocks: Vec<Path> = Vec::new();
    for entry in entries {
        let path = match bare(&entry) {
            Expr::Path(path) if path.qself.is_none() && !is_of_the_grammar(&path.path) => {
                path.path.clone()
            }
            other => {
                let help = match names_in(other) {
                    Some(names) => format!("write `{}`", names.join(", ")),
                    None => {
                        "declare it with `mock_provider!(Fast, ..)`, and write `Fast`".to_owned()
                    }
                };
                diagnostics.error_at(
                    Lint::ArgumentSource,
                    &entry,
                    "`#[mocks(..)]` takes the names of declared mocks",
                    help,
                );
                continue;
            }
        };
        let same = |mock: &Path| written(mock) == written(&path);
        match mocks.find(&same) {
            Some(first) => diagnostics.twice(&written(&path), first.span(), path.span()),
            None => mocks.push(path),
        }
    }
    mocks
}

/// The names of mocks in an expression that is not one: in quotes, in a list, or with `|` between them.
fn names_in(expr: &Expr) -> Option<Vec<String>> {
    let several: Vec<&Expr> = match bare(expr) {
        Expr::Path(path) if !is_of_the_grammar(&path.path) => return Some(vec![written(path)]),
        Expr::Lit(_) => {
            let name = literal(expr)?.value();
            let path = syn::parse_str::<Path>(&name).ok()?;
            return (!is_of_the_grammar(&path)).then(|| vec![name]);
        }
        Expr::Array(list) => elements(&list.elems),
        Expr::Tuple(list) => elements(&list.elems),
        Expr::Binary(either) if matches!(either.op, BinOp::BitOr(_)) => {
            vec![&*either.left, &*either.right]
        }
        _ => return None,
    };
    let mut names = Vec::new();
    for expr in several {
        names.append(&mut names_in(expr)?);
    }
    (!names.is_empty()).then_some(names)
}

fn is_of_the_grammar(path: &Path) -> bool {
    let word = path.get_ident();
    word.is_some_and(|word| mock_provider::word_of_the_grammar(word).is_some())
}

/// The list of an attribute. That there is none, or an empty one, is reported.
fn list(
    attribute: &Attribute,
    word: &str,
    example: &str,
    diagnostics: &Diagnostics,
) -> Option<Vec<Expr>> {
    let help = format!("write them as in `{example}`");
    if let Meta::List(list) = &attribute.meta
        && !list.tokens.is_empty()
    {
        let message = format!("expected a list of {word}");
        return expressions_in(list, Lint::ArgumentSource, &message, &help, diagnostics);
    }
    let message = format!("`#[{word}]` has no {word}");
    diagnostics.reject(Lint::ArgumentSource, attribute, &message, &help)
}
