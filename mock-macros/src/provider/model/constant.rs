//! Whether all of a scenario is known when compiling, so that it can be a `static`.

use syn::Expr;

use super::{
    Action, After, Count, Failure, Fault, Json, JsonKind, Latency, Matcher, Mock, Text, Turn,
};
use crate::time::Time;

impl Mock {
    pub(in crate::provider) fn is_constant(&self) -> bool {
        let latency = match &self.latency {
            Latency::None => true,
            Latency::Fixed(time) => time.is_constant(),
            Latency::Uniform(least, most) => least.is_constant() && most.is_constant(),
        };
        let model = self.profile.model.as_ref();
        latency && model.is_none_or(is_literal) && self.turns.iter().all(Turn::is_constant)
    }
}

impl Turn {
    fn is_constant(&self) -> bool {
        let closures = self
            .matchers
            .iter()
            .any(|matcher| matches!(matcher, Matcher::When(_)));
        let count = matches!(self.count, Count::Exactly(_) | Count::Range(..));
        !closures
            && count
            && self.actions.iter().all(Action::is_constant)
            && self.ttft.iter().chain(&self.every).all(Time::is_constant)
            && self.fault.iter().all(Fault::is_constant)
            && self.failures().all(Failure::is_constant)
    }
}

impl Action {
    fn is_constant(&self) -> bool {
        match self {
            Action::Reply(text) | Action::Reasoning(text) | Action::Refusal(text) => {
                text.is_constant()
            }
            Action::Stream(pieces) => pieces.iter().all(Text::is_constant),
            Action::Call(call) => call.arguments.iter().all(|(_, value)| value.is_constant()),
            // Among the failures of the turn.
            Action::Fail(_) => true,
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

impl Json {
    pub(super) fn is_constant(&self) -> bool {
        match &self.kind {
            JsonKind::Expr(_) => false,
            JsonKind::List(items) => items.iter().all(Json::is_constant),
            JsonKind::Object(fields) => fields.iter().all(|(_, value)| value.is_constant()),
            _ => true,
        }
    }
}

fn is_literal(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(_))
}
