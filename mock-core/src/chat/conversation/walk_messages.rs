//! Walks through the messages of a conversation as the wires read them.

use std::ops::ControlFlow;

use super::pair_calls_and_results::{Given, next_call};
use crate::chat::message::{Message, Part, Role};

/// A step of a conversation.
pub(super) enum Step<'a> {
    Result(Given<'a>),
    /// Anything else, and whose it is: it may hold calls, and the results after it are theirs.
    Other(Role, &'a [Part]),
}

/// Walks through messages as the wires read them: of a message of the user, the results are tool messages, and the rest is the user's.
pub(super) fn walk<'a>(
    messages: &'a [Message],
    visit: &mut dyn FnMut(Step<'a>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    for (index, message) in messages.iter().enumerate() {
        let given = |tool, result| {
            Step::Result(Given {
                message: index,
                tool,
                result,
            })
        };
        match message.role {
            Role::Tool => {
                for result in message.tool_results() {
                    visit(given(message.name.as_deref(), result))?;
                }
            }
            Role::User if !message.parts.is_empty() => {
                for part in &message.parts {
                    match part {
                        Part::ToolResult(result) => visit(given(None, result))?,
                        // Extra fields belong to the part before them.
                        Part::Extra(_) => {}
                        part => visit(Step::Other(Role::User, std::slice::from_ref(part)))?,
                    }
                }
            }
            role => {
                // No wire has results in such messages. Read them before the message's own calls.
                for result in message.tool_results() {
                    visit(given(None, result))?;
                }
                visit(Step::Other(role, &message.parts))?;
            }
        }
    }
    ControlFlow::Continue(())
}

/// Whether every call has its result right after it, and the results are in the order of the calls. This holds for most conversations, and
/// is found without an allocation.
pub(super) fn is_in_order(messages: &[Message]) -> bool {
    let mut open: &[Part] = &[];
    let walked = walk(messages, &mut |step| {
        let call = next_call(&mut open);
        let is_fine = match step {
            Step::Result(given) => call.is_some_and(|call| given.answers(call)),
            Step::Other(_, parts) => {
                open = parts;
                call.is_none()
            }
        };
        match is_fine {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    });
    walked.is_continue() && next_call(&mut open).is_none()
}
