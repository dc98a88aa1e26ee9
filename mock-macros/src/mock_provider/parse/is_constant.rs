//! Finds user code in a scenario. A scenario without user code is known at compile time, so that it can be a `static`.

use syn::{Expr, Ident};

use super::number::is_literal;
use super::{
    ActionKind, After, Argument, Arguments, Bound, Component, Count, Delay, Expectation,
    ExpectationKind, Failure, Fault, Finish, Float, Json, JsonKind, JsonValue, Latency, Matcher,
    MatcherKind, Mock, ModifierValue, Number, Pace, SettingValue, Split, Text, Turn, Typed, Usage,
    Vector,
};
use crate::duration::Time;
use crate::search::Search as _;
use crate::syntax::bare;

/// A part that may be user code.
enum Code<'m> {
    Closure,
    /// An expression that is emitted as it is.
    Expr(&'m Expr),
    /// A value, which may be a literal.
    Value(&'m Expr),
    Typed(&'m Typed),
}

/// A part of a scenario that may hold code of the user's.
trait HasCode {
    /// Adds the code in it.
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>);
}

impl Mock {
    pub(in crate::mock_provider) fn is_constant(&self) -> bool {
        self.code().all(&|code| match code {
            Code::Closure | Code::Expr(_) => false,
            Code::Value(value) => is_literal(value),
            Code::Typed(typed) => typed.is_literal,
        })
    }

    /// Whether all code is the names of values, in which a dot does nothing.
    pub(in crate::mock_provider) fn is_of_names(&self) -> bool {
        self.code().all(&|code| match code {
            Code::Expr(expr) | Code::Value(expr) => {
                is_literal(expr) || matches!(bare(expr), Expr::Path(_))
            }
            Code::Closure | Code::Typed(_) => false,
        })
    }

    fn code(&self) -> Vec<Code<'_>> {
        let mut code = Vec::new();
        add_value(&self.profile.model, &mut code);
        for setting in &self.settings {
            setting.value.add_to(&mut code);
        }
        for &matcher in &self.outer_matchers() {
            matcher.add_to(&mut code);
        }
        for &turn in &self.all_turns() {
            turn.add_to(&mut code);
        }
        code
    }
}

fn add_value<'m>(value: &'m Option<Expr>, code: &mut Vec<Code<'m>>) {
    if let Some(value) = value {
        code.push(Code::Value(value));
    }
}

impl<T: HasCode> HasCode for Option<T> {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        if let Some(part) = self {
            part.add_to(code);
        }
    }
}

impl<T: HasCode> HasCode for Vec<T> {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        for part in self {
            part.add_to(code);
        }
    }
}

/// A word and its argument.
impl<T: HasCode> HasCode for (Ident, T) {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        self.1.add_to(code);
    }
}

/// Names and values of headers.
impl HasCode for (Expr, Expr) {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        code.push(Code::Value(&self.0));
        code.push(Code::Value(&self.1));
    }
}

impl HasCode for SettingValue {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        match self {
            SettingValue::Text(value) | SettingValue::Number(value) => {
                code.push(Code::Value(value));
            }
            SettingValue::Texts(texts) => {
                for text in texts {
                    code.push(Code::Value(text));
                }
            }
            SettingValue::Latency(latency) => latency.add_to(code),
            SettingValue::Usage(usage) => usage.add_to(code),
            SettingValue::Object(value) => value.add_to(code),
            SettingValue::Words(_) | SettingValue::Chaos(_) => {}
            SettingValue::Expectations(expectations) => expectations.add_to(code),
        }
    }
}

impl HasCode for Expectation {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        match &self.kind {
            ExpectationKind::Bounds(bounds) => {
                for bound in [&bounds.min, &bounds.max] {
                    if let Some(Bound::Expr(expr)) = bound {
                        code.push(Code::Value(expr));
                    }
                }
            }
            ExpectationKind::Matcher(matcher) => matcher.add_to(code),
            ExpectationKind::Result(_, value) => value.add_to(code),
            ExpectationKind::Within(time) => time.add_to(code),
            ExpectationKind::Tool(_) | ExpectationKind::Order(..) | ExpectationKind::Alone => {}
        }
    }
}

impl HasCode for Latency {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        match &self.delay {
            Delay::Fixed(time) => time.add_to(code),
            Delay::Uniform(least, most) => {
                least.add_to(code);
                most.add_to(code);
            }
            Delay::Growing(first, by) => {
                first.add_to(code);
                by.add_to(code);
            }
        }
        self.timeout_over.add_to(code);
    }
}

impl HasCode for Count {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        match self {
            Count::Exactly(_) | Count::Range(..) => {}
            Count::Between(least, most) => {
                code.push(Code::Expr(least));
                if let Some(most) = most {
                    code.push(Code::Expr(most));
                }
            }
            Count::Expr(count) => code.push(Code::Expr(count)),
        }
    }
}

impl HasCode for Turn {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        self.count.add_to(code);
        self.matchers.add_to(code);
        for action in &self.actions {
            action.kind.add_to(code);
        }
        self.fault.add_to(code);
        for &failure in &self.failures() {
            failure.add_to(code);
        }
        for modifier in &self.modifiers {
            modifier.value.add_to(code);
        }
    }
}

