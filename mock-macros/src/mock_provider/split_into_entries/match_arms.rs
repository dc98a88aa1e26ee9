//! `match request { .. }`, arm by arm.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt as _};
use syn::ext::IdentExt as _;
use syn::parse::discouraged::Speculative as _;
use syn::parse::{ParseBuffer, ParseStream, Parser as _};
use syn::{Error, Expr, Ident, Pat, Stmt, Token, braced, token};

use super::super::words::SyntaxKind;
use super::attributes::{attributes, no_attributes_within};
use super::{Items, brackets, entry_tokens, not_an_expression};
use crate::diagnostics::{Diagnostics, Mistake, with_commas, written};
use crate::lint::Lint;
use crate::syntax::{elements, is_named, is_punct, path_word, push_some, stream, token_at};

/// The grammar of the `match` in `rules` or `lanes`.
pub(crate) struct Match {
    pub(crate) kind: &'static Arms,
    /// The word that the request is called by in guards.
    pub(crate) request: Ident,
    /// `None` for an arm that did not parse; that has been reported.
    pub(crate) arms: Vec<Option<Arm>>,
}

/// `pattern if guard => answer`
pub(crate) struct Arm {
    pub(crate) when: ArmHead,
    /// The turns of a lane, or the action of a rule alone.
    pub(crate) answer: Items,
    is_block: bool,
}

/// The use of an arm: a rule or a lane.
pub(crate) struct ArmHead {
    pub(crate) span: Span,
    /// `None` if it was not understood; that has been reported.
    pub(crate) pattern: Option<Pat>,
    pub(crate) guard: Option<Expr>,
}

/// How the arms of a `match` are spoken of.
pub(crate) struct Arms {
    pub(crate) lint: Lint,
    several: &'static str,
    one: &'static str,
    whole: &'static str,
    arm: &'static str,
    answer: ParseAnswer,
}

static RULES: Arms = Arms {
    lint: Lint::InvalidRule,
    several: "rules",
    one: "rule",
    whole: "write `rules = match request { user(\"hi\") => reply(\"ho\") }`",
    arm: "a rule is `pattern => action`, as in `user(\"hi\") => reply(\"ho\")`",
    answer: action,
};

static LANES: Arms = Arms {
    lint: Lint::InvalidLane,
    several: "lanes",
    one: "lane",
    whole: "write `lanes = match request { system(\"You plan\") => [reply(\"ho\")] }`",
    arm: "a lane is `pattern => [turn, turn]`, as in `system(\"You plan\") => [reply(\"ho\")]`",
    answer: turns,
};

impl Arms {
    /// How to speak of the arms that a key takes, if it takes any.
    pub(super) fn of_key(takes: SyntaxKind) -> Option<&'static Arms> {
        match takes {
            SyntaxKind::Rules => Some(&RULES),
            SyntaxKind::Lanes => Some(&LANES),
            _ => None,
        }
    }

    pub(crate) fn one_pattern(&self) -> String {
        format!("a {} has one pattern", self.one)
    }
}

/// The answer of an arm, and whether it is a block, behind which there need be no comma.
type ParseAnswer = fn(ParseStream<'_>, &Diagnostics) -> syn::Result<(Items, bool)>;

impl Match {
    pub(super) fn parse(
        input: ParseStream<'_>,
        arms: &'static Arms,
        diagnostics: &Diagnostics,
    ) -> Option<Match> {
        let start = input.span();
        let (scrutinee, content) = match head(input) {
            Ok(head) => head,
            Err(error) => {
                // The end of the mock has no place.
                let at = if input.is_empty() {
                    start
                } else {
                    error.span()
                };
                diagnostics.error(arms.lint, at, &error, arms.whole);
                skip_arms(input);
                return None;
            }
        };
        let request = scrutinee.unwrap_or_else(|at| {
            let message = format!("expected `match request` after `{} =`", arms.several);
            match at.is_empty() {
                true => {
                    let help = "write `match request` before it";
                    diagnostics.error(arms.lint, start, message, help);
                }
                false => {
                    let help = "write `match request { .. }`";
                    diagnostics.error_at(arms.lint, &at, message, help);
                }
            }
            Ident::new("request", Span::call_site())
        });
        if content.is_empty() {
            let message = format!("there is no {} in this `match`", arms.one);
            diagnostics.error(arms.lint, content.span(), message, arms.whole);
        }
        let mut parsed = Vec::new();
        while !content.is_empty() {
            super::commas(&content, diagnostics);
            attributes(&content, diagnostics);
            if !content.is_empty() {
                parsed.push(whole_arm(&content, arms, diagnostics));
            }
        }
        Some(Match {
            kind: arms,
            request,
            arms: parsed,
        })
    }
}

/// Skips what does not parse, and the arms behind it.
fn skip_arms(input: ParseStream<'_>) {
    super::skip(input);
    let ahead = input.fork();
    while let Ok(Some(_)) = ahead.parse::<Option<Token![,]>>() {
        let arm = entry_tokens(&ahead);
        super::skip(&ahead);
        if has_arrow(&arm) {
            input.advance_to(&ahead);
        }
    }
}

fn has_arrow(tokens: &[TokenTree]) -> bool {
    let is_arrow = |pair: &[TokenTree]| matches!(pair, [equals, arrow] if is_punct(equals, '=') && is_punct(arrow, '>'));
    tokens.windows(2).any(is_arrow)
}

/// Reports arms in the parentheses or brackets of something else, and skips them.
pub(super) fn without_braces(
    input: ParseStream<'_>,
    arms: &Arms,
    diagnostics: &Diagnostics,
) -> bool {
    let Ok(group) = input.fork().parse::<proc_macro2::Group>() else {
        return false;
    };
    let inside = Vec::from_iter(group.stream());
    if !has_arrow(&inside) {
        return false;
    }
    let message = format!("`{}` are a `match`", arms.several);
    let help = format!("write `match request {{ {} }}`", written(&group.stream()));
    diagnostics.error_at(Lint::WrongValue, &group, message, help);
    super::skip(input);
    true
}

/// The word `request`, or the tokens in the place of `match request`, and the rules.
type Head<'a> = (Result<Ident, TokenStream>, ParseBuffer<'a>);

