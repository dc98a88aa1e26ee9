//! A setting that a scenario gives, leaves out of an answer, or does not mention.

/// A setting for the end of an answer, which a scenario gives, leaves out of the answer, or does not mention.
///
/// ```
/// use mock_core::{FinishReason, builder::*, scenario::Setting};
///
/// let mock = script([reply("Hi."), reply("Hi.").finish(None), reply("Hi.").finish(FinishReason::Length)]);
/// assert_eq!(mock.check(), Ok(()));
///
/// assert_eq!(Setting::from(None), Setting::<FinishReason>::None);
/// assert_eq!(Setting::from(FinishReason::Length), Setting::Value(FinishReason::Length));
/// assert_eq!(Setting::<FinishReason>::default(), Setting::Unset);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Setting<T> {
    /// The scenario does not mention it: the default applies.
    #[default]
    Unset,
    /// The answer does not have it.
    None,
    /// The answer has this value.
    Value(T),
}

impl<T> Setting<T> {
    /// Whether the scenario sets it, to a value or to nothing.
    pub const fn is_set(&self) -> bool {
        !matches!(self, Setting::Unset)
    }
}

impl<T> From<T> for Setting<T> {
    fn from(value: T) -> Self {
        Setting::Value(value)
    }
}

impl<T> From<Option<T>> for Setting<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Setting::None, Setting::Value)
    }
}
