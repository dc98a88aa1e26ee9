//! What code of the user's a scenario holds: where there is none, all of it is known when compiling, so that it can be a `static`.

use syn::Expr;

use super::number::is_literal;
use super::{
    ActionKind, After, Argument, Arguments, Component, Count, Delay, Failure, Fault, Finish, Float,
    Json, JsonKind, JsonValue, Latency, Matcher, MatcherKind, Mock, Number, Otherwise, Pace, Split,
    Text, Turn, Typed, Usage, Vector,
};
use crate::syntax::bare;
use crate::time::Time;

/// Where there may be code of the user's.
enum Code<'m> {
    Closure,
    /// What is not understood here, and is written out.
    Expr(&'m Expr),
    /// A value, which may be a literal.
    Value(&'m Expr),
    Typed(&'m Typed),
}

type Accepts = fn(Code<'_>) -> bool;

impl Mock {
    pub(in crate::provider) fn is_constant(&self) -> bool {
        self.all_code(|code| match code {
            Code::Closure | Code::Expr(_) => false,
            Code::Value(value) => is_literal(value),
            Code::Typed(typed) => typed.is_literal,
        })
    }

    /// Whether all code is the names of values, in which a dot does nothing.
    pub(in crate::provider) fn is_of_names(&self) -> bool {
        self.all_code(|code| match code {
            Code::Expr(expr) | Code::Value(expr) => {
                is_literal(expr) || matches!(bare(expr), Expr::Path(_))
            }
            Code::Closure | Code::Typed(_) => false,
        })
    }

    fn all_code(&self, accepts: Accepts) -> bool {
        let texts = self.profile.model.iter().chain(&self.provider);
        texts
            .chain(self.models.iter().flatten())
            .chain(&self.seed)
            .all(|text| accepts(Code::Value(text)))
            && self.latency.iter().all(|latency| latency.all_code(accepts))
            && self.usage.iter().all(|usage| usage.all_code(accepts))
            && self.metadata.iter().all(|json| json.all_code(accepts))
            && self
                .outer_matchers()
                .all(|matcher| matcher.all_code(accepts))
            && self
                .scripted()
                .chain(&self.rules)
                .all(|turn| turn.all_code(accepts))
            && self.otherwise.iter().all(|otherwise| match otherwise {
                Otherwise::Turn(turn) => turn.all_code(accepts),
                Otherwise::RepeatLast(_) | Otherwise::Cycle(_) => true,
            })
    }
}

impl Latency {
    fn all_code(&self, accepts: Accepts) -> bool {
        let delay = match &self.delay {
            Delay::Fixed(time) => time.all_code(accepts),
            Delay::Uniform(least, most) => least.all_code(accepts) && most.all_code(accepts),
            Delay::Growing(first, by) => first.all_code(accepts) && by.all_code(accepts),
        };
        delay && self.timeout_over.iter().all(|time| time.all_code(accepts))
    }
}

impl Turn {
    fn all_code(&self, accepts: Accepts) -> bool {
        let count = match &self.count {
            Count::Exactly(_) | Count::Range(..) => true,
            Count::Between(least, most) => {
                accepts(Code::Expr(least)) && most.iter().all(|most| accepts(Code::Expr(most)))
            }
            Count::Expr(count) => accepts(Code::Expr(count)),
        };
        count
            && self
                .matchers
                .iter()
                .all(|matcher| matcher.all_code(accepts))
            && self
                .actions
                .iter()
                .all(|action| action.kind.all_code(accepts))
            && self.ttft.iter().all(|(_, time)| time.all_code(accepts))
            && self.pace.iter().all(|(_, pace)| pace.all_code(accepts))
            && self.split.iter().all(|(_, split)| split.all_code(accepts))
            && self
                .pieces
                .iter()
                .all(|(_, pieces)| pieces.all_code(accepts))
            && self.fault.iter().all(|fault| fault.all_code(accepts))
            && self.failures().all(|failure| failure.all_code(accepts))
            && self
                .finish
                .iter()
                .all(|(_, finish)| finish.all_code(accepts))
            && self.usage.iter().all(|(_, usage)| usage.all_code(accepts))
            && self
                .status
                .iter()
                .all(|(_, status)| accepts(Code::Value(status)))
            && self
                .headers
                .iter()
                .flat_map(|(_, headers)| headers)
                .all(|(name, value)| accepts(Code::Value(name)) && accepts(Code::Value(value)))
            && self.keepalive.iter().all(|(_, keepalive)| {
                let mut texts = keepalive.text.iter();
                keepalive.every.all_code(accepts) && texts.all(|text| accepts(Code::Value(text)))
            })
    }
}

impl Matcher {
    fn all_code(&self, accepts: Accepts) -> bool {
        let mut all = self.all().into_iter();
        all.all(|matcher| match matcher.kind {
            MatcherKind::When(_) | MatcherKind::Guard(..) => accepts(Code::Closure),
            _ => true,
        })
    }
}

impl ActionKind {
    fn all_code(&self, accepts: Accepts) -> bool {
        match self {
            ActionKind::Plain(_, argument) => match argument {
                Argument::Nothing => true,
                Argument::Text(text) => text.all_code(accepts),
                Argument::Name(name) => accepts(Code::Value(name)),
                Argument::Time(time) => time.all_code(accepts),
            },
            ActionKind::Stream(_, pieces) => pieces.iter().all(|text| text.all_code(accepts)),
            ActionKind::Json(value) => value.all_code(accepts),
            ActionKind::Call(call) => {
                call.id.iter().all(|id| id.all_code(accepts))
                    && match &call.arguments {
                        Arguments::Fields(fields) => {
                            fields.iter().all(|(_, value)| value.all_code(accepts))
                        }
                        Arguments::Raw(text) => accepts(Code::Value(text)),
                        Arguments::Typed(typed) => accepts(Code::Typed(typed)),
                    }
            }
            ActionKind::Frames(frames) => frames.iter().all(|frame| accepts(Code::Value(frame))),
            ActionKind::Embed(vector) => match vector {
                Vector::OfText => true,
                Vector::Numbers(numbers) => numbers.iter().all(|number| match number {
                    Component::Literal(_) => true,
                    Component::Expr(expr) => accepts(Code::Value(expr)),
                }),
                Vector::Expr(expr) => accepts(Code::Value(expr)),
            },
            ActionKind::Respond(_) => accepts(Code::Closure),
            // Among the failures of the turn.
            ActionKind::Fail(_) => true,
        }
    }
}

impl Pace {
    fn all_code(&self, accepts: Accepts) -> bool {
        match self {
            Pace::Every(time) => time.all_code(accepts),
            Pace::TokensPerSecond(tokens) => tokens.all_code(accepts),
        }
    }
}

impl Split {
    fn all_code(&self, accepts: Accepts) -> bool {
        match self {
            Split::Words | Split::Whole => true,
            Split::Chars(number) => number.all_code(accepts),
            Split::Random(least, most) => least.all_code(accepts) && most.all_code(accepts),
        }
    }
}

impl Number {
    fn all_code(&self, accepts: Accepts) -> bool {
        match self {
            Number::Literal(..) => true,
            Number::Expr(expr) => accepts(Code::Expr(expr)),
        }
    }
}

impl Float {
    fn all_code(&self, accepts: Accepts) -> bool {
        match self {
            Float::Literal(_) => true,
            Float::Expr(expr) => accepts(Code::Expr(expr)),
        }
    }
}

impl Finish {
    fn all_code(&self, accepts: Accepts) -> bool {
        match self {
            Finish::Known(_) | Finish::None => true,
            Finish::Other(name) => accepts(Code::Value(name)),
        }
    }
}

impl Usage {
    fn all_code(&self, accepts: Accepts) -> bool {
        match self {
            Usage::Tokens(prompt, completion) => {
                accepts(Code::Value(prompt)) && accepts(Code::Value(completion))
            }
            Usage::Expr(expr) => accepts(Code::Expr(expr)),
            Usage::None => true,
        }
    }
}

impl Fault {
    fn all_code(&self, accepts: Accepts) -> bool {
        match &self.after {
            After::Deltas(..) | After::All | After::Finish(_) | After::Done(_) => true,
            After::Time(time) => time.all_code(accepts),
            After::Expr(expr) => accepts(Code::Expr(expr)),
        }
    }
}

impl Failure {
    fn all_code(&self, accepts: Accepts) -> bool {
        self.message.iter().all(|text| text.all_code(accepts))
            && self
                .retry_after
                .iter()
                .all(|(_, wait)| wait.all_code(accepts))
            && self
                .status
                .iter()
                .all(|status| accepts(Code::Value(status)))
            && self.code.iter().all(|code| accepts(Code::Value(code)))
            && self.body.iter().all(|(_, body)| accepts(Code::Value(body)))
            && self
                .headers
                .iter()
                .flat_map(|(_, headers)| headers)
                .all(|(name, value)| accepts(Code::Value(name)) && accepts(Code::Value(value)))
    }
}

impl Text {
    fn all_code(&self, accepts: Accepts) -> bool {
        match self {
            Text::Template(..) => true,
            Text::Expr(expr) => accepts(Code::Expr(expr)),
        }
    }
}

impl Time {
    fn all_code(&self, accepts: Accepts) -> bool {
        match self {
            Time::Literal(_) => true,
            Time::Expr(expr) => accepts(Code::Expr(expr)),
        }
    }
}

impl JsonValue {
    fn all_code(&self, accepts: Accepts) -> bool {
        match self {
            JsonValue::Json(json) => json.all_code(accepts),
            JsonValue::Expr(expr) => accepts(Code::Expr(expr)),
        }
    }
}

impl Json {
    fn all_code(&self, accepts: Accepts) -> bool {
        match &self.kind {
            JsonKind::Expr(expr) => accepts(Code::Expr(expr)),
            JsonKind::List(items) => items.iter().all(|json| json.all_code(accepts)),
            JsonKind::Object(fields) => fields.iter().all(|(_, value)| value.all_code(accepts)),
            _ => true,
        }
    }
}
