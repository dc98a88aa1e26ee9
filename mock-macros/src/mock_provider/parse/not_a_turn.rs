//! Mistakes in the place of a turn: expressions that are not turns.

use quote::{ToTokens, quote};
use syn::{Expr, ExprAssign, ExprRange, Member, RangeLimits};

use super::super::split_into_entries::rust_name;
use super::super::words;
use super::fault::kind_of_failure;
use super::method_chain::called;
use super::{Matcher, Reader, Turn, path_word};
use crate::diagnostics::{Mistake, written};
use crate::lint::Lint;
use crate::syntax::{bare, elements, literal};

impl Reader<'_> {
    pub(super) fn not_a_turn(&self, expr: &Expr, turn: &mut Turn) {
        turn.matchers.push(Matcher::bad(turn.span));
        let word = match expr {
            Expr::Field(field) => match &field.member {
                Member::Named(word) => Some(word),
                Member::Unnamed(_) => None,
            },
            other => words::ACTIONS.if_known(path_word(other)),
        };
        if let Some(word) = word {
            let name = word.to_string();
            if !words::STEPS.has(&name) {
                return self.unknown_word(word, &name, false, &|_| true);
            }
            let called = called(&name);
            return self.error(
                Lint::NeedsArgument,
                word.span(),
                format_args!("`{word}` has no parentheses"),
                match expr {
                    Expr::Field(_) => format!("write `.{called}`"),
                    _ => format!("write `{called}`"),
                },
            );
        }
        let key = path_word(expr);
        if let Some(key) = key
            && let Some(known) = words::KEYS.find_ident(key)
        {
            return self.error(
                Lint::WrongValue,
                key.span(),
                format_args!("`{key}` has no value"),
                format_args!("write `{}`", known.example),
            );
        }
        instead(expr).report(self.diagnostics);
    }
}

