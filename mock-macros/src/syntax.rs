//! Helpers for expressions that look through parentheses and invisible groups.

use proc_macro2::{Literal, Span, TokenStream, TokenTree};
use quote::TokenStreamExt as _;
use syn::ext::IdentExt as _;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprMethodCall, ExprRange, Ident, Lit, LitInt, LitStr, Path, Token, Type};

/// An expression without the parentheses, or the invisible groups of a `macro_rules!`, around it.
pub(crate) fn bare(mut expr: &Expr) -> &Expr {
    loop {
        expr = match expr {
            Expr::Group(group) => &group.expr,
            Expr::Paren(paren) => &paren.expr,
            bare => return bare,
        };
    }
}

/// The tokens before an index, and those from there on. An index behind the end leaves all of them before it.
pub(crate) fn split_at<T>(items: &[T], at: usize) -> (&[T], &[T]) {
    items.split_at_checked(at).unwrap_or((items, &[]))
}

/// The same of a text.
pub(crate) fn split_text_at(text: &str, at: usize) -> (&str, &str) {
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// The first characters of a text, at most this many.
pub(crate) fn beginning(text: &str, characters: usize) -> &str {
    let mut rest = text.chars();
    for _ in 0..characters {
        rest.next();
    }
    text.strip_suffix(rest.as_str()).unwrap_or(text)
}

/// Whether a text begins with a digit.
pub(crate) fn begins_with_digit(text: &str) -> bool {
    begins_with(text, |c| c.is_ascii_digit())
}

/// Whether the first character of a text is one of these.
pub(crate) fn begins_with(text: &str, is_wanted: fn(char) -> bool) -> bool {
    text.starts_with(is_wanted)
}

/// Whether each character of a text is one of these.
pub(crate) fn consists_of(text: &str, is_wanted: fn(char) -> bool) -> bool {
    after_leading(text, is_wanted).is_empty()
}

/// A text without the first characters that are some of these. A closure in a search of texts compiles the search again.
pub(crate) fn after_leading(text: &str, is_leading: fn(char) -> bool) -> &str {
    text.trim_start_matches(is_leading)
}

/// The literal of any kind that is written there.
pub(crate) fn any_literal(expr: &Expr) -> Option<&Lit> {
    match bare(expr) {
        Expr::Lit(literal) => Some(&literal.lit),
        _ => None,
    }
}

/// The text that is written there.
pub(crate) fn literal(expr: &Expr) -> Option<&LitStr> {
    match any_literal(expr)? {
        Lit::Str(text) => Some(text),
        _ => None,
    }
}

/// The integer that is written there.
pub(crate) fn integer(expr: &Expr) -> Option<&LitInt> {
    match any_literal(expr)? {
        Lit::Int(int) => Some(int),
        _ => None,
    }
}

/// The value of the integer that is written there, if it is not too large.
pub(crate) fn whole_number(expr: &Expr) -> Option<u64> {
    integer(expr)?.base10_parse().ok()
}

/// The only word of a path.
pub(crate) fn path_word(expr: &Expr) -> Option<&Ident> {
    match bare(expr) {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident(),
        _ => None,
    }
}

/// The word that is called, or that stands alone, and its arguments.
pub(crate) fn word_and_arguments(expr: &Expr) -> (Option<&Ident>, Vec<&Expr>) {
    match bare(expr) {
        Expr::Call(call) => (path_word(&call.func), elements(&call.args)),
        other => (path_word(other), Vec::new()),
    }
}

/// The word that is called, or that stands alone.
pub(crate) fn called_word(expr: &Expr) -> Option<&Ident> {
    match bare(expr) {
        Expr::Call(call) => path_word(&call.func),
        other => path_word(other),
    }
}

/// Whether an expression is this word alone.
pub(crate) fn is_word(expr: &Expr, word: &str) -> bool {
    is_named(path_word(expr), word)
}

/// Whether there is a word, and it is this one.
pub(crate) fn is_named(word: Option<&Ident>, name: &str) -> bool {
    match word {
        Some(word) => word == name,
        None => false,
    }
}

/// Whether the last word of a path is this one.
pub(crate) fn ends_with(path: &Path, name: &str) -> bool {
    let last = path.segments.last();
    is_named(last.map(|last| &last.ident), name)
}

/// A name for an item of an expansion: no item of the user's in there hides it, and lints of names do not see it.
pub(crate) fn generated(name: &Ident) -> Ident {
    let mut generated = name.clone();
    generated.set_span(name.span().resolved_at(Span::call_site()));
    generated
}

/// Whether an item can be called so, which a keyword cannot.
pub(crate) fn is_name(word: &Ident) -> bool {
    syn::parse2::<Ident>(TokenTree::from(word.clone()).into()).is_ok()
}

/// Whether a word looks like the name of a type: `Weather`, `_Weather`, and what has no upper case.
pub(crate) fn is_type_name(word: &Ident) -> bool {
    let word = word.unraw().to_string();
    let mut letters = word.trim_start_matches('_').chars();
    letters.next().is_some_and(|first| !first.is_lowercase())
}

/// Whether a path names a type, by the case of its last word.
pub(crate) fn is_type(path: &Path) -> bool {
    let last = path.segments.last();
    last.is_some_and(|last| is_type_name(&last.ident))
}

/// A type without the parentheses, or the invisible groups, around it.
pub(crate) fn bare_type(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            bare => return bare,
        };
    }
}

