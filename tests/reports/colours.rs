//! Colours of a report: in a terminal, and where an environment variable says so.

use crate::helpers::run_alone;

#[test]
fn colours_are_only_where_they_are_wanted() {
    let coloured = |variables: &[(&str, &str)]| {
        let output = run_alone("panics_and_errors::swallowed_error", variables);
        String::from_utf8_lossy(&output.stderr).contains("\x1b[")
    };
    assert!(!coloured(&[]), "none in a pipe");
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "0")]));
    assert!(!coloured(&[("NO_COLOR", "1")]));
}
