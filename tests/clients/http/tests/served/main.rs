//! Unmodified clients against mocks that are served.

mod answers;
mod cases;
mod failures;
mod run;
mod table;
