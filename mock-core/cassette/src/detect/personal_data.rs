//! Finds data about the person who recorded: e-mail addresses, local paths, organizations.

use std::ops::Range;

use super::placeholder::{is_mixed, is_redacted};

/// Domains that nobody has (RFC 2606 and RFC 6761), and local ones.
const NO_DOMAINS: &[&str] = &[
    "example.com",
    "example.net",
    "example.org",
    "example",
    "test",
    "invalid",
    "localhost",
    "local",
];

/// User names that identify nobody: those of documentation, containers and CI.
const NO_USERS: &[&str] = &[
    "app", "default", "me", "name", "node", "public", "root", "runner", "shared", "ubuntu", "user",
    "username", "vscode", "you", "yourname",
];

/// The e-mail address around this `@`.
pub(super) fn email(text: &str, at: usize) -> Option<Range<usize>> {
    let is_local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte);
    let before = text.as_bytes()[..at]
        .iter()
        .rev()
        .take_while(|byte| is_local(byte));
    let mut start = at - before.count();
    // Skip the letter of an escape, such as `\n`, before the address.
    if text[..start].ends_with('\\') && text[start..].starts_with(['n', 'r', 't']) {
        start += 1;
    }
    let local = text[start..at].trim_start_matches(['.', '-', '%']);
    start = at - local.len();
    let is_domain = |byte: &&u8| byte.is_ascii_alphanumeric() || b".-".contains(byte);
    let after = text.as_bytes()[at + 1..].iter().take_while(is_domain);
    let domain = text[at + 1..][..after.count()].trim_end_matches(['.', '-']);
    let (_, top) = domain.rsplit_once('.')?;
    let is_top = top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_no_domain = |no: &&str| {
        let domain = domain.to_ascii_lowercase();
        domain
            .strip_suffix(*no)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    let is_nobody = matches!(local, "git" | "noreply" | "no-reply") || is_redacted(local);
    let is_address = !local.is_empty() && is_top && !domain.contains("..");
    let is_of_nobody = is_nobody || NO_DOMAINS.iter().any(is_no_domain);
    (is_address && !is_of_nobody).then_some(start..at + 1 + domain.len())
}

/// The name of the user in `/home/name`, `/Users/name` or `C:\Users\name`, if the slash or the drive letter is at `at`. Names that
/// identify nobody are left out.
pub(super) fn user_of_path(text: &str, at: usize) -> Option<Range<usize>> {
    let name = name_of_home(text, at)?;
    let is_nobody = NO_USERS
        .iter()
        .any(|no| no.eq_ignore_ascii_case(&text[name.clone()]));
    (!is_nobody).then_some(name)
}

/// A home folder, whoever has it.
pub(super) fn home(text: &str, at: usize) -> Option<Range<usize>> {
    Some(at..name_of_home(text, at)?.end)
}

fn name_of_home(text: &str, at: usize) -> Option<Range<usize>> {
    let before = &text[..at];
    let start = ["/home/", "/Users/"].iter().find_map(|home| {
        let is_root = before.ends_with("://")
            || !before.ends_with(|c: char| c.is_alphanumeric() || "/._-~}".contains(c));
        (is_root && text[at..].starts_with(home)).then(|| at + home.len())
    });
    let start = start.or_else(|| home_of_windows(text, at))?;
    let is_name = |c: char| c.is_alphanumeric() || "._-".contains(c);
    let rest = &text[start..];
    let mut length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
    // A name of two words is one if a separator follows it.
    let longer = rest.find(|c| !is_name(c) && c != ' ').unwrap_or(rest.len());
    if length > 0 && rest[longer..].starts_with('\\') {
        length = longer;
    }
    let name = rest[..length].trim_end_matches(['.', '-']);
    (!name.is_empty() && !is_redacted(name)).then_some(start..start + name.len())
}

/// Returns the start of the name after `C:\Users\`, whose separators may be doubled.
fn home_of_windows(text: &str, at: usize) -> Option<usize> {
    let rest = text[at..].strip_prefix(|c: char| c.is_ascii_alphabetic())?;
    let separators = |text: &str| text.len() - text.trim_start_matches(['\\', '/']).len();
    let rest = rest.strip_prefix(':')?;
    let first = separators(rest);
    let name = rest[first..]
        .strip_prefix("Users")
        .or_else(|| rest[first..].strip_prefix("users"))?;
    let second = separators(name);
    ((1..=4).contains(&first) && (1..=4).contains(&second))
        .then(|| text.len() - name.len() + second)
}

/// The id of an organization or a project of OpenAI, or the account of an AWS resource.
pub(super) fn organization(text: &str, at: usize) -> Option<Range<usize>> {
    for prefix in ["org-", "proj_", "user-"] {
        if let Some(rest) = text[at..].strip_prefix(prefix) {
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric());
            let id = &rest[..length.unwrap_or(rest.len())];
            let is_id = id.len() >= 16 && is_mixed(id) && !is_redacted(id);
            return is_id.then_some(at..at + prefix.len() + id.len());
        }
    }
    if let Some(rest) = text[at..].strip_prefix("arn:aws") {
        let rest = rest
            .split(|c: char| c.is_whitespace() || "\"'\\".contains(c))
            .next()?;
        let account = rest.split(':').nth(3)?;
        let start = account.as_ptr() as usize - text.as_ptr() as usize;
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let is_nobody = matches!(account, "123456789012" | "000000000000");
        return (is_account && !is_nobody).then_some(start..start + account.len());
    }
    None
}

/// The project in a path of Google Cloud, `projects/name/locations/`, if the project's name follows here.
pub(super) fn project_of_path(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text[at..].strip_prefix("projects/")?;
    let (name, after) = rest.split_once('/')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let start = at + "projects/".len();
    let is_project = is_name && after.starts_with("locations/") && !is_redacted(name);
    is_project.then_some(start..start + name.len())
}
