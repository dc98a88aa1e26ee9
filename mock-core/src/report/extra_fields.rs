//! The parameters of a request that have no field of their own.

use super::detail::Detail;
use super::formatting::{one_line, shorten};
use crate::chat::request::Request;
use crate::hide_secrets;

/// Adds them, in one line.
pub(super) fn extra_fields(request: &Request, detail: &mut Detail) {
    let mut fields = Vec::new();
    for (name, value) in &request.extra {
        let shown = one_line(&hide_secrets::hide_value(name, value).to_string());
        // The brackets say what it is.
        let shown = match hide_secrets::is_credential(name, value) {
            true => shown.trim_matches('"'),
            false => &shown,
        };
        let name = shorten(&one_line(name), 30);
        fields.push(format!("{name} = {}", shorten(shown, 40)));
    }
    if !fields.is_empty() {
        detail.block("extra:", &[fields.join(", ")]);
    }
}
