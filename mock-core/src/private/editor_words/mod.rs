//! The words of the macros, for editors: under `cfg(rust_analyzer)` expansions mention those that are used, so that each can be
//! completed and shows what it means. Each is a form of it, as it is written.

#![allow(non_upper_case_globals, non_camel_case_types)]

mod mocks;
mod turns;
mod values;

pub use mocks::*;
pub use turns::*;
pub use values::*;

/// What an entry may begin with.
pub mod entries {
    pub use super::beginnings::*;
    pub use super::keys::*;
    pub use super::profiles::*;
}
