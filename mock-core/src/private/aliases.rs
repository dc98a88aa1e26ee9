//! The parts of a scenario under short names: the expansions of scripts consist of little else, and each token of a path takes
//! the compiler time. The underscores keep them apart from all that is in scope where a scenario is declared.

pub use core::option::Option::{None as __None, Some as __Some};
pub use std::borrow::Cow::{Borrowed as __Borrowed, Owned as __Owned};

use crate::scenario::tree as is;

pub use crate::chat::finish_and_usage::FinishReason::{
    ContentFilter as __FinishReasonContentFilter, Length as __FinishReasonLength,
    Other as __FinishReasonOther, Stop as __FinishReasonStop, ToolCalls as __FinishReasonToolCalls,
};

pub use is::Action::{
    Call as __ActionCall, Driven as __ActionDriven, Embed as __ActionEmbed,
    EmbedVector as __ActionEmbedVector, Fail as __ActionFail, Frames as __ActionFrames,
    Gate as __ActionGate, Hang as __ActionHang, Json as __ActionJson, Pause as __ActionPause,
    Raw as __ActionRaw, Reasoning as __ActionReasoning, ReasoningStream as __ActionReasoningStream,
    Refusal as __ActionRefusal, RefusalStream as __ActionRefusalStream, Reply as __ActionReply,
    Respond as __ActionRespond, Signature as __ActionSignature, Stream as __ActionStream,
};
pub use is::After::{
    All as __AfterAll, Deltas as __AfterDeltas, Done as __AfterDone, Finish as __AfterFinish,
    Time as __AfterTime,
};
pub use is::Arguments::{
    Raw as __ArgumentsRaw, Text as __ArgumentsText, Typed as __ArgumentsTyped,
};
pub use is::Delay::{Fixed as __DelayFixed, Growing as __DelayGrowing, Uniform as __DelayUniform};
pub use is::Expected::{
    Calls as __ExpectedCalls, EveryCallAnswered as __ExpectedEveryCallAnswered,
    NeverSent as __ExpectedNeverSent, NothingAfterCancel as __ExpectedNothingAfterCancel,
    Offered as __ExpectedOffered, Order as __ExpectedOrder,
    PromptPrefixStable as __ExpectedPromptPrefixStable, Result as __ExpectedResult,
    Sent as __ExpectedSent, Tokens as __ExpectedTokens,
    WaitedRetryAfter as __ExpectedWaitedRetryAfter, Within as __ExpectedWithin,
};
pub use is::FaultKind::{
    Cut as __FaultCutAfter, End as __FaultEndAfter, Error as __FaultErrorAfter,
    Malformed as __FaultMalformedAfter, Stall as __FaultStallAfter,
};
pub use is::Flush::{Bytes as __FlushBytes, Each as __FlushEach};
pub use is::Matcher::{
    AllOf as __MatcherAllOf, AnyOf as __MatcherAnyOf, AnyUserMessage as __MatcherAnyUserMessage,
    HasTool as __MatcherHasTool, Header as __MatcherHeader, Model as __MatcherModel,
    Not as __MatcherNot, Path as __MatcherPath, System as __MatcherSystem,
    ToolResult as __MatcherToolResult, User as __MatcherUser, When as __MatcherWhen,
};
pub use is::Node::Static as __NodeStatic;
pub use is::Otherwise::{
    Cycle as __OtherwiseCycle, RepeatLast as __OtherwiseRepeatLast, Turn as __OtherwiseTurn,
};
pub use is::Pace::{Every as __PaceEvery, TokensPerSecond as __PaceTokensPerSecond};
pub use is::Parameters::{Fields as __ParametersFields, Typed as __ParametersTyped};
#[cfg(feature = "regex")]
pub use is::Pattern::Regex as __PatternRegex;
pub use is::Pattern::Words as __PatternWords;
pub use is::PatternSegment::{
    Any as __PatternSegmentAny, Capture as __PatternSegmentCapture, Text as __PatternSegmentText,
};
pub use is::Per::{
    Conversation as __PerConversation, Header as __PerHeader, Matcher as __PerMatcher,
    Model as __PerModel,
};
pub use is::Schema::{
    Boolean as __SchemaBoolean, Integer as __SchemaInteger, Json as __SchemaJson,
    List as __SchemaList, Number as __SchemaNumber, Object as __SchemaObject,
    OneOf as __SchemaOneOf, Optional as __SchemaOptional, String as __SchemaString,
};
pub use is::Setting::{None as __SettingNone, Value as __SettingValue};
pub use is::Split::{Chars as __SplitChars, Random as __SplitRandom, Whole as __SplitWhole};
pub use is::TemplateSegment::{Text as __SegmentText, Variable as __SegmentVariable};
pub use is::Text::{Template as __TextTemplate, Verbatim as __TextVerbatim};
pub use is::Until::{Next as __UntilNext, Rest as __UntilRest, Word as __UntilWord};
pub use is::Variable::{
    Call as __VariableCall, Capture as __VariableCapture, Field as __VariableField,
    Model as __VariableModel, User as __VariableUser,
};
pub use is::{
    Count as __Count, Expectation as __Expectation, Failure as __Failure, Fault as __Fault,
    Field as __Field, Keepalive as __Keepalive, Lane as __Lane, Respond as __Respond,
    Scenario as __Scenario, ScriptedCall as __ScriptedCall, Template as __Template, Tool as __Tool,
    Turn as __Turn, TypedArguments as __TypedArguments, When as __When,
};

pub const __FAILURE: is::Failure = is::Failure::EMPTY;
pub const __SCENARIO: is::Scenario = is::Scenario::EMPTY;
pub const __TURN: is::Turn = is::Turn::EMPTY;

pub const fn __place(line: u32) -> is::SourceLocation {
    is::SourceLocation::line(line)
}

pub fn __node(schema: is::Schema) -> is::Node {
    is::Node::Shared(std::sync::Arc::new(schema))
}

pub fn __joined<T, const N: usize>(items: [Vec<T>; N]) -> Vec<T> {
    items.into_iter().flatten().collect()
}

pub fn __vec<T, const N: usize>(items: [T; N]) -> Vec<T> {
    items.into()
}
