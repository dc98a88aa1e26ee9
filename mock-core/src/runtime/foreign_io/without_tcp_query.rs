//! Without the feature `foreign-tcp`, the kernel is not asked about TCP connections.

use std::convert::Infallible;
use std::io;

use super::tcp_socket::{Ends, TcpSocket};

/// Never made.
pub(crate) struct TcpQuery(Infallible);

impl TcpQuery {
    pub(crate) fn open() -> io::Result<TcpQuery> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(crate) fn socket(&mut self, _: Ends) -> io::Result<Option<TcpSocket>> {
        match self.0 {}
    }
}
