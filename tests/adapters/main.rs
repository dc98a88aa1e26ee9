//! Adapters for the provider traits that projects have, each with mocks behind it, all driven by one suite.

mod convert;
mod suite;
mod types;

mod borrowed;
mod boxed;
mod boxed_future;
mod callback;
mod declared;
mod embedder;
mod exclusive;
mod fork;
mod local;
mod opaque;
mod sender;
mod sink;
mod supertraits;
mod sync_stream;
