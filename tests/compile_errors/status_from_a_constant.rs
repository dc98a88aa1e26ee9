//! A status that is a constant.

use mock_core::mock_provider;

const GONE: u16 = 42;

mock_provider!(Gone, script = [fail(auth { status: GONE })]);

fn main() {
    let _ = Gone::new();
}
