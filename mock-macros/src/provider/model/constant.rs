//! Whether all of a scenario is known when compiling, so that it can be a `static`.

use super::number::is_literal;
use super::{
    ActionKind, After, Arguments, Count, Delay, Failure, Fault, Finish, Float, Json, JsonKind,
    JsonValue, Latency, Matcher, MatcherKind, Mock, Number, Otherwise, Pace, Split, Text, Turn,
    Usage,
};
use crate::time::Time;

impl Mock {
    pub(in crate::provider) fn is_constant(&self) -> bool {
        let texts = self.profile.model.iter().chain(&self.provider);
        texts.chain(&self.seed).all(is_literal)
            && self.latency.iter().all(Latency::is_constant)
            && self.usage.iter().all(Usage::is_constant)
            && self.metadata.iter().all(JsonValue::is_constant)
            && self.turns.iter().chain(&self.rules).all(Turn::is_constant)
            && self.otherwise.iter().all(|otherwise| match otherwise {
                Otherwise::Turn(turn) => turn.is_constant(),
                Otherwise::RepeatLast(_) | Otherwise::Cycle(_) => true,
            })
    }
}

impl Latency {
    fn is_constant(&self) -> bool {
        let delay = match &self.delay {
            Delay::Fixed(time) => time.is_constant(),
            Delay::Uniform(least, most) => least.is_constant() && most.is_constant(),
            Delay::Growing(first, by) => first.is_constant() && by.is_constant(),
        };
        delay && self.timeout_over.iter().all(Time::is_constant)
    }
}

impl Turn {
    fn is_constant(&self) -> bool {
        let count = matches!(self.count, Count::Exactly(_) | Count::Range(..));
        count
            && self.matchers.iter().all(Matcher::is_constant)
            && self.actions.iter().all(|action| action.kind.is_constant())
            && self.ttft.iter().all(|(_, time)| time.is_constant())
            && self.pace.iter().all(|(_, pace)| pace.is_constant())
            && self.split.iter().all(|(_, split)| split.is_constant())
            && self.pieces.iter().all(|(_, pieces)| pieces.is_constant())
            && self.fault.iter().all(Fault::is_constant)
            && self.failures().all(Failure::is_constant)
            && self.finish.iter().all(|(_, finish)| finish.is_constant())
            && self.usage.iter().all(|(_, usage)| usage.is_constant())
    }
}

impl Matcher {
    fn is_constant(&self) -> bool {
        let mut all = self.all().into_iter();
        all.all(|matcher| !matches!(matcher.kind, MatcherKind::When(_) | MatcherKind::Guard(..)))
    }
}

impl ActionKind {
    fn is_constant(&self) -> bool {
        match self {
            ActionKind::Reply(text)
            | ActionKind::Reasoning(text)
            | ActionKind::Signature(text)
            | ActionKind::Refusal(text) => text.is_constant(),
            ActionKind::Stream(pieces) => pieces.iter().all(Text::is_constant),
            ActionKind::Json(value) => value.is_constant(),
            ActionKind::Call(call) => match &call.arguments {
                Arguments::Fields(fields) => fields.iter().all(|(_, value)| value.is_constant()),
                Arguments::Raw(text) => is_literal(text),
                Arguments::Typed(typed) => typed.is_literal,
            },
            ActionKind::Gate(name) | ActionKind::Driven(name) => is_literal(name),
            ActionKind::Respond(_) => false,
            // Among the failures of the turn.
            ActionKind::Fail(_) | ActionKind::Hang => true,
        }
    }
}

impl Pace {
    fn is_constant(&self) -> bool {
        match self {
            Pace::Every(time) => time.is_constant(),
            Pace::TokensPerSecond(tokens) => tokens.is_constant(),
        }
    }
}

impl Split {
    fn is_constant(&self) -> bool {
        match self {
            Split::Words | Split::Whole => true,
            Split::Chars(number) => number.is_constant(),
            Split::Random(least, most) => least.is_constant() && most.is_constant(),
        }
    }
}

impl Number {
    fn is_constant(&self) -> bool {
        matches!(self, Number::Literal(..))
    }
}

impl Float {
    fn is_constant(&self) -> bool {
        matches!(self, Float::Literal(_))
    }
}

impl Finish {
    fn is_constant(&self) -> bool {
        match self {
            Finish::Known(_) => true,
            Finish::Other(name) => is_literal(name),
        }
    }
}

impl Usage {
    fn is_constant(&self) -> bool {
        match self {
            Usage::Tokens(prompt, completion) => is_literal(prompt) && is_literal(completion),
            Usage::Expr(_) => false,
        }
    }
}

impl Fault {
    fn is_constant(&self) -> bool {
        match &self.after {
            After::Deltas(..) | After::All => true,
            After::Time(time) => time.is_constant(),
            After::Expr(_) => false,
        }
    }
}

impl Failure {
    fn is_constant(&self) -> bool {
        self.message.iter().all(Text::is_constant)
            && self.retry_after.iter().all(|(_, wait)| wait.is_constant())
            && self.status.iter().all(is_literal)
            && self.body.iter().all(|(_, body)| is_literal(body))
            && self
                .headers
                .iter()
                .flat_map(|(_, headers)| headers)
                .all(|(name, value)| is_literal(name) && is_literal(value))
    }
}

impl Text {
    fn is_constant(&self) -> bool {
        matches!(self, Text::Template(..))
    }
}

impl Time {
    fn is_constant(&self) -> bool {
        matches!(self, Time::Literal(_))
    }
}

impl JsonValue {
    fn is_constant(&self) -> bool {
        match self {
            JsonValue::Json(json) => json.is_constant(),
            JsonValue::Expr(_) => false,
        }
    }
}

impl Json {
    pub(in crate::provider) fn is_constant(&self) -> bool {
        match &self.kind {
            JsonKind::Expr(_) => false,
            JsonKind::List(items) => items.iter().all(Json::is_constant),
            JsonKind::Object(fields) => fields.iter().all(|(_, value)| value.is_constant()),
            _ => true,
        }
    }
}
