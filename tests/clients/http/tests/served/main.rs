//! Unmodified clients against mocks that are served.

mod answers;
mod cases;
mod content_cases;
mod contents;
mod embedding_cases;
mod embeddings;
mod failures;
mod run;
mod table;
