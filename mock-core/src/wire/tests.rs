//! What holds of all wires: what is written can be read back, and nothing that is read makes either of them panic.

mod accepted;
mod broken;
mod chance;
mod cut;
mod everything;
mod forms;
mod made_up;
mod refusals;
mod round_trip;
mod signatures;
