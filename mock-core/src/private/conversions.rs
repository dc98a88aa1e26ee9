//! Conversions into the values of a scenario that are known only when the scenario is built. They are traits of their own, so that the
//! compiler explains a wrong value in the words of the scenario.

use std::time::Duration;

use crate::scenario::{After, Count, Str};

/// A text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a text",
    label = "expected a `String` or a `&'static str`",
    note = "write `.to_string()` after a value that implements `Display`"
)]
pub trait IntoStr {
    fn into_str(self) -> Str;
}

#[diagnostic::do_not_recommend]
impl<T: Into<Str>> IntoStr for T {
    fn into_str(self) -> Str {
        self.into()
    }
}

/// How often a turn answers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number of times",
    label = "expected a `u32`, or a range of them",
    note = "write a number of the type `u32`, as in `.times(3)`, or a range, as in `.times(1..=3)` or `.times(1..)`"
)]
pub trait IntoCount {
    fn into_count(self) -> Count;
}

#[diagnostic::do_not_recommend]
impl<T: Into<Count>> IntoCount for T {
    fn into_count(self) -> Count {
        self.into()
    }
}

/// When an answer breaks off.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a number of deltas nor a time",
    label = "expected a `u32` or a `Duration`",
    note = "write a number of the type `u32`, as in `2`, or a time, as in `300ms`"
)]
pub trait IntoAfter {
    fn into_after(self) -> After;
}

#[diagnostic::do_not_recommend]
impl<T: Into<After>> IntoAfter for T {
    fn into_after(self) -> After {
        self.into()
    }
}

/// The same for a declared mock, as a constant, since a `static` cannot call a trait. It only says which types have one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a number of deltas nor a time",
    label = "expected a `u32` or a `Duration`",
    note = "write a number of the type `u32`, as in `2`, or a time, as in `300ms`"
)]
pub trait ConstAfter {
    type Held;
}

impl ConstAfter for u32 {
    type Held = DeltasOrTime<u32>;
}

impl ConstAfter for Duration {
    type Held = DeltasOrTime<Duration>;
}

pub struct DeltasOrTime<T>(T);

impl DeltasOrTime<u32> {
    pub const fn after(self) -> After {
        After::Deltas(self.0)
    }
}

impl DeltasOrTime<Duration> {
    pub const fn after(self) -> After {
        After::Time(self.0)
    }
}

pub const fn deltas_or_time<T>(value: T) -> T::Held
where
    T: ConstAfter<Held = DeltasOrTime<T>>,
{
    DeltasOrTime(value)
}
