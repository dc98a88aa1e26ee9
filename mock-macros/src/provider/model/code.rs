//! What code of the user's a scenario holds: where there is none, all of it is known when compiling, so that it can be a `static`.

use syn::Expr;

use super::number::is_literal;
use super::{
    ActionKind, After, Arguments, Count, Delay, Failure, Fault, Finish, Float, Json, JsonKind,
    JsonValue, Latency, Matcher, MatcherKind, Mock, Number, Otherwise, Pace, Split, Text, Turn,
    Typed, Usage,
};
use crate::syntax::bare;
use crate::time::Time;

/// Where there may be code of the user's.
enum Code<'m> {
    Closure,
    Expr(&'m Expr),
    Typed(&'m Typed),
}

type Is = fn(Code<'_>) -> bool;

impl Mock {
    pub(in crate::provider) fn is_constant(&self) -> bool {
        self.is_all(|code| match code {
            Code::Closure => false,
            Code::Expr(expr) => is_literal(expr),
            Code::Typed(typed) => typed.is_literal,
        })
    }

    /// Whether all code is the names of values, in which a dot does nothing.
    pub(in crate::provider) fn is_of_names(&self) -> bool {
        self.is_all(|code| match code {
            Code::Expr(expr) => is_literal(expr) || matches!(bare(expr), Expr::Path(_)),
            Code::Closure | Code::Typed(_) => false,
        })
    }

    fn is_all(&self, is: Is) -> bool {
        let texts = self.profile.model.iter().chain(&self.provider);
        texts.chain(&self.seed).all(|text| is(Code::Expr(text)))
            && self.latency.iter().all(|latency| latency.is_all(is))
            && self.usage.iter().all(|usage| usage.is_all(is))
            && self.metadata.iter().all(|json| json.is_all(is))
            && self
                .turns
                .iter()
                .chain(&self.rules)
                .all(|turn| turn.is_all(is))
            && self.otherwise.iter().all(|otherwise| match otherwise {
                Otherwise::Turn(turn) => turn.is_all(is),
                Otherwise::RepeatLast(_) | Otherwise::Cycle(_) => true,
            })
    }
}

impl Latency {
    fn is_all(&self, is: Is) -> bool {
        let delay = match &self.delay {
            Delay::Fixed(time) => time.is_all(is),
            Delay::Uniform(least, most) => least.is_all(is) && most.is_all(is),
            Delay::Growing(first, by) => first.is_all(is) && by.is_all(is),
        };
        delay && self.timeout_over.iter().all(|time| time.is_all(is))
    }
}

impl Turn {
    fn is_all(&self, is: Is) -> bool {
        let count = match &self.count {
            Count::Exactly(_) | Count::Range(..) => true,
            Count::Between(least, most) => {
                is(Code::Expr(least)) && most.iter().all(|most| is(Code::Expr(most)))
            }
            Count::Expr(count) => is(Code::Expr(count)),
        };
        count
            && self.matchers.iter().all(|matcher| matcher.is_all(is))
            && self.actions.iter().all(|action| action.kind.is_all(is))
            && self.ttft.iter().all(|(_, time)| time.is_all(is))
            && self.pace.iter().all(|(_, pace)| pace.is_all(is))
            && self.split.iter().all(|(_, split)| split.is_all(is))
            && self.pieces.iter().all(|(_, pieces)| pieces.is_all(is))
            && self.fault.iter().all(|fault| fault.is_all(is))
            && self.failures().all(|failure| failure.is_all(is))
            && self.finish.iter().all(|(_, finish)| finish.is_all(is))
            && self.usage.iter().all(|(_, usage)| usage.is_all(is))
    }
}

impl Matcher {
    fn is_all(&self, is: Is) -> bool {
        let mut all = self.all().into_iter();
        all.all(|matcher| match matcher.kind {
            MatcherKind::When(_) | MatcherKind::Guard(..) => is(Code::Closure),
            _ => true,
        })
    }
}

impl ActionKind {
    fn is_all(&self, is: Is) -> bool {
        match self {
            ActionKind::Reply(text)
            | ActionKind::Reasoning(text)
            | ActionKind::Signature(text)
            | ActionKind::Refusal(text) => text.is_all(is),
            ActionKind::Stream(pieces) => pieces.iter().all(|text| text.is_all(is)),
            ActionKind::Json(value) => value.is_all(is),
            ActionKind::Call(call) => match &call.arguments {
                Arguments::Fields(fields) => fields.iter().all(|(_, value)| value.is_all(is)),
                Arguments::Raw(text) => is(Code::Expr(text)),
                Arguments::Typed(typed) => is(Code::Typed(typed)),
            },
            ActionKind::Gate(name) | ActionKind::Driven(name) => is(Code::Expr(name)),
            ActionKind::Respond(_) => is(Code::Closure),
            // Among the failures of the turn.
            ActionKind::Fail(_) | ActionKind::Hang => true,
        }
    }
}

impl Pace {
    fn is_all(&self, is: Is) -> bool {
        match self {
            Pace::Every(time) => time.is_all(is),
            Pace::TokensPerSecond(tokens) => tokens.is_all(is),
        }
    }
}

impl Split {
    fn is_all(&self, is: Is) -> bool {
        match self {
            Split::Words | Split::Whole => true,
            Split::Chars(number) => number.is_all(is),
            Split::Random(least, most) => least.is_all(is) && most.is_all(is),
        }
    }
}

impl Number {
    fn is_all(&self, is: Is) -> bool {
        match self {
            Number::Literal(..) => true,
            Number::Expr(expr) => is(Code::Expr(expr)),
        }
    }
}

impl Float {
    fn is_all(&self, is: Is) -> bool {
        match self {
            Float::Literal(_) => true,
            Float::Expr(expr) => is(Code::Expr(expr)),
        }
    }
}

impl Finish {
    fn is_all(&self, is: Is) -> bool {
        match self {
            Finish::Known(_) => true,
            Finish::Other(name) => is(Code::Expr(name)),
        }
    }
}

impl Usage {
    fn is_all(&self, is: Is) -> bool {
        match self {
            Usage::Tokens(prompt, completion) => {
                is(Code::Expr(prompt)) && is(Code::Expr(completion))
            }
            Usage::Expr(expr) => is(Code::Expr(expr)),
        }
    }
}

impl Fault {
    fn is_all(&self, is: Is) -> bool {
        match &self.after {
            After::Deltas(..) | After::All => true,
            After::Time(time) => time.is_all(is),
            After::Expr(expr) => is(Code::Expr(expr)),
        }
    }
}

impl Failure {
    fn is_all(&self, is: Is) -> bool {
        self.message.iter().all(|text| text.is_all(is))
            && self.retry_after.iter().all(|(_, wait)| wait.is_all(is))
            && self.status.iter().all(|status| is(Code::Expr(status)))
            && self.body.iter().all(|(_, body)| is(Code::Expr(body)))
            && self
                .headers
                .iter()
                .flat_map(|(_, headers)| headers)
                .all(|(name, value)| is(Code::Expr(name)) && is(Code::Expr(value)))
    }
}

impl Text {
    fn is_all(&self, is: Is) -> bool {
        match self {
            Text::Template(..) => true,
            Text::Expr(expr) => is(Code::Expr(expr)),
        }
    }
}

impl Time {
    fn is_all(&self, is: Is) -> bool {
        match self {
            Time::Literal(_) => true,
            Time::Expr(expr) => is(Code::Expr(expr)),
        }
    }
}

impl JsonValue {
    fn is_all(&self, is: Is) -> bool {
        match self {
            JsonValue::Json(json) => json.is_all(is),
            JsonValue::Expr(expr) => is(Code::Expr(expr)),
        }
    }
}

impl Json {
    fn is_all(&self, is: Is) -> bool {
        match &self.kind {
            JsonKind::Expr(expr) => is(Code::Expr(expr)),
            JsonKind::List(items) => items.iter().all(|json| json.is_all(is)),
            JsonKind::Object(fields) => fields.iter().all(|(_, value)| value.is_all(is)),
            _ => true,
        }
    }
}
