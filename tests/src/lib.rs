//! What several tests need.

/// What expansions are made of: tests run specifications of tests that no macro has written.
pub use mock_core::__private_0_1_0 as private;
