//! What `#[mock(..)]` asks of an argument's type, and the lines to write where it is not there.

use mock_core::{FromMock, FromTest};

struct Mine;

fn made_from_a_mock<T: FromMock>() {}

fn injected<T: FromTest>() {}

fn main() {
    made_from_a_mock::<Mine>();
    injected::<Mine>();
}
