//! The parts of a turn's answer: [`Action`].

use std::time::Duration;

use super::failure::Failure;
use super::scripted_call::{Arguments, ScriptedCall};
use super::{List, Respond, Str, Text};
use crate::chat::message::Part;

/// A part of a turn's answer.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Action {
    /// This text; streamed, it comes word by word.
    Reply(Text),
    /// These pieces of text.
    Stream(List<Text>),
    /// The model's reasoning, streamed as a reply is.
    Reasoning(Text),
    /// These pieces of the model's reasoning.
    ReasoningStream(List<Text>),
    /// These pieces of a refusal.
    RefusalStream(List<Text>),
    /// A refusal, streamed as a reply is.
    Refusal(Text),
    /// JSON as text, streamed like a reply. Values of variables are escaped to stand in a JSON string.
    Json(Text),
    /// The provider's signature of the reasoning before it.
    Signature(Text),
    /// A tool call.
    Call(ScriptedCall),
    /// A whole part, in one event: an image, a block that only one provider has, or further fields of the part before.
    Part(Part),
    /// Exactly this body of an HTTP answer. In process it is read in the format of the mock's profile.
    Raw(Str),
    /// Exactly these frames of a streamed HTTP answer, each when it is due. In process they are read in the format of the mock's profile.
    Frames(List<Str>),
    /// The return value of a closure.
    Respond(Respond),
    /// The vector of an input, made from its text.
    Embed,
    /// This vector.
    EmbedVector(List<f32>),
    /// A failure.
    Fail(Failure),
    /// Nothing more, ever.
    Hang,
    /// Nothing for this time: everything after it is due later by this time.
    Pause(Duration),
    /// Nothing until the test opens the gate of this name.
    Gate(Str),
    /// The events that the test pushes through the driver of this name.
    Driven(Str),
}

/// The kind of requests that a turn answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// An answer of a chat model, streamed or not.
    Chat,
    /// Embeddings.
    Embedding,
}

impl Kind {
    pub(crate) fn is_embedding(self) -> bool {
        self == Kind::Embedding
    }
}

impl Action {
    /// Which requests it answers; `None` for either kind.
    pub(super) fn kind(&self) -> Option<Kind> {
        match self {
            Action::Embed | Action::EmbedVector(_) => Some(Kind::Embedding),
            Action::Fail(_) | Action::Hang | Action::Raw(_) => None,
            #[cfg(feature = "record")]
            Action::Respond(respond) if respond.responder.provider().is_some() => None,
            wait if wait.is_wait() => None,
            _ => Some(Kind::Chat),
        }
    }

    /// Whether it is reasoning.
    pub(crate) fn is_reasoning(&self) -> bool {
        matches!(self, Action::Reasoning(_) | Action::ReasoningStream(_))
    }

    /// Whether it sends nothing, and only lets time pass.
    pub(crate) fn is_wait(&self) -> bool {
        matches!(self, Action::Pause(_) | Action::Gate(_))
    }

    /// The texts in it that may be templates, but for the id of a call.
    pub(super) fn texts(&self) -> &[Text] {
        match self {
            Action::Reply(text)
            | Action::Reasoning(text)
            | Action::Refusal(text)
            | Action::Signature(text)
            | Action::Json(text) => std::slice::from_ref(text),
            Action::Stream(texts)
            | Action::ReasoningStream(texts)
            | Action::RefusalStream(texts) => texts,
            Action::Call(call) => match &call.arguments {
                Arguments::Text(text) => std::slice::from_ref(text),
                Arguments::Raw(_) => &[],
                Arguments::Typed(typed) => &typed.texts,
            },
            Action::Fail(failure) => failure.message.as_slice(),
            Action::Part(_)
            | Action::Raw(_)
            | Action::Frames(_)
            | Action::Respond(_)
            | Action::Embed
            | Action::EmbedVector(_)
            | Action::Hang
            | Action::Pause(_)
            | Action::Gate(_)
            | Action::Driven(_) => &[],
        }
    }
}
