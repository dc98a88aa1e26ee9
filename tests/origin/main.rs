//! Conformance to the Python original: its tests, under their names, and that `docs/origin.md` leaves nothing out.

mod document;
mod origin;
mod spellings;
