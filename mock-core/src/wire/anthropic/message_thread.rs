//! Message threads: conversations that the provider holds, so that a request sends only what is new.
//! <https://platform.claude.com/docs/en/build-with-claude/message-threads>

use super::block::read_content;
use super::request::read;
use crate::chat::request::Request;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::continued_conversation::{self, ReadStoredAnswer, ReadStoredRequest};
use crate::wire::read::{Path, read_borrowed};

/// The field `thread` of a request: whether it creates or continues a thread.
#[derive(Debug, PartialEq)]
pub(crate) enum Thread<'r> {
    /// To hold the conversation.
    Create,
    /// To continue the conversation up to the answer with this id.
    Continue(&'r str),
}

/// Returns what a request asks of a thread, if it has one.
pub(crate) fn message_thread(request: &Request) -> Option<Thread<'_>> {
    let thread = request.extra.get("thread")?;
    match thread["type"].as_str()? {
        "create" => Some(Thread::Create),
        "continue" => Some(Thread::Continue(thread["previous_message_id"].as_str()?)),
        _ => None,
    }
}

/// Puts the conversation of a thread into a request, with the system prompt and the tools of the request that created it. `before` has the
/// body of each earlier request and of its answer, oldest first. A body that cannot be read is left out.
pub(crate) fn join_history(request: &mut Request, before: &[(&[u8], &[u8])]) {
    let read_stored_request: ReadStoredRequest = |body, messages| {
        if let Some(body) = read_stored(body) {
            messages.extend(body.messages);
        }
    };
    let read_stored_answer: ReadStoredAnswer = |answered, parts| {
        if let Ok(BorrowedValue::Object(fields)) = read_borrowed(answered)
            && let Some((_, content)) = fields.into_iter().find(|(name, _)| name == "content")
            && let Ok(content) = read_content(content, &Path::Body.key("content"))
        {
            parts.extend(content.parts);
        }
    };
    continued_conversation::join_history(
        request,
        before,
        |_| false,
        (read_stored_request, read_stored_answer),
    );
    if let Some((created, _)) = before.first()
        && let Some(created) = read_stored(created)
    {
        request.tools = created.tools;
    }
}

/// Returns the field of a request that must be as in the request before it in the thread, but is not. The other fields may change.
pub(crate) fn changed_field(request: &Request, before: &[u8]) -> Option<&'static str> {
    const KEPT: &str = "output_config";
    let before = read_stored(before)?;
    let value = |request: &Request| request.extra.get(KEPT).cloned().unwrap_or_default();
    (value(request) != value(&before)).then_some(KEPT)
}

fn read_stored(body: &[u8]) -> Option<Request> {
    read(read_borrowed(body).ok()?).ok()
}
