//! [`SharedScenario`]: a scenario that a mock, its calls and its reports share.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use super::Scenario;

/// A scenario that is cheap to clone. One in a `static` is not counted, because each call keeps one.
#[derive(Clone)]
pub(crate) enum SharedScenario {
    Declared(&'static Scenario),
    Built(Arc<Scenario>),
}

impl From<Cow<'static, Scenario>> for SharedScenario {
    fn from(scenario: Cow<'static, Scenario>) -> Self {
        match scenario {
            Cow::Borrowed(declared) => SharedScenario::Declared(declared),
            Cow::Owned(built) => SharedScenario::Built(Arc::new(built)),
        }
    }
}

impl Deref for SharedScenario {
    type Target = Scenario;

    #[inline]
    fn deref(&self) -> &Scenario {
        match self {
            SharedScenario::Declared(declared) => declared,
            SharedScenario::Built(built) => built,
        }
    }
}
