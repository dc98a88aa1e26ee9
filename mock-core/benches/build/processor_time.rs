//! The processor time of the programs that a benchmark starts.

use std::fs;

/// What the processes that this one waited for took, in seconds.
pub(crate) fn processor_time() -> f64 {
    /// A tick of the kernel's clock for user space is a hundredth of a second.
    const TICKS: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name, which ends with `)`: `cutime` and `cstime`, the fields 16 and 17 (proc_pid_stat(5)).
    let fields = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace();
    let ticks = fields
        .skip(13)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS
}