/// The mistake in an expression in the place of a turn, at its smallest wrong token.
fn instead(expr: &Expr) -> Mistake {
    let of_part = match expr {
        Expr::Try(question) => too_much(&question.question_token, "a turn has no `?`", "?"),
        Expr::Await(awaited) => {
            let (dot, word) = (&awaited.dot_token, &awaited.await_token);
            too_much(&quote!(#dot #word), "a turn is not awaited", ".await")
        }
        Expr::Range(range) => two_dots(range),
        Expr::Call(call) => path(&call.func),
        Expr::Macro(call) => {
            let word = call.mac.path.get_ident();
            words::BEGINNINGS.if_known(word).map(|word| {
                let message = format!("`{word}` is not a macro");
                let bang = &call.mac.bang_token;
                Mistake::new(Lint::ExpectedTurn, bang, message, "remove the `!`")
            })
        }
        Expr::Binary(turns) => is_turn(&turns.left).then(|| {
            let sign = &turns.op;
            let message = format!("expected `,`, found `{}`", written(sign));
            Mistake::new(Lint::MissingComma, sign, message, "write `,` in its place")
        }),
        Expr::Struct(braces) => words::STEPS.if_known(braces.path.get_ident()).map(|word| {
            let message = format!("the arguments of `{word}` go in parentheses");
            let help = match elements(&braces.fields).as_slice() {
                _ if word == "json" => {
                    let fields = written(braces).replacen("json", "object", 1);
                    format!("write `json({fields})`")
                }
                [only] => format!("write `{word}({})`", written(&only.expr)),
                _ => format!("write it as in `{}`", called(&word.to_string())),
            };
            Mistake::new(Lint::NeedsArgument, braces, message, help)
        }),
        Expr::Assign(set) => step_set(set),
        _ => None,
    };
    of_part.unwrap_or_else(|| {
        let help = match (kind_of_failure(expr), literal(expr), expr) {
            (Some(_), ..) => format!("write `fail({})`", written(expr)),
            (_, Some(text), _) => format!("write `reply({})`", text.token()),
            (_, _, Expr::Assign(named)) if is_turn(&named.right) => {
                let name = match literal(&named.left) {
                    Some(name) => rust_name(&name.value()),
                    None => written(&named.left),
                };
                format!("write `{}.named({name})`", written(&named.right))
            }
            (_, _, Expr::Array(turns)) if turns.elems.first().is_some_and(is_turn) => {
                format!("remove the brackets: `{}`", written(&turns.elems))
            }
            (_, _, Expr::Repeat(turns)) if is_turn(&turns.expr) => format!(
                "write `{}.times({})`",
                written(&turns.expr),
                written(&turns.len)
            ),
            (_, _, Expr::Match(_)) => {
                "write `rules = match request { user(\"hi\") => reply(\"ho\") }`".to_owned()
            }
            (_, _, Expr::If(_)) => "write `on(when(|request| ..)).reply(\"Hi.\")`".to_owned(),
            (_, _, Expr::ForLoop(_) | Expr::While(_)) => {
                "write `reply(\"Hi.\").times(3)` for several answers".to_owned()
            }
            (_, _, other) if let_go(other).is_some_and(is_turn) => {
                format!("write `{}`", written(&let_go(other)))
            }
            (_, _, Expr::Path(_) | Expr::Macro(_)) if foreign(expr).is_some() => {
                foreign(expr).unwrap_or_default().to_owned()
            }
            (_, _, Expr::Struct(call)) if call.path.get_ident().is_some() => {
                format!("write `call({})`", written(call))
            }
            _ => "begin with `on(..)` or with an action, as in `reply(\"Hi.\")`".to_owned(),
        };
        Mistake::new(Lint::ExpectedTurn, expr, "expected a turn", help)
    })
}

/// The turn in `return reply("x")`, `&reply("x")` or `reply("x") as Turn`.
fn let_go(expr: &Expr) -> Option<&Expr> {
    Some(match expr {
        Expr::Cast(cast) => &cast.expr,
        Expr::Reference(reference) => &reference.expr,
        Expr::Unary(unary) => &unary.expr,
        Expr::Return(returned) => returned.expr.as_deref()?,
        Expr::Break(broken) => broken.expr.as_deref()?,
        _ => return None,
    })
}

/// The help for a word of other languages.
fn foreign(expr: &Expr) -> Option<&'static str> {
    let word = match expr {
        Expr::Macro(call) => call.mac.path.get_ident(),
        other => path_word(other),
    };
    words::foreign_step(&word?.to_string())
}

/// `reply = "x"`, `reply("x").ttft = 5ms`
fn step_set(set: &ExprAssign) -> Option<Mistake> {
    let (word, dot) = match &*set.left {
        Expr::Field(field) => match &field.member {
            Member::Named(word) => (word, "."),
            Member::Unnamed(_) => return None,
        },
        other => (path_word(other)?, ""),
    };
    let word = words::STEPS.if_known(Some(word))?;
    let value = &set.right;
    let message = format!("the arguments of `{word}` go in parentheses");
    let help = format!("write `{dot}{word}({})`", written(value));
    let at = quote!(#word #value);
    Some(Mistake::new(Lint::NeedsArgument, &at, message, help))
}

fn too_much(tokens: &dyn ToTokens, message: &str, text: &str) -> Option<Mistake> {
    let help = format!("remove the `{text}`");
    Some(Mistake::new(Lint::ExpectedTurn, tokens, message, help))
}

/// `reply("x")..times(3)`
fn two_dots(range: &ExprRange) -> Option<Mistake> {
    let (Some(turn), Some(_), RangeLimits::HalfOpen(dots)) =
        (&range.start, &range.end, &range.limits)
    else {
        return None;
    };
    is_turn(turn).then(|| {
        let message = "expected `.`, found `..`";
        Mistake::new(Lint::ExpectedTurn, dots, message, "write `.` in its place")
    })
}

/// `builder::reply("x")`
fn path(func: &Expr) -> Option<Mistake> {
    let Expr::Path(path) = bare(func) else {
        return None;
    };
    let last = path.path.segments.last();
    let word = words::BEGINNINGS.if_known(last.map(|last| &last.ident))?;
    let message = "a turn begins with a single word";
    let help = format!("write `{word}(..)`");
    Some(Mistake::new(Lint::ExpectedTurn, path, message, help))
}

/// Whether an expression is a turn, by the word that it begins with.
pub(super) fn is_turn(expr: &Expr) -> bool {
    match bare(expr) {
        Expr::MethodCall(step) => is_turn(&step.receiver),
        Expr::Call(call) => {
            path_word(&call.func).is_some_and(|word| words::BEGINNINGS.has_ident(word))
        }
        _ => false,
    }
}
