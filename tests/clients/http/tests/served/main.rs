//! Unmodified clients against mocks that are served.

mod cases;
mod run;
mod table;
