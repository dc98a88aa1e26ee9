//! Reports a token that the parser of Rust did not expect, by what stands around it.

use proc_macro2::{Delimiter, Group, TokenTree};
use syn::Ident;

use super::super::words::{self, SyntaxKind, Word};
use super::enclosing_group::is_next;
use crate::diagnostics::{Mistake, position, written};
use crate::lint::Lint;
use crate::syntax::{consists_of, is_comma, is_punct, split_at, stream, text_of, token_at};

/// The token that was not expected, as the first of `from`; none where a group ends too early.
struct Around {
    /// The tokens before it in its group.
    before: Vec<TokenTree>,
    from: Vec<TokenTree>,
    /// The group that it stands in.
    group: Option<Group>,
    /// The word of the grammar before that group.
    word: Option<&'static Word>,
    /// The innermost word of the grammar in whose parentheses or braces it stands, however deep.
    known: Option<&'static Word>,
    /// The syntax at its place.
    kind: SyntaxKind,
}

/// A token that was not expected, if it can be told what should stand there.
pub(super) fn mistake(
    tokens: Vec<TokenTree>,
    key: Option<&Ident>,
    kind: SyntaxKind,
    error: &syn::Error,
) -> Option<Mistake> {
    let around = Around::find(tokens, key, kind, error);
    let mistake = around.missing_word();
    let mistake = mistake.or_else(|| around.wrong_brackets());
    let mistake = mistake.or_else(|| around.wrong_separator());
    let mistake = mistake.or_else(|| around.missing_value());
    let mistake = mistake.or_else(|| around.several_texts());
    let mistake = mistake.or_else(|| around.missing_separator(error));
    mistake.or_else(|| around.example(error))
}

impl Around {
    fn find(
        tokens: Vec<TokenTree>,
        key: Option<&Ident>,
        kind: SyntaxKind,
        error: &syn::Error,
    ) -> Around {
        let mut around = Around {
            before: Vec::new(),
            from: tokens,
            group: None,
            word: None,
            known: key.and_then(|key| words::KEYS.find_ident(key)),
            kind,
        };
        let at = position(error.span());
        // The end of all tokens has no place: its span is that of the macro.
        let begins = around.from.first().map(|first| position(first.span()));
        let is_end = error.to_string().starts_with("unexpected end") && Some(at) <= begins;
        let at = if is_end { (usize::MAX, 0) } else { at };
        while around.step(at) {}
        around
    }

    /// Goes to the token at a place, or into the group that it stands in. Whether it went into one.
    fn step(&mut self, at: (usize, usize)) -> bool {
        let all = std::mem::take(&mut self.from);
        let mut index = 0_usize;
        for token in &all {
            let end = match token {
                TokenTree::Group(group) => group.span_close(),
                other => other.span(),
            };
            if position(end) >= at {
                break;
            }
            index = index.saturating_add(1);
        }
        let (before, from) = split_at(&all, index);
        if let Some(TokenTree::Group(group)) = from.first()
            && position(group.span_open()) < at
            && !is_next(before.last(), '!')
        {
            // In an arm, a matcher or a turn may stand there.
            let kind = match (self.kind, before.last()) {
                (SyntaxKind::Rules, Some(TokenTree::Ident(word)))
                    if words::MATCHERS.has_ident(word) =>
                {
                    SyntaxKind::Matcher
                }
                (SyntaxKind::Rules, _) => SyntaxKind::Beginning,
                (kind, _) => kind,
            };
            let item = before.rsplit(is_comma).next().unwrap_or_default();
            let (kind, item) = kind.of_value(item);
            (_, self.word, self.kind) = kind.before_group(item, group.delimiter());
            self.known = self.word.or(self.known);
            self.before = Vec::new();
            self.from = Vec::from_iter(group.stream());
            self.group = Some(group.clone());
            return true;
        }
        self.before = before.to_vec();
        self.from = from.to_vec();
        false
    }

    fn is_in(&self, delimiter: Delimiter) -> bool {
        self.group
            .as_ref()
            .is_some_and(|group| group.delimiter() == delimiter)
    }

