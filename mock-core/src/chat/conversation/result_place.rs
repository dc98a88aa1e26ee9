//! Where the result of a call may stand: [`ResultPlace`].

use crate::chat::profile::Profile;

/// Where the result of a call may stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum ResultPlace {
    /// Among the results right after the message with the call.
    RightAfterCall,
    /// The same, where the provider joins messages of the assistant that follow each other.
    RightAfterTurn,
    /// At any place of the conversation.
    Anywhere,
}

impl ResultPlace {
    /// The place that a request to this mock's provider allows. `wire` is the provider whose wire it is.
    ///
    /// OpenAI's Responses pair by id alone, those of DeepSeek do not: deepseek-ai/awesome-deepseek-integration#740. Anthropic combines
    /// [consecutive turns](https://platform.claude.com/docs/en/api/messages), and recorded requests show that Gemini does so too.
    pub(crate) fn allowed_by(wire: Profile, mock: Profile) -> Self {
        match (wire, mock) {
            (Profile::OpenaiResponses, Profile::Deepseek) => ResultPlace::RightAfterCall,
            (Profile::OpenaiResponses, _) => ResultPlace::Anywhere,
            (Profile::Anthropic | Profile::Gemini, _) => ResultPlace::RightAfterTurn,
            _ => ResultPlace::RightAfterCall,
        }
    }

    /// The words for the place where only one is allowed; empty otherwise.
    pub(crate) fn described(self, right_after_call: &'static str) -> &'static str {
        match self {
            ResultPlace::RightAfterCall | ResultPlace::RightAfterTurn => right_after_call,
            ResultPlace::Anywhere => "",
        }
    }
}