fn head<'a>(input: ParseStream<'a>) -> syn::Result<Head<'a>> {
    let keyword = input.parse::<Option<Token![match]>>()?;
    let scrutinee = match input.peek(token::Brace) {
        true => Err(keyword.into_token_stream()),
        false => {
            let scrutinee = Expr::parse_without_eager_brace(input)?;
            match (keyword, path_word(&scrutinee)) {
                (Some(_), Some(word)) if word == "request" => Ok(word.clone()),
                _ => Err(scrutinee.into_token_stream()),
            }
        }
    };
    let content;
    braced!(content in input);
    Ok((scrutinee, content))
}

/// An arm and the comma after it.
fn whole_arm(input: ParseStream<'_>, arms: &Arms, diagnostics: &Diagnostics) -> Option<Arm> {
    let (entry, start) = (input.cursor(), input.fork());
    let parsed = match arm(input, arms, diagnostics) {
        Ok(arm) => Some(arm),
        Err(error) => {
            if let Some((dot, rule)) = turn_for_rule(&start) {
                let (message, help) = ("expected `=>`, found `.`", format!("write `{rule}`"));
                diagnostics.error_at(arms.lint, &dot, message, help);
            } else {
                let mistake = brackets::mistake(&entry_tokens(&start), SyntaxKind::Matcher)
                    .or_else(|| not_an_expression::rule(entry_tokens(input), &error));
                match mistake {
                    Some(mistake) => mistake.report(diagnostics),
                    None => diagnostics.syntax(arms.lint, &error, arms.arm),
                }
            }
            super::skip(input);
            None
        }
    };
    let may_end = parsed.as_ref().is_some_and(|arm| arm.is_block);
    if !input.is_empty() && !input.peek(Token![,]) && !may_end {
        let at = input.span();
        let help = format!("write a comma between {}", arms.several);
        let mistake = Mistake::new(Lint::MissingComma, &token_at(at), "expected `,`", help);
        diagnostics.behind_entry(super::own_tokens(entry, input), mistake);
        super::skip(input);
    }
    // Take the comma, if there is one.
    let _ = input.parse::<Option<Token![,]>>();
    parsed
}

fn arm(input: ParseStream<'_>, arms: &Arms, diagnostics: &Diagnostics) -> syn::Result<Arm> {
    let when = arm_head(input, arms, diagnostics)?;
    let (answer, is_block) = (arms.answer)(input, diagnostics)?;
    Ok(Arm {
        when,
        answer,
        is_block,
    })
}

/// The pattern and the guard of an arm, and the `=>` after them.
fn arm_head(
    input: ParseStream<'_>,
    arms: &Arms,
    diagnostics: &Diagnostics,
) -> syn::Result<ArmHead> {
    let span = input.span();
    let pattern = pattern(input, arms, diagnostics)?;
    let guard = match input.parse::<Option<Token![if]>>()? {
        Some(_) => Some(input.parse()?),
        None => None,
    };
    if let Some(sign) = sign_for_arrow(input) {
        let message = format!("expected `=>`, found `{}`", written(&sign));
        diagnostics.error_at(arms.lint, &sign, message, "write `=>` in its place");
    } else {
        input.parse::<Token![=>]>()?;
    }
    Ok(ArmHead {
        span,
        pattern,
        guard,
    })
}