    /// `reply("a").`, or an entry that begins with `=`
    fn missing_word(&self) -> Option<Mistake> {
        let has_dot = is_next(self.before.last(), '.');
        if has_dot && let [before @ .., dot] = &*self.before {
            let example = match (self.known.map(|known| known.takes), before) {
                (Some(SyntaxKind::Tool | SyntaxKind::TypeMember), _) => "named(\"..\")",
                (Some(SyntaxKind::Latency), _) => "timeout_over(1s)",
                (_, [TokenTree::Ident(on), _]) if on == "on" => "reply(\"Hi.\")",
                _ => "times(3)",
            };
            let message = "there is no word after this `.`";
            let help = format!("write one, as in `.{example}`, or remove the dot");
            return Some(Mistake::new(Lint::InvalidEntry, dot, message, help));
        }
        let sign = self.from.first().filter(|sign| is_punct(sign, '='))?;
        let (message, help) = match (&self.group, self.known, &*self.before) {
            (None, None, []) => (
                "there is no key before this `=`",
                "write one, as in `script = [..]`",
            ),
            (None, Some(_), []) => ("there is already a `=` before this one", "remove it"),
            _ => return None,
        };
        Some(Mistake::new(Lint::InvalidEntry, sign, message, help))
    }

    /// `reply{"a"}`
    fn wrong_brackets(&self) -> Option<Mistake> {
        let word = self.word?;
        let has_braces = matches!(word.takes, SyntaxKind::Field | SyntaxKind::TypeMember);
        if self.is_in(Delimiter::Parenthesis) || has_braces {
            return None;
        }
        let group = self.group.as_ref()?;
        Some(Mistake::new(
            Lint::NeedsArgument,
            &token_at(group.span_open()),
            format!("the arguments of `{}` go in parentheses", word.word),
            format!("write `{}({})`", word.word, written(&group.stream())),
        ))
    }

    /// Another sign in the place of a comma or a colon, or a comma too many.
    fn wrong_separator(&self) -> Option<Mistake> {
        self.group.as_ref()?;
        if is_next(self.from.first(), ',') {
            let (comma, _) = split_at(&self.from, 1);
            let is_first = self.before.is_empty() || is_next(self.before.last(), ',');
            let message = "there is nothing before this `,`";
            return is_first
                .then(|| Mistake::new(Lint::InvalidEntry, &stream(comma), message, "remove it"));
        }
        let is_arrow = is_next(self.from.first(), '=') && is_next(self.from.get(1), '>');
        let is_thin_arrow = is_next(self.from.first(), '-') && is_next(self.from.get(1), '>');
        let (sign, _) = split_at(&self.from, if is_arrow || is_thin_arrow { 2 } else { 1 });
        let sign = stream(sign);
        let found = written(&sign);
        if let (true, Some(closure)) = (is_arrow, self.closure()) {
            return Some(closure);
        }
        let wanted = match (&*found, self.before.last()?) {
            ("=" | "=>" | "->", TokenTree::Ident(_))
                if self.is_in(Delimiter::Brace)
                    && self.field().is_some_and(|field| field.len() == 1) =>
            {
                ":"
            }
            ("=>" | ";", _) => ",",
            _ => return None,
        };
        let message = format!("expected `{wanted}`, found `{found}`");
        let help = format!("write `{wanted}` in its place");
        Some(Mistake::new(Lint::MissingComma, &sign, message, help))
    }

    /// `when(request => true)`
    fn closure(&self) -> Option<Mistake> {
        let word = self.word?;
        if !matches!(word.takes, SyntaxKind::Predicate | SyntaxKind::Responder) {
            return None;
        }
        let inputs = match &*self.before {
            [TokenTree::Group(inputs)] => inputs.stream(),
            other => stream(other),
        };
        let (_, body) = split_at(&self.from, 2);
        let (word, inputs, body) = (word.word, written(&inputs), written(&stream(body)));
        let message = format!("`{word}` needs a closure");
        let help = format!("write `{word}(|{inputs}| {body})`");
        let arrow = stream(split_at(&self.from, 2).0);
        Some(Mistake::new(Lint::ExpectedClosure, &arrow, message, help))
    }

    /// A name with a colon and nothing behind it, or a closure without a body.
    fn missing_value(&self) -> Option<Mistake> {
        let known = self.known?;
        if !self.from.is_empty() && !is_next(self.from.first(), ',') {
            return None;
        }
        match &*self.before {
            [.., TokenTree::Ident(name), colon] if is_punct(colon, ':') => Some(Mistake::new(
                Lint::InvalidEntry,
                name,
                format!("`{name}` has no value"),
                match (self.kind, words::FIELDS.find_ident(name)) {
                    (SyntaxKind::TypeMember, _) => {
                        format!("write its type, as in `{name}: string`")
                    }
                    (SyntaxKind::Field, Some(field)) => {
                        format!("write it as in `{}`", field.example)
                    }
                    _ => format!("write one, as in `{name}: 1`"),
                },
            )),
            [TokenTree::Punct(_), .., bar] if is_punct(bar, '|') => Some(Mistake::new(
                Lint::ExpectedClosure,
                &stream(&self.before),
                "the closure has no body",
                format!("write it as in `{}`", known.call()),
            )),
            _ => None,
        }
    }

