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
        // `[redacted]` needs no quotes.
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

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use crate::MockProvider;
    use crate::builder::{on, user};
    use crate::chat::message::Message;
    use crate::chat::request::Request;

    #[test]
    fn they_are_only_in_the_report_of_their_request() {
        for is_broken in [false, true] {
            let mock = MockProvider::script([on(user("hello")).reply("Hi.")]);
            let ask = |request| mock.answer(request).now_or_never().is_some();
            if is_broken {
                let result = Message::tool("call_1", "18");
                assert!(ask(Request::new("m").user("hello").with_message(result)));
            }
            let mut other = Request::new("m").user("bye");
            other.extra.insert("top_k".to_owned(), 3.into());
            assert!(ask(other));
            let report = mock.verify().expect_err("no turn answers").to_string();
            let is_about_it = report.contains("does not fit turn 1");
            assert_eq!(report.contains("top_k = 3"), is_about_it, "{report}");
            assert_eq!(is_about_it, !is_broken, "{report}");
        }
    }
}
