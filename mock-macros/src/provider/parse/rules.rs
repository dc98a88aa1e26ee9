//! `match request { .. }`, arm by arm.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::parse::discouraged::Speculative as _;
use syn::parse::{ParseBuffer, ParseStream};
use syn::{Error, Expr, Ident, Pat, Stmt, Token, braced, token};

use super::attributes::{attributes, no_attributes_within};
use super::{entry_tokens, explain};
use crate::diagnostics::{Diagnostics, written};
use crate::rule::Rule;
use crate::syntax::bare;

/// What stands to the right of `rules`.
pub(crate) struct Rules {
    /// The word that the request is called by in guards.
    pub(crate) request: Ident,
    /// `None` for a rule that did not parse; that has been reported.
    pub(crate) rules: Vec<Option<Arm>>,
}

/// `pattern if guard => action`
pub(crate) struct Arm {
    pub(crate) span: Span,
    /// `None` if it was not understood; that has been reported.
    pub(crate) pattern: Option<Pat>,
    pub(crate) guard: Option<Expr>,
    pub(crate) action: Expr,
    is_block: bool,
}

impl Rules {
    pub(super) fn parse(input: ParseStream<'_>, diagnostics: &Diagnostics) -> Option<Rules> {
        let (scrutinee, content) = match head(input) {
            Ok(head) => head,
            Err(error) => {
                diagnostics.syntax(
                    Rule::InvalidRule,
                    &error,
                    "write `rules = match request { user(\"hi\") => reply(\"ho\") }`",
                );
                super::skip(input);
                return None;
            }
        };
        let request = scrutinee.unwrap_or_else(|at| {
            let message = "rules match the request";
            let help = "write `match request { .. }`";
            diagnostics.error_at(Rule::InvalidRule, at, message, help);
            Ident::new("request", Span::call_site())
        });
        let mut rules = Vec::new();
        while !content.is_empty() {
            attributes(&content, diagnostics);
            if !content.is_empty() {
                rules.push(rule(&content, diagnostics));
            }
        }
        Some(Rules { request, rules })
    }
}

/// The word `request`, or what stands there instead of `match request`, and the rules.
type Head<'a> = (Result<Ident, TokenStream>, ParseBuffer<'a>);

fn head<'a>(input: ParseStream<'a>) -> syn::Result<Head<'a>> {
    let keyword = input.parse::<Option<Token![match]>>()?;
    let scrutinee = match input.peek(token::Brace) {
        true => Err(keyword.into_token_stream()),
        false => {
            let scrutinee = Expr::parse_without_eager_brace(input)?;
            let request = request(&scrutinee).filter(|_| keyword.is_some());
            request.ok_or_else(|| scrutinee.into_token_stream())
        }
    };
    let content;
    braced!(content in input);
    Ok((scrutinee, content))
}

/// The bare word `request`.
fn request(scrutinee: &Expr) -> Option<Ident> {
    match bare(scrutinee) {
        Expr::Path(path) => path
            .path
            .get_ident()
            .filter(|word| *word == "request")
            .cloned(),
        _ => None,
    }
}

/// A rule and the comma after it.
fn rule(input: ParseStream<'_>, diagnostics: &Diagnostics) -> Option<Arm> {
    let rule = match arm(input, diagnostics) {
        Ok(rule) => Some(rule),
        Err(error) => {
            if !explain::rule(entry_tokens(input), diagnostics) {
                diagnostics.syntax(
                    Rule::InvalidRule,
                    &error,
                    "a rule is `pattern => action`, as in `user(\"hi\") => reply(\"ho\")`",
                );
            }
            super::skip(input);
            None
        }
    };
    let may_end = rule.as_ref().is_some_and(|rule| rule.is_block);
    if !input.is_empty() && !input.peek(Token![,]) && !may_end {
        diagnostics.error(
            Rule::MissingComma,
            input.span(),
            "expected `,`",
            "write a comma between rules",
        );
        super::skip(input);
    }
    // Where the input is at its end, there is no comma to take.
    let _ = input.parse::<Option<Token![,]>>();
    rule
}

fn arm(input: ParseStream<'_>, diagnostics: &Diagnostics) -> syn::Result<Arm> {
    let span = input.span();
    let pattern = pattern(input, diagnostics)?;
    let guard = match input.parse::<Option<Token![if]>>()? {
        Some(_) => Some(input.parse()?),
        None => None,
    };
    input.parse::<Token![=>]>()?;
    let ahead = input.fork();
    let action = Expr::parse_with_earlier_boundary_rule(&ahead)?;
    input.advance_to(&ahead);
    let (action, is_block) = unblocked(action);
    no_attributes_within(&action, diagnostics);
    Ok(Arm {
        span,
        pattern,
        guard,
        action,
        is_block,
    })
}