    /// Texts beside each other where one is wanted.
    fn several_texts(&self) -> Option<Mistake> {
        let takes = self.word?.takes;
        if !takes_one(takes) || self.before.len() != 1 {
            return None;
        }
        let mut one = match self.before.first()? {
            // `f"..."`
            TokenTree::Ident(prefix) if prefix.to_string().len() <= 2 => String::new(),
            first => text(first)?,
        };
        for token in &self.from {
            one.push_str(&text(token)?);
        }
        let texts = [&*self.before, &*self.from].concat();
        let help = format!("write `{one:?}`");
        (!self.from.is_empty()).then(|| {
            Mistake::new(
                Lint::ExpectedText,
                &stream(&texts),
                "expected one text",
                help,
            )
        })
    }

    /// Two values with nothing between them.
    fn missing_separator(&self, error: &syn::Error) -> Option<Mistake> {
        let message = error.to_string();
        if message != "expected `,`" || self.word.is_some_and(|word| takes_one(word.takes)) {
            return None;
        }
        let here = token_at(error.span());
        let comma = || Mistake::new(Lint::MissingComma, &here, message, "write `,` before it");
        if let Some(mistake) = self.no_delimiters() {
            return Some(mistake);
        }
        Some(match (self.field(), self.from.first()?) {
            (Some([TokenTree::Ident(name)]), TokenTree::Punct(optional))
                if optional.as_char() == '?' =>
            {
                Mistake::new(
                    Lint::MissingComma,
                    &here,
                    format!("expected `:` after `{name}`"),
                    format!("write `{name}: optional({})`", self.type_behind_colon()),
                )
            }
            (
                Some([name @ TokenTree::Ident(_)]),
                value @ (TokenTree::Literal(_) | TokenTree::Ident(_)),
            ) => Mistake::new(
                Lint::MissingComma,
                &stream(&[name.clone(), value.clone()]),
                format!("expected `:` after `{name}`"),
                format!("write `{name}: {}`", written(value)),
            ),
            (Some([TokenTree::Ident(_), _, ty @ ..]), _) if self.kind == SyntaxKind::TypeMember => {
                let mut tokens = ty.to_vec();
                for token in &self.rest_of_field() {
                    tokens.push(token.clone());
                }
                match type_in_words(&tokens).filter(|_| tokens.len() > ty.len()) {
                    Some(meant) => Mistake::new(
                        Lint::UnknownType,
                        &stream(&tokens),
                        "expected a type",
                        format!("write `{meant}`"),
                    ),
                    None => comma(),
                }
            }
            _ => comma(),
        })
    }

    /// `on(user "a")`, `fail(rate_limit retry_after: 2s)`
    fn no_delimiters(&self) -> Option<Mistake> {
        let Some(TokenTree::Ident(word)) = self.before.last() else {
            return None;
        };
        let argument = self.from.split(is_comma).next().unwrap_or_default();
        let text = written(&stream(argument));
        let (lint, message, help) = match argument {
            [TokenTree::Literal(_)] if words::MATCHERS.has_ident(word) => (
                Lint::NeedsArgument,
                format!("`{word}` has no parentheses"),
                format!("write `{word}({text})`"),
            ),
            [TokenTree::Ident(field), ..]
                if words::KINDS.has_ident(word) && words::FIELDS.has_ident(field) =>
            {
                (
                    Lint::UnknownFailure,
                    "the fields of a failure go in braces".to_owned(),
                    format!("write `{word} {{ {text} }}`"),
                )
            }
            _ => return None,
        };
        let at = [&[word.clone().into()], argument].concat();
        Some(Mistake::new(lint, &stream(&at), message, help))
    }

    /// The tokens of the field in braces up to the place of the error.
    fn field(&self) -> Option<&[TokenTree]> {
        let is_in_braces = self.is_in(Delimiter::Brace);
        self.before.rsplit(is_comma).next().filter(|_| is_in_braces)
    }