impl HasCode for ModifierValue {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        match self {
            ModifierValue::Time(time) => time.add_to(code),
            ModifierValue::Pace(pace) => pace.add_to(code),
            ModifierValue::Split(split) => split.add_to(code),
            ModifierValue::Number(number) => number.add_to(code),
            ModifierValue::Finish(finish) => finish.add_to(code),
            ModifierValue::Usage(usage) => usage.add_to(code),
            ModifierValue::Keepalive(keepalive) => {
                keepalive.every.add_to(code);
                add_value(&keepalive.text, code);
            }
            ModifierValue::Flush(_) => {}
            ModifierValue::Status(status) => code.push(Code::Value(status)),
            ModifierValue::Headers(headers) => headers.add_to(code),
        }
    }
}

impl HasCode for Matcher {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        for &matcher in &self.all() {
            if let MatcherKind::When(_) | MatcherKind::Guard(..) = matcher.kind {
                code.push(Code::Closure);
            }
        }
    }
}

impl HasCode for ActionKind {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        match self {
            ActionKind::Plain(_, argument) => match argument {
                Argument::Nothing => {}
                Argument::Text(text) => text.add_to(code),
                Argument::Name(name) => code.push(Code::Value(name)),
                Argument::Time(time) => time.add_to(code),
            },
            ActionKind::Stream(_, pieces) => pieces.add_to(code),
            ActionKind::Json(value) => value.add_to(code),
            ActionKind::Call(call) => {
                call.id.add_to(code);
                match &call.arguments {
                    Arguments::Fields(fields) => fields.add_to(code),
                    Arguments::Raw(text) => code.push(Code::Value(text)),
                    Arguments::Typed(typed) => code.push(Code::Typed(typed)),
                }
            }
            ActionKind::Frames(frames) => {
                for frame in frames {
                    code.push(Code::Value(frame));
                }
            }
            ActionKind::Embed(vector) => vector.add_to(code),
            ActionKind::Respond(_) => code.push(Code::Closure),
            // Among the failures of the turn.
            ActionKind::Fail(_) | ActionKind::Replay(_) => {}
        }
    }
}

impl HasCode for Vector {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        match self {
            Vector::OfText => {}
            Vector::Numbers(numbers) => {
                for number in numbers {
                    if let Component::Expr(expr) = number {
                        code.push(Code::Value(expr));
                    }
                }
            }
            Vector::Expr(expr) => code.push(Code::Value(expr)),
        }
    }
}

impl HasCode for Pace {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        match self {
            Pace::Every(time) => time.add_to(code),
            Pace::TokensPerSecond(tokens) => tokens.add_to(code),
        }
    }
}

impl HasCode for Split {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        match self {
            Split::Words | Split::Whole => {}
            Split::Chars(number) => number.add_to(code),
            Split::Random(least, most) => {
                least.add_to(code);
                most.add_to(code);
            }
        }
    }
}

impl HasCode for Number {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        if let Number::Expr(expr) = self {
            code.push(Code::Expr(expr));
        }
    }
}

impl HasCode for Float {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        if let Float::Expr(expr) = self {
            code.push(Code::Expr(expr));
        }
    }
}

impl HasCode for Finish {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        if let Finish::Other(name) = self {
            code.push(Code::Value(name));
        }
    }
}

impl HasCode for Usage {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        match self {
            Usage::Tokens(prompt, completion) => {
                code.push(Code::Value(prompt));
                code.push(Code::Value(completion));
            }
            Usage::Expr(expr) => code.push(Code::Expr(expr)),
            Usage::None => {}
        }
    }
}

impl HasCode for Fault {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        match &self.after {
            After::Deltas(..) | After::All | After::Finish(_) | After::Done(_) => {}
            After::Time(time) => time.add_to(code),
            After::Expr(expr) => code.push(Code::Expr(expr)),
        }
    }
}

impl HasCode for Failure {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        self.message.add_to(code);
        self.retry_after.add_to(code);
        add_value(&self.status, code);
        add_value(&self.code, code);
        if let Some((_, body)) = &self.body {
            code.push(Code::Value(body));
        }
        self.headers.add_to(code);
    }
}

impl HasCode for Text {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        if let Text::Expr(expr) = self {
            code.push(Code::Expr(expr));
        }
    }
}

impl HasCode for Time {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        if let Time::Expr(expr) = self {
            code.push(Code::Expr(expr));
        }
    }
}

impl HasCode for JsonValue {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        match self {
            JsonValue::Json(json) => json.add_to(code),
            JsonValue::Expr(expr) => code.push(Code::Expr(expr)),
        }
    }
}

impl HasCode for Json {
    fn add_to<'m>(&'m self, code: &mut Vec<Code<'m>>) {
        match &self.kind {
            JsonKind::Expr(expr) => code.push(Code::Expr(expr)),
            JsonKind::List(items) => items.add_to(code),
            JsonKind::Object(fields) => fields.add_to(code),
            _ => {}
        }
    }
}