/// What stands in a block: rustfmt writes one around an action that is long. Behind it there need be no comma.
fn unblocked(action: Expr) -> (Expr, bool) {
    match action {
        Expr::Block(mut block) if block.label.is_none() && block.block.stmts.len() == 1 => {
            match block.block.stmts.pop() {
                Some(Stmt::Expr(action, None)) => (action, true),
                other => {
                    block.block.stmts.extend(other);
                    (Expr::Block(block), true)
                }
            }
        }
        action => (action, false),
    }
}

/// The pattern of a rule. A closure is none, so it is looked for first.
fn pattern(input: ParseStream<'_>, diagnostics: &Diagnostics) -> syn::Result<Option<Pat>> {
    let ahead = input.fork();
    while !ahead.is_empty() && !ahead.peek(Token![=>]) && !ahead.peek(Token![if]) {
        if let Some(when) = when(&ahead) {
            diagnostics.error(
                Rule::WhenInRule,
                when.span(),
                "a rule asks for more with `if`",
                "write the test as a guard, as in `_ if request.messages.len() > 2 => ..`",
            );
            rest_of_pattern(input)?;
            return Ok(None);
        }
        ahead.parse::<TokenTree>()?;
    }
    if input.peek(Token![!]) {
        let not: Token![!] = input.parse()?;
        let matcher = rest_of_pattern(input)?;
        diagnostics.error_at(
            Rule::InvalidRule,
            not,
            "expected a pattern",
            format!("write `not({})`", written(matcher)),
        );
        return Ok(None);
    }
    let ahead = input.fork();
    let pattern = Pat::parse_multi_with_leading_vert(&ahead).map_err(|error| {
        match error.to_string().starts_with("expected one of") {
            true => Error::new(error.span(), "expected a pattern"),
            false => error,
        }
    })?;
    input.advance_to(&ahead);
    let rule = Rule::InvalidRule;
    if let Some(and) = input.parse::<Option<Token![&&]>>()? {
        let mut patterns = vec![pattern.into_token_stream()];
        patterns.extend(split_at_and(rest_of_pattern(input)?));
        let help = format!("write `{}`", all_of(patterns));
        diagnostics.error_at(rule, and, ONE_PATTERN, help);
        return Ok(None);
    } else if let Some(or) = input.parse::<Option<Token![||]>>()? {
        let help = format!("write `{} | ..`", written(&pattern));
        diagnostics.error_at(rule, or, "patterns have `|` between them", help);
    } else {
        return Ok(Some(pattern));
    }
    rest_of_pattern(input)?;
    Ok(None)
}

/// What is left up to the guard or the arrow.
fn rest_of_pattern(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut rest = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![=>]) && !input.peek(Token![if]) {
        rest.extend([input.parse::<TokenTree>()?]);
    }
    Ok(rest)
}

pub(in crate::provider) const ONE_PATTERN: &str = "a rule has one pattern";

/// The matcher that holds if all of these do, as it is written.
pub(in crate::provider) fn all_of<T: ToTokens>(matchers: impl IntoIterator<Item = T>) -> String {
    let matchers: Vec<_> = matchers.into_iter().map(written).collect();
    format!("all_of({})", matchers.join(", "))
}

/// What stands between each `&&`.
fn split_at_and(tokens: TokenStream) -> Vec<TokenStream> {
    let mut split = vec![TokenStream::new()];
    let mut after_and = false;
    for token in tokens {
        let is_and = matches!(&token, TokenTree::Punct(and) if and.as_char() == '&');
        match split.last_mut() {
            Some(last) if !is_and => last.extend([token]),
            _ if !after_and => split.push(TokenStream::new()),
            _ => {}
        }
        after_and = is_and;
    }
    split
}

/// The word of a `when(..)`, here or within the group that stands here.
fn when(input: ParseStream<'_>) -> Option<Ident> {
    if input.peek(Ident::peek_any) && input.peek2(token::Paren) {
        let word = input.fork().call(Ident::parse_any).ok();
        if let Some(when) = word.filter(|word| word == "when") {
            return Some(when);
        }
    }
    let group = input.fork().parse::<proc_macro2::Group>().ok()?;
    within(group.to_token_stream())
}

fn within(tokens: TokenStream) -> Option<Ident> {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let found = match (token, tokens.peek()) {
            (TokenTree::Ident(word), Some(TokenTree::Group(_))) if word == "when" => Some(word),
            (TokenTree::Group(group), _) => within(group.stream()),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}
