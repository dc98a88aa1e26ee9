//! Arguments of a test that cannot be made.

use std::pin::pin;

use mock_core::builder::*;
use mock_core::{FromMock, MockProvider};

use crate::helpers::{fails, mock};

/// The argument of a test that cannot be made from its mock.
struct Unmade;

impl FromMock for Unmade {
    type Error = &'static str;

    fn from_mock(_: MockProvider) -> Result<Self, Self::Error> {
        Err("its database is locked")
    }
}

/// No other mock says that it was never used: the body has not begun.
#[test]
fn argument_that_cannot_be_made() {
    fails("argument_that_cannot_be_made", |test| {
        let _llm = mock(test, "llm", script([reply("Hi.")]));
        test.inject_mock::<Unmade>("agent", script([reply("Bye.")]).into());
        test.drive(pin!(async {}));
    });
}
