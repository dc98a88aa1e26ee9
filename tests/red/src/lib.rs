//! Nothing; see `red.rs`.