    /// The tokens from the place of the error on, up to a comma, or to the name of the next field.
    fn rest_of_field(&self) -> Vec<TokenTree> {
        let mut rest = Vec::new();
        for (index, token) in self.from.iter().enumerate() {
            let is_name = is_next(self.from.get(index.saturating_add(1)), ':');
            if is_comma(token) || is_name {
                break;
            }
            rest.push(token.clone());
        }
        rest
    }

    /// The type behind the next token and a colon, or an example where there is none.
    fn type_behind_colon(&self) -> String {
        let mut behind = self.from.iter().skip(1);
        if !behind.next().is_some_and(|next| is_punct(next, ':')) {
            return "string".to_owned();
        }
        let mut ty = Vec::new();
        for token in behind.take_while(|token| !is_comma(token)) {
            ty.push(token.clone());
        }
        match ty.as_slice() {
            [] => "string".to_owned(),
            ty => written(&stream(ty)),
        }
    }

    /// What the parser says, and an example of the word around it.
    fn example(&self, error: &syn::Error) -> Option<Mistake> {
        let known = self.known?;
        let is_turn = known.takes == SyntaxKind::Beginning;
        if is_turn && self.group.is_none() {
            return None;
        }
        let field = match &*self.before {
            [.., TokenTree::Ident(name), colon, _] | [.., TokenTree::Ident(name), colon]
                if is_punct(colon, ':') =>
            {
                words::FIELDS.find_ident(name)
            }
            _ => None,
        };
        let example = match (known.takes, field) {
            (SyntaxKind::Field, Some(field)) => field.example,
            (SyntaxKind::Field, None) => "fail(rate_limit { retry_after: 2s })",
            _ => known.call(),
        };
        // A bare word does not show its syntax, so take the longer example.
        let is_bare = consists_of(example, |c| c.is_ascii_lowercase() || c == '_');
        let example = if is_bare { known.example } else { example };
        Some(Mistake::new(
            Lint::InvalidEntry,
            &token_at(error.span()),
            error.to_string(),
            format!("write it as in `{example}`"),
        ))
    }
}

/// Whether the parentheses of a word hold one thing alone.
fn takes_one(takes: SyntaxKind) -> bool {
    let is_text = matches!(takes, SyntaxKind::Pattern | SyntaxKind::PathPattern) || takes.is_text();
    is_text
        || matches!(
            takes,
            SyntaxKind::Bounds
                | SyntaxKind::Count
                | SyntaxKind::Driver
                | SyntaxKind::Fault
                | SyntaxKind::Finish
                | SyntaxKind::Flush
                | SyntaxKind::Gate
                | SyntaxKind::Number
                | SyntaxKind::Predicate
                | SyntaxKind::Rate
                | SyntaxKind::Regex
                | SyntaxKind::Replayed
                | SyntaxKind::Responder
                | SyntaxKind::Split
                | SyntaxKind::Status
                | SyntaxKind::Time
                | SyntaxKind::TimeBetween
                | SyntaxKind::Turn
                | SyntaxKind::Verbatim
        )
}

/// The type that is written in words beside each other: `optional list of string`, `string optional`.
fn type_in_words(tokens: &[TokenTree]) -> Option<String> {
    let is = |token: &TokenTree, word: &str| matches!(token, TokenTree::Ident(it) if it == word);
    match tokens {
        [TokenTree::Ident(word)] => words::TYPES.has_ident(word).then(|| word.to_string()),
        [TokenTree::Ident(word), TokenTree::Group(_)] => words::TYPES
            .has_ident(word)
            .then(|| written(&stream(tokens))),
        [outer, inner @ ..] if is(outer, "optional") || is(outer, "list") => {
            let inner = match inner {
                [of, inner @ ..] if is(of, "of") => inner,
                inner => inner,
            };
            Some(format!("{outer}({})", type_in_words(inner)?))
        }
        [one_of, texts @ ..] if is(one_of, "one_of") => {
            let mut values = Vec::new();
            for token in texts {
                values.push(format!("{:?}", text(token)?));
            }
            Some(format!("one_of({})", values.join(", ")))
        }
        [inner @ .., optional] if is(optional, "optional") => {
            Some(format!("optional({})", type_in_words(inner)?))
        }
        _ => None,
    }
}

fn text(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Literal(literal) => Some(text_of(literal)?.value()),
        _ => None,
    }
}