/// The type, or the one in a reference.
pub(crate) fn referred(ty: &Type) -> &Type {
    match bare_type(ty) {
        Type::Reference(reference) => bare_type(&reference.elem),
        owned => owned,
    }
}

/// The ends of a range that are there.
pub(crate) fn ends(range: &ExprRange) -> Vec<&Expr> {
    let mut ends = Vec::new();
    for end in [&range.start, &range.end] {
        push_some(&mut ends, end.as_deref().map(bare));
    }
    ends
}

/// The paths in a list of them.
pub(crate) fn paths(tokens: &TokenStream) -> Option<Punctuated<Path, Token![,]>> {
    Punctuated::parse_terminated.parse2(tokens.clone()).ok()
}

/// The items of a list. The list's own iterator is compiled again for each type of items, with all that an iterator can do.
pub(crate) fn elements<T, P>(list: &Punctuated<T, P>) -> Vec<&T> {
    let mut items = Vec::with_capacity(list.len());
    while let Some(item) = list.get(items.len()) {
        items.push(item);
    }
    items
}

/// The expressions of a list. The list's own iterator is much to compile.
pub(crate) fn expressions(list: &Punctuated<Expr, Token![,]>) -> Vec<Expr> {
    let mut expressions = Vec::new();
    for expression in list {
        expressions.push(expression.clone());
    }
    expressions
}

/// Adds an item, if there is one. This is less to compile than `extend`.
pub(crate) fn push_some<T>(list: &mut Vec<T>, item: Option<T>) {
    if let Some(item) = item {
        list.push(item);
    }
}

/// Adds references to all of these items. This is less to compile than `extend`.
pub(crate) fn push_all<'a, T>(list: &mut Vec<&'a T>, items: &'a [T]) {
    for item in items {
        list.push(item);
    }
}

/// Inserts an item before the one at this index, or at the end. `Vec::insert` can panic, and `rotate_right` is ten times as much to compile.
pub(crate) fn insert_at<T>(list: &mut Vec<T>, index: usize, item: T) {
    list.push(item);
    let mut later = list.get_mut(index..).unwrap_or_default();
    while let Some((last, before)) = later.split_last_mut() {
        if let Some(neighbour) = before.last_mut() {
            std::mem::swap(neighbour, last);
        }
        later = before;
    }
}

/// A token at a place that is not one of its own, such as a delimiter, for an error to point at.
pub(crate) fn token_at(span: Span) -> TokenTree {
    Ident::new("here", span).into()
}

/// These tokens as a stream.
pub(crate) fn stream(tokens: &[TokenTree]) -> TokenStream {
    let mut stream = TokenStream::new();
    for token in tokens {
        stream.append(token.clone());
    }
    stream
}

pub(crate) fn is_punct(token: &TokenTree, c: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == c)
}

pub(crate) fn is_comma(token: &TokenTree) -> bool {
    is_punct(token, ',')
}

/// The text that a literal token is.
pub(crate) fn text_of(literal: &Literal) -> Option<LitStr> {
    match Lit::new(literal.clone()) {
        Lit::Str(text) => Some(text),
        _ => None,
    }
}

/// The expression at the beginning of a chain of methods, and the calls in their order.
pub(crate) fn method_chain(expr: &Expr) -> (&Expr, Vec<&ExprMethodCall>) {
    let (mut base, mut calls) = (bare(expr), Vec::new());
    while let Expr::MethodCall(call) = base {
        calls.push(call);
        base = bare(&call.receiver);
    }
    calls.reverse();
    (base, calls)
}