/// Passes over what is written for the `=>`: `->`, `=` or `:`.
fn sign_for_arrow(input: ParseStream<'_>) -> Option<TokenStream> {
    if input.peek(Token![=>]) || input.peek(Token![==]) || input.peek(Token![::]) {
        return None;
    }
    if input.peek(Token![->]) {
        let arrow = input.parse::<Token![->]>();
        return arrow.ok().map(ToTokens::into_token_stream);
    }
    let is_sign = input.peek(Token![=]) || input.peek(Token![:]);
    let ahead = input.fork();
    let sign = is_sign.then(|| ahead.parse::<TokenTree>().ok())??;
    // Nothing else is wrong only if an answer follows.
    (!ahead.is_empty() && !ahead.peek(Token![,])).then(|| {
        input.advance_to(&ahead);
        sign.into_token_stream()
    })
}

/// The action of a rule.
fn action(input: ParseStream<'_>, diagnostics: &Diagnostics) -> syn::Result<(Items, bool)> {
    if let Some((action, behind, is_block)) = several_actions(input) {
        // Skip the token that was looked at.
        let _ = input.parse::<TokenTree>();
        let action = match behind.as_slice() {
            [only] => {
                let message = format!("expected `}}`, found `{only}`");
                diagnostics.error_at(Lint::InvalidRule, only, message, "remove it");
                Some(action)
            }
            [_, second @ ..] => {
                diagnostics.reject(
                    Lint::InvalidRule,
                    &stream(second),
                    &"a rule has one action",
                    &"remove this, or write a lane: `lanes = match request { user(\"hi\") => [reply(\"a\"), reply(\"b\")] }`")
            }
            [] => None,
        };
        return Ok((vec![action], is_block));
    }
    let ahead = input.fork();
    let action = Expr::parse_with_earlier_boundary_rule(&ahead)?;
    if let Some(mistake) = brackets::in_index(&action, input, SyntaxKind::Beginning) {
        mistake.report(diagnostics);
        super::skip(input);
        return Ok((vec![None], false));
    }
    input.advance_to(&ahead);
    let (action, is_block) = unblocked(action);
    no_attributes_within(&action, diagnostics);
    Ok((vec![Some(action)], is_block))
}

/// The first action in braces or brackets, and what stands behind it, if anything does; and whether it is a block.
fn several_actions(input: ParseStream<'_>) -> Option<(Expr, Vec<TokenTree>, bool)> {
    let ahead = input.fork();
    let group: Group = ahead.parse().ok()?;
    let split = |content: ParseStream<'_>| Ok((content.parse()?, content.parse()?));
    let (action, behind): (Expr, TokenStream) = split.parse2(group.stream()).ok()?;
    let behind = Vec::from_iter(behind);
    let is_block = group.delimiter() == Delimiter::Brace;
    let is_several = match group.delimiter() {
        Delimiter::Brace => !behind.is_empty(),
        Delimiter::Bracket => behind.len() > 1 && (ahead.is_empty() || ahead.peek(Token![,])),
        _ => false,
    };
    (is_several && !matches!(action, Expr::Let(_))).then_some((action, behind, is_block))
}

/// The turns of a lane.
fn turns(input: ParseStream<'_>, diagnostics: &Diagnostics) -> syn::Result<(Items, bool)> {
    if input.peek(token::Brace) {
        let content;
        braced!(content in input);
        let (turns, _) = turns(&content, diagnostics)?;
        return Ok((turns, true));
    }
    if !super::is_list(input) {
        let turn = input.fork().parse::<Expr>();
        let turn = turn.map_or_else(|_| "reply(\"ho\")".to_owned(), |turn| written(&turn));
        diagnostics.error(
            Lint::InvalidLane,
            input.span(),
            "a lane is a list of turns",
            format_args!("write `[{turn}]`"),
        );
        super::skip(input);
        return Ok((vec![None], false));
    }
    let key = Ident::new("script", input.span());
    Ok((
        super::list(input, &key, diagnostics).unwrap_or_else(|| vec![None]),
        false,
    ))
}

/// The content of a block. rustfmt puts a long action into one, and then omits the comma.
fn unblocked(action: Expr) -> (Expr, bool) {
    match action {
        Expr::Block(mut block) if block.label.is_none() && block.block.stmts.len() == 1 => {
            match block.block.stmts.pop() {
                Some(Stmt::Expr(action, None)) => (action, true),
                other => {
                    push_some(&mut block.block.stmts, other);
                    (Expr::Block(block), true)
                }
            }
        }
        action => (action, false),
    }
}

