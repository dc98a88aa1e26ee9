//! The arguments of a test: an argument that cannot be made.

use std::borrow::Cow;

use mock_core::builder::script;
use mock_core::{FromMock, MockProvider};
use tests::private::{TestSpec, run};

/// What cannot be made.
struct Broken;

impl FromMock for Broken {
    type Error = &'static str;

    fn from_mock(_: MockProvider) -> Result<Self, &'static str> {
        Err("no such device")
    }
}

#[test]
#[should_panic(expected = "the argument `device` cannot be made from its mock: no such device")]
fn an_argument_that_cannot_be_made_fails_the_test_with_its_reason() {
    static BROKEN: TestSpec = TestSpec {
        body: |test| {
            test.inject_mock::<Broken>("device", Cow::Owned(script([])));
        },
        ..TestSpec::EMPTY
    };
    run(&BROKEN);
}
