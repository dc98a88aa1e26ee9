//! Turns that were used too seldom.

use super::select::Cursor;
use super::{Engine, State};
use crate::journal::script_id::ScriptId;
use crate::journal::verdict::Unused;
use crate::scenario::TurnIndex;

impl Engine {
    /// The first turn that was used too seldom: in the order of the lanes, and in each lane in the order of its instances.
    pub(super) fn unused(&self, state: &State) -> Option<Unused> {
        if !self.has_instances {
            return self.unused_in(ScriptId::SCRIPT, state.cursor);
        }
        let is_per = self.scenario.per.is_some();
        let instances = state.instances.iter();
        // One that only rules have answered has not begun its script.
        let begun = instances.filter(|(_, instance)| instance.cursor != Cursor::default());
        let begun: Vec<_> = begun
            .map(|(number, instance)| {
                let number = is_per.then_some(number);
                (ScriptId::new(instance.lane(), number), instance.cursor)
            })
            .collect();
        let lanes = match self.scenario.lanes.len() {
            0 => vec![None],
            lanes => (0..lanes).map(Some).collect(),
        };
        let is_begun = |lane| begun.iter().any(|(script, _)| script.lane() == lane);
        let untouched = lanes.into_iter().filter(|lane| !is_begun(*lane));
        let untouched = untouched.map(|lane| (ScriptId::new(lane, None), Cursor::default()));
        let all = untouched.chain(begun.iter().copied());
        let unused = all.filter_map(|(script, cursor)| self.unused_in(script, cursor));
        let unused: Vec<_> = unused.collect();
        let others = unused.len().saturating_sub(1);
        let by_script = |unused: &Unused| (unused.script.lane(), unused.script.instance());
        let first = unused.into_iter().min_by_key(by_script)?;
        Some(Unused { others, ..first })
    }

    fn unused_in(&self, script: ScriptId, cursor: Cursor) -> Option<Unused> {
        if cursor.round > 0 {
            return None;
        }
        let turns = self.scenario.turns_of(script.lane()).iter().enumerate();
        let mut unused = turns
            .skip(cursor.turn)
            .map(|(index, turn)| match index == cursor.turn {
                true => (index, cursor.used, turn),
                false => (index, 0, turn),
            })
            .filter(|(_, used, turn)| *used < turn.count.min)
            .map(|(index, used, _)| (index, used));
        let (turn, used) = unused.next()?;
        Some(Unused {
            turn: TurnIndex::scripted(script.lane(), turn),
            script,
            used,
            more: unused.count(),
            others: 0,
        })
    }
}
