//! Adapters for the provider traits that projects have, each with mocks behind it, all with the same tests.

mod convert;
mod shared_tests;
mod types;

mod async_trait;
mod async_trait_not_send;
mod borrowed_request;
mod boxed_future;
mod callback;
mod channel_and_message;
mod declared_mock;
mod embedder;
mod forked_provider;
mod impl_future;
mod mut_self;
mod sink;
mod supertraits;
mod sync_stream;
mod tokio_channel;
