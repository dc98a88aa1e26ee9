//! Says how many tasks were still running when the test ended.

use super::formatting::count;

/// The note about these tasks. `help` is whether it says what to do.
pub(super) fn note(running_tasks: usize, help: bool) -> Option<String> {
    let were = match running_tasks {
        0 => return None,
        1 => "was",
        _ => "were",
    };
    let tasks = count(running_tasks, "task");
    let help = if help { ": await the handles" } else { "" };
    Some(format!(
        "when the test ended, {tasks} {were} still running{help}"
    ))
}
