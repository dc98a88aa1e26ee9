//! Nothing: the snapshots are in the tests.