/// The pattern of a rule. A closure is none, so it is looked for first.
fn pattern(
    input: ParseStream<'_>,
    arms: &Arms,
    diagnostics: &Diagnostics,
) -> syn::Result<Option<Pat>> {
    let ahead = input.fork();
    while !ahead.is_empty() && !ahead.peek(Token![=>]) && !ahead.peek(Token![if]) {
        if let Some(when) = when(&ahead) {
            diagnostics.error(
                Lint::WhenInRule,
                when.span(),
                format_args!("a {} takes a guard in place of `when`", arms.one),
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
            arms.lint,
            &not,
            "expected a pattern",
            format_args!("write `not({})`", written(&matcher)),
        );
        return Ok(None);
    }
    if input.peek(Token![else])
        && let Ok(word) = input.parse::<Token![else]>()
    {
        diagnostics.error_at(arms.lint, &word, "expected a pattern", "write `_`");
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
    let lint = arms.lint;
    if let Some(and) = input.parse::<Option<Token![&&]>>()? {
        let mut patterns = vec![pattern.into_token_stream()];
        patterns.append(&mut split_at_and(rest_of_pattern(input)?));
        let help = format!("write `{}`", all_of(&patterns));
        diagnostics.error_at(lint, &and, arms.one_pattern(), help);
        return Ok(None);
    } else if let Some(or) = input.parse::<Option<Token![||]>>()? {
        let help = format!("write `{} | ..`", written(&pattern));
        diagnostics.error_at(lint, &or, "patterns have `|` between them", help);
    } else if let Some((comma, others)) = patterns_after_comma(input) {
        let (mut either, mut all) = (written(&pattern), vec![pattern.into_token_stream()]);
        for other in others {
            either.push_str(" | ");
            either.push_str(&written(&other));
            all.push(other);
        }
        let help = format!("write `{}`, or `{either}`", all_of(&all));
        diagnostics.error_at(lint, &comma, arms.one_pattern(), help);
    } else {
        return Ok(Some(pattern));
    }
    rest_of_pattern(input)?;
    Ok(None)
}

/// The comma behind a pattern, and the patterns behind it, where an arrow follows them.
fn patterns_after_comma(input: ParseStream<'_>) -> Option<(Token![,], Vec<TokenStream>)> {
    let ahead = input.fork();
    let comma = ahead.parse().ok()?;
    let mut patterns = vec![TokenStream::new()];
    while !ahead.peek(Token![=>]) && !ahead.peek(Token![if]) {
        match ahead.parse().ok()? {
            TokenTree::Punct(comma) if comma.as_char() == ',' => patterns.push(TokenStream::new()),
            token => patterns.last_mut()?.append(token),
        }
    }
    let are_patterns = patterns.iter().all(|pattern| {
        let pattern = pattern.clone();
        Pat::parse_multi_with_leading_vert.parse2(pattern).is_ok()
    });
    are_patterns.then_some((comma, patterns))
}

/// The dot of a turn in the place of a rule, `on(user("hi")).reply("ho")`, and the rule that is meant.
fn turn_for_rule(input: ParseStream<'_>) -> Option<(Token![.], String)> {
    let ahead = input.fork();
    let Pat::TupleStruct(on) = Pat::parse_single(&ahead).ok()? else {
        return None;
    };
    let [matcher] = elements(&on.elems)[..] else {
        return None;
    };
    let dot = ahead.parse().ok()?;
    let mut action = TokenStream::new();
    while !ahead.is_empty() && !ahead.peek(Token![,]) {
        action.append(ahead.parse::<TokenTree>().ok()?);
    }
    let rule = || format!("{} => {}", written(matcher), written(&action));
    on.path.is_ident("on").then(|| (dot, rule()))
}

/// The tokens up to the guard or the arrow.
fn rest_of_pattern(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut rest = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![=>]) && !input.peek(Token![if]) {
        rest.append(input.parse::<TokenTree>()?);
    }
    Ok(rest)
}

/// The matcher that holds if all of these do, as it is written.
pub(crate) fn all_of(matchers: &[TokenStream]) -> String {
    let all = with_commas(matchers, &|matcher| written(matcher));
    format!("all_of({all})")
}

/// The tokens between each `&&`.
fn split_at_and(tokens: TokenStream) -> Vec<TokenStream> {
    let mut split = vec![TokenStream::new()];
    let mut after_and = false;
    for token in tokens {
        let is_and = matches!(&token, TokenTree::Punct(and) if and.as_char() == '&');
        match split.last_mut() {
            Some(last) if !is_and => last.append(token),
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
        if is_named(word.as_ref(), "when") {
            return word;
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
