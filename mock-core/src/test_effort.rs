//! How many generated inputs the tests try: all of them if the variable `TRY_ALL` is set.

/// Returns `all` if the variable `TRY_ALL` is set, else a tenth of it.
pub(crate) fn tries(all: u64) -> u64 {
    if tries_all() { all } else { all / 10 }
}

/// Returns 1 if the variable `TRY_ALL` is set, else `step`: a test then tries one input of so many.
pub(crate) fn one_of(step: usize) -> usize {
    if tries_all() { 1 } else { step }
}

fn tries_all() -> bool {
    std::env::var_os("TRY_ALL").is_some()
}
