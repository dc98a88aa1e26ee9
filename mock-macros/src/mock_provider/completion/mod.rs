//! Completion, hover and rename: the statements that an editor reads. Words become paths of documented items; tools, turns and captures
//! become items of their own.
//!
//! It is made of tokens as they come, so that it is there while they do not parse, and stands under `cfg(rust_analyzer)`, so that no
//! build pays for it.

mod emit;
mod template_variables;
mod tools_and_arguments;

use proc_macro2::{Delimiter, Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;
use syn::{LitStr, Path};

use super::parse::Mock;
use super::patterns::{self, PatternPiece};
use crate::editor_only_code::Seen;
use crate::search::{Search as _, position};
use crate::syntax::{is_comma, is_name, is_punct, is_type_name, split_at, text_of};
use crate::words::{ENTRIES, FIELDS, LINKS, SyntaxKind, Words};
use tools_and_arguments::Tools;

/// The statements that an editor reads of a mock.
///
/// They take time to make, so that the tokens are passed on to a macro of their own, which no build expands. Only where there is code of
/// the user's are they made at once: an editor completes code in the first place that it comes to, and there it must be code.
pub(super) fn expand(mock: &Mock, input: TokenStream) -> TokenStream {
    let private = mock.crate_path.private();
    match mock.code.is_of_names {
        true => quote!(#private::editor! { #input }),
        false => statements(input),
    }
}

/// The same, of the tokens of a mock.
pub(crate) fn statements(input: TokenStream) -> TokenStream {
    let mut editor = Editor::default();
    editor.list(input, SyntaxKind::Body);
    editor.emit()
}

/// Collects words, tools, turns and captures while it walks through the tokens.
#[derive(Default)]
struct Editor {
    words: Vec<Seen>,
    tools: Tools,
    turns: Vec<Ident>,
    captures: Vec<(Ident, LitStr)>,
    templates: Vec<Literal>,
}

impl Editor {
    fn list(&mut self, tokens: TokenStream, kind: SyntaxKind) {
        let tokens = flat(tokens);
        for item in tokens.split(is_comma) {
            self.item(item, kind);
        }
    }

    fn item(&mut self, tokens: &[TokenTree], kind: SyntaxKind) {
        match (kind, tokens) {
            (kind, _) if kind.has_no_words() => {}
            (SyntaxKind::Called | SyntaxKind::ToolName, []) => self.tools.mention(None),
            (kind, []) => {
                if let Some(namespace) = kind.beginnings() {
                    self.word_to_come(namespace, kind);
                }
            }
            (SyntaxKind::Body, tokens) => self.entry(tokens),
            (SyntaxKind::Rules | SyntaxKind::Lanes, tokens) => self.arms(tokens, kind),
            (
                SyntaxKind::Field | SyntaxKind::Member | SyntaxKind::TypeMember,
                [TokenTree::Ident(name), colon, ..],
            ) if is_punct(colon, ':') => {
                if kind == SyntaxKind::Field {
                    self.word(&FIELDS, name);
                }
                let (kind, value) = kind.of_value(tokens);
                self.item(value, kind);
            }
            (SyntaxKind::Turn, [TokenTree::Ident(name)]) if is_name(name) => {
                self.turns.push(name.clone());
            }
            (SyntaxKind::Result, [TokenTree::Ident(tool)]) if is_name(tool) => {
                self.tools.mention(Some(tool));
            }
            (SyntaxKind::Result, [_, _, ..]) => self.item(tokens, SyntaxKind::Value),
            (SyntaxKind::ToolName, [TokenTree::Ident(tool)]) if is_name(tool) => {
                self.tools.mention(Some(tool));
            }
            (kind, [TokenTree::Literal(literal)]) => self.literal(literal, kind),
            (kind, tokens) => self.chain(tokens, kind),
        }
    }

    fn entry(&mut self, tokens: &[TokenTree]) {
        match tokens {
            [TokenTree::Punct(hash), TokenTree::Group(_), rest @ ..] if hash.as_char() == '#' => {
                self.entry(rest);
            }
            [TokenTree::Ident(word), rest @ ..] if word == "pub" => match rest {
                [TokenTree::Group(_), _, _, value @ ..] | [_, _, value @ ..] => {
                    self.item(value, SyntaxKind::Profile);
                }
                _ => {}
            },
            [TokenTree::Ident(word), equals, value @ ..] if is_punct(equals, '=') => {
                match is_type_name(word) {
                    true => self.item(value, SyntaxKind::Profile),
                    false => {
                        self.word(&ENTRIES, word);
                        self.item(value, SyntaxKind::from_key(&word.to_string()));
                    }
                }
            }
            [TokenTree::Ident(name)] if is_type_name(name) => {}
            tokens => self.chain(tokens, SyntaxKind::Entry),
        }
    }

    /// `word(..).word(..)`
    fn chain(&mut self, tokens: &[TokenTree], kind: SyntaxKind) {
        let rest = match tokens {
            [TokenTree::Ident(tool), rest @ ..] if kind.is_tool() && is_name(tool) => {
                self.tool(tool, rest, kind)
            }
            [TokenTree::Ident(word), rest @ ..] => {
                if let Some(namespace) = kind.beginnings() {
                    self.word_in(namespace, word, rest, kind);
                }
                self.arguments(word, kind.beginnings(), rest, kind)
            }
            [TokenTree::Group(group), rest @ ..] => {
                self.list(group.stream(), kind);
                rest
            }
            _ => return,
        };
        let is_ours = !kind.takes_code() || is_ours(tokens, kind);
        let mut rest = rest;
        while let (Some(namespace), [dot, after @ ..]) = (kind.links(), rest)
            && is_punct(dot, '.')
        {
            rest = match after {
                [TokenTree::Ident(word), after @ ..] => {
                    if is_ours || namespace.has_ident(word) {
                        self.word(namespace, word);
                    }
                    self.arguments(word, Some(namespace), after, kind)
                }
                after => {
                    if is_ours {
                        self.words.push(Seen::Word(namespace.module, None));
                    }
                    after
                }
            };
        }
        match rest {
            // A comma is missing.
            [TokenTree::Ident(_), ..] if kind == SyntaxKind::Entry => self.entry(rest),
            [TokenTree::Ident(_), ..] => self.item(rest, kind),
            _ => {}
        }
    }

    /// The tokens in the parentheses or braces after a word, if there are any, and the tokens behind them.
    fn arguments<'t>(
        &mut self,
        word: &Ident,
        words: Option<&'static Words>,
        tokens: &'t [TokenTree],
        kind: SyntaxKind,
    ) -> &'t [TokenTree] {
        match tokens {
            [TokenTree::Group(group), rest @ ..] if group.delimiter() != Delimiter::Bracket => {
                self.list(group.stream(), kind.in_word(words, word, group.delimiter()));
                rest
            }
            rest => rest,
        }
    }

    /// A tool that is declared or called.
    fn tool<'t>(
        &mut self,
        tool: &Ident,
        tokens: &'t [TokenTree],
        kind: SyntaxKind,
    ) -> &'t [TokenTree] {
        let (fields, ty, rest) = match tokens {
            [TokenTree::Group(group), rest @ ..] if group.delimiter() == Delimiter::Brace => {
                (Some(group.stream()), None, rest)
            }
            [TokenTree::Group(group), rest @ ..] if group.delimiter() == Delimiter::Parenthesis => {
                (None, syn::parse2::<Path>(group.stream()).ok(), rest)
            }
            rest => (None, None, rest),
        };
        let members = flat(fields.clone().unwrap_or_default());
        let (mut declared, mut given) = (Vec::new(), Vec::new());
        for member in members.split(is_comma) {
            let (name, value) = match member {
                [] => (None, [].as_slice()),
                [TokenTree::Ident(name)] if is_name(name) => (Some(name), [].as_slice()),
                [TokenTree::Ident(name), colon, value @ ..]
                    if is_punct(colon, ':') && is_name(name) =>
                {
                    (Some(name), value)
                }
                _ => continue,
            };
            match name {
                Some(name) if kind == SyntaxKind::Tool => {
                    declared.push((name.clone(), self.ty(value)));
                }
                name => given.push(name.cloned()),
            }
        }
        if kind == SyntaxKind::Tool {
            self.tools.declare(tool, declared, ty);
        } else {
            self.tools.call(tool, given);
            self.list(fields.unwrap_or_default(), SyntaxKind::Member);
        }
        rest
    }

    /// The type of a field, for which that of any is taken while it is none.
    fn ty(&mut self, tokens: &[TokenTree]) -> TokenStream {
        let Some(namespace) = SyntaxKind::Type.beginnings() else {
            return quote!(());
        };
        let [TokenTree::Ident(word), rest @ ..] = tokens else {
            self.item(tokens, SyntaxKind::Type);
            return quote!(());
        };
        self.word(namespace, word);
        let (group, rest) = match rest {
            [TokenTree::Group(group), rest @ ..] => (Some(group), rest),
            rest => (None, rest),
        };
        let inner = group.and_then(|group| {
            let kind = SyntaxKind::Type.in_word(Some(namespace), word, group.delimiter());
            if kind == SyntaxKind::Type {
                return Some(self.ty(&flat(group.stream())));
            }
            self.list(group.stream(), kind);
            None
        });
        match rest {
            [dot] if is_punct(dot, '.') => self.word_to_come(&LINKS, SyntaxKind::Type),
            [_, TokenTree::Ident(link), ..] => self.word(&LINKS, link),
            _ => {}
        }
        if !namespace.has_ident(word) {
            return quote!(());
        }
        // The word itself is one of the listed words.
        let mut ty = word.clone();
        ty.set_span(Span::mixed_site());
        let inner = inner.map(|inner| quote!(<#inner>));
        quote!(#ty #inner)
    }

    fn arms(&mut self, tokens: &[TokenTree], kind: SyntaxKind) {
        let mut arms = TokenStream::new();
        for token in tokens {
            if let TokenTree::Group(group) = token
                && group.delimiter() == Delimiter::Brace
            {
                arms = group.stream();
            }
        }
        let arms = flat(arms);
        let mut arms = arms.as_slice();
        while let Some(arrow) = arms.windows(2).position(is_arrow) {
            let (pattern, action) = split_at(arms, arrow);
            let guard = position(pattern, &|token| is_ident(token, "if"));
            let (pattern, _) = split_at(pattern, guard.unwrap_or(pattern.len()));
            for pattern in pattern.split(|token| is_punct(token, '|')) {
                self.item(pattern, SyntaxKind::Matcher);
            }
            let action = action.get(2..).unwrap_or_default();
            let end = match action {
                [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::Brace => 1,
                action => {
                    let comma = position(action, &is_comma);
                    comma.unwrap_or(action.len())
                }
            };
            let (action, rest) = split_at(action, end);
            match (kind, action) {
                (SyntaxKind::Lanes, [TokenTree::Group(turns), ..]) => {
                    self.list(turns.stream(), SyntaxKind::Beginning);
                }
                _ => self.item(action, SyntaxKind::Beginning),
            }
            arms = match rest {
                [comma, rest @ ..] if is_punct(comma, ',') => rest,
                rest => rest,
            };
        }
        self.item(arms, SyntaxKind::Matcher);
    }

    fn literal(&mut self, literal: &Literal, kind: SyntaxKind) {
        match kind {
            _ if kind.is_text() || kind.is_pattern() || kind == SyntaxKind::Value => {
                let source = literal.to_string();
                if !source.starts_with(&['"', 'r'][..]) || !source.contains('{') {
                    return;
                }
                if kind.is_pattern()
                    && let Some(text) = text_of(literal)
                {
                    let (pieces, _) = patterns::pattern(&text);
                    for piece in pieces {
                        if let PatternPiece::Capture { name, .. } = piece {
                            self.capture(&name, text.span(), &text);
                        }
                    }
                }
                self.templates
                    .push(template_variables::readable(literal, &source));
            }
            #[cfg(feature = "regex")]
            SyntaxKind::Regex => {
                let Some(text) = text_of(literal) else { return };
                // An editor cannot find the name within the expression. With the user's span, a rename would replace the whole expression.
                let span = text.span().resolved_at(Span::mixed_site());
                let (names, _) = patterns::regex(&text);
                names
                    .iter()
                    .for_each(|name| self.capture(name, span, &text));
            }
            _ => {}
        }
    }

    /// A name that stands in a pattern, which is what an editor jumps to.
    fn capture(&mut self, name: &str, span: Span, pattern: &LitStr) {
        if let Ok(mut name) = syn::parse_str::<Ident>(name)
            && !self.captures.any(&|(earlier, _)| *earlier == name)
        {
            name.set_span(span);
            self.captures.push((name, pattern.clone()));
        }
    }

    fn word_to_come(&mut self, namespace: &Words, kind: SyntaxKind) {
        self.words.push(match kind.takes_code() {
            true => Seen::WordOrCode(namespace.module, None),
            false => Seen::Word(namespace.module, None),
        });
    }

    fn word_in(&mut self, namespace: &Words, word: &Ident, rest: &[TokenTree], kind: SyntaxKind) {
        if !kind.takes_code() {
            return self.word(namespace, word);
        }
        let is_alone = || rest.is_empty() && is_name(word) && word != "null" && word != "None";
        if namespace.has_ident(word) || is_alone() {
            let word = Some(word.clone());
            self.words.push(Seen::WordOrCode(namespace.module, word));
        }
    }

    fn word(&mut self, namespace: &Words, word: &Ident) {
        if is_name(word) {
            let word = Some(word.clone());
            self.words.push(Seen::Word(namespace.module, word));
        }
    }
}

/// Tokens without invisible groups around them.
fn flat(tokens: TokenStream) -> Vec<TokenTree> {
    let mut flattened = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                flattened.append(&mut flat(group.stream()));
            }
            token => flattened.push(token),
        }
    }
    flattened
}

/// Whether these tokens are words of the grammar, in a place where the user's code may stand too.
fn is_ours(tokens: &[TokenTree], kind: SyntaxKind) -> bool {
    match tokens {
        [TokenTree::Ident(word), ..] => {
            kind.beginnings().is_some_and(|words| words.has_ident(word))
        }
        [TokenTree::Group(group), ..] => {
            let first = group.stream().into_iter().next();
            matches!(first, Some(TokenTree::Literal(_)))
        }
        _ => false,
    }
}

fn is_ident(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

fn is_arrow(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [equals, arrow] if is_punct(equals, '=') && is_punct(arrow, '>'))
}
