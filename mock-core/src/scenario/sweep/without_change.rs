//! In place of the changes of a sweep, where the feature `sweep` is off: there are none.

use super::ChangeKind;
use crate::scenario::Scenario;

#[derive(Debug, Clone)]
pub(crate) enum Change {}

impl Change {
    pub(crate) fn applied(&self, _: &Scenario) -> Scenario {
        match *self {}
    }

    pub(crate) fn beside(&self, _: &Scenario) -> Option<Scenario> {
        match *self {}
    }

    pub(crate) fn kind(&self) -> ChangeKind {
        match *self {}
    }
}
