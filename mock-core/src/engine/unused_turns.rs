//! Turns that were used fewer times than their minimum.

use super::select_turn::Cursor;
use super::{Engine, EngineState};
use crate::journal::script_id::ScriptId;
use crate::journal::verdict::Unused;
use crate::scenario::TurnIndex;

impl Engine {
    /// Returns the first turn that was used fewer times than its minimum, in the order of the lanes, and of the instances of each lane.
    pub(super) fn unused(&self, state: &EngineState) -> Option<Unused> {
        if !self.summary.has_instances {
            return self.unused_in(ScriptId::SCRIPT, state.cursor);
        }
        let is_per = self.scenario.per.is_some();
        let lanes = self.scenario.lanes.len();
        let mut first: Option<Unused> = None;
        let mut others = 0;
        let mut look = |lane, number, cursor| {
            let Some(unused) = self.unused_in(ScriptId::new(lane, number), cursor) else {
                return;
            };
            others += usize::from(first.is_some());
            let by_script = |unused: Unused| (unused.script.lane(), unused.script.instance());
            if first.is_none_or(|first| by_script(unused) < by_script(first)) {
                first = Some(unused);
            }
        };
        // An entry for each lane, or one for the script.
        let mut is_untouched = vec![true; lanes.max(1)];
        for (number, instance) in state.instances.iter() {
            // An instance that only rules have answered has not begun its script.
            if instance.cursor != Cursor::default() {
                is_untouched[instance.lane().unwrap_or_default()] = false;
                look(instance.lane(), is_per.then_some(number), instance.cursor);
            }
        }
        for (lane, &is_untouched) in is_untouched.iter().enumerate() {
            if is_untouched {
                look((lanes > 0).then_some(lane), None, Cursor::default());
            }
        }
        Some(Unused { others, ..first? })
    }

    fn unused_in(&self, script: ScriptId, cursor: Cursor) -> Option<Unused> {
        if cursor.round > 0 {
            return None;
        }
        let turns = self.scenario.turns_of(script.lane());
        let mut first: Option<Unused> = None;
        for (index, turn) in turns.iter().enumerate().skip(cursor.turn) {
            let used = match index == cursor.turn {
                true => cursor.used,
                false => 0,
            };
            match &mut first {
                _ if used >= turn.count.min => {}
                Some(first) => first.more += 1,
                None => {
                    first = Some(Unused {
                        turn: TurnIndex::scripted(script.lane(), index),
                        script,
                        used,
                        more: 0,
                        others: 0,
                    });
                }
            }
        }
        first
    }
}
