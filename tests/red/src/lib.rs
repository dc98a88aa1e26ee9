//! Nothing; see `cases.rs`.
