//! Mocks over real sockets: the server of the feature `server`, asked by a plain HTTP client and by raw bytes.

mod client;

mod answers;
mod bad_input;
mod by_hand;
mod clock;
mod connections;
mod contents;
mod conversations;
mod end;
mod errors;
mod exchanges;
mod faults;
#[cfg(unix)]
mod limits;
mod refusals;
