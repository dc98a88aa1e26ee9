//! Without the feature `sweep`: there are no changes.

use super::ChangeKind;
use crate::scenario::Scenario;

#[derive(Clone)]
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
