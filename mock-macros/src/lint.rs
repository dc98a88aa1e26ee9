//! The lints of the macros: one for each sort of compile error.

/// Declares the lints, each with its id.
macro_rules! lints {
    ($($(#[$cfg:meta])* $lint:ident = $id:literal,)+) => {
        /// The sort of a mistake. Each lint has its entry in `docs/diagnostics.md`, under its id.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Lint {
            $($(#[$cfg])* $lint,)+
        }

        #[cfg(test)]
        impl Lint {
            pub(crate) const ALL: &[Lint] = &[$($(#[$cfg])* Lint::$lint,)+];

            pub(crate) fn id(self) -> &'static str {
                match self {
                    $($(#[$cfg])* Lint::$lint => $id,)+
                }
            }
        }
    };
}

lints! {
    // Declarations and keys.
    MockName = "mock_name",
    UnknownProfile = "unknown_profile",
    NamelessItem = "nameless_item",
    UnknownKey = "unknown_key",
    WrongValue = "wrong_value",
    UnknownSetting = "unknown_setting",
    ColonForEquals = "colon_for_equals",
    ArrowOutsideMatch = "arrow_outside_match",
    MissingComma = "missing_comma",
    InvalidEntry = "invalid_entry",
    EntryAttributes = "entry_attributes",
    GivenTwice = "given_twice",
    TwoScripts = "two_scripts",
    InvalidUsage = "invalid_usage",
    RejectedCall = "rejected_call",
    // Times.
    TimeWithoutUnit = "time_without_unit",
    TimeInQuotes = "time_in_quotes",
    InvalidTime = "invalid_time",
    NoTime = "no_time",
    LatencyRange = "latency_range",
    UnknownLatency = "unknown_latency",
    // Turns.
    ExpectedTurn = "expected_turn",
    UnknownAction = "unknown_action",
    WrongOrder = "wrong_order",
    EmptyTurn = "empty_turn",
    NotAlone = "not_alone",
    AfterTheEnd = "after_the_end",
    UnusedTurn = "unused_turn",
    UnreachableTurn = "unreachable_turn",
    TurnName = "turn_name",
    NeedsArgument = "needs_argument",
    ExtraArgument = "extra_argument",
    ExpectedText = "expected_text",
    StreamPieces = "stream_pieces",
    ExpectedClosure = "expected_closure",
    // Modifiers.
    Contradiction = "contradiction",
    NoAnswer = "no_answer",
    InvalidNumber = "invalid_number",
    InvalidRange = "invalid_range",
    UnknownSplit = "unknown_split",
    NothingToSplit = "nothing_to_split",
    UnknownFinish = "unknown_finish",
    KeepaliveText = "keepalive_text",
    UnknownFlush = "unknown_flush",
    // Failures and faults.
    UnknownFailure = "unknown_failure",
    FailureField = "failure_field",
    NoRetryAfter = "no_retry_after",
    InvalidHeader = "invalid_header",
    NoReply = "no_reply",
    RawAnswer = "raw_answer",
    Embeddings = "embeddings",
    SecondFault = "second_fault",
    LateFault = "late_fault",
    // Matchers.
    UnknownMatcher = "unknown_matcher",
    EmptyMatcher = "empty_matcher",
    NeverHolds = "never_holds",
    PatternLiteral = "pattern_literal",
    ModelName = "model_name",
    InvalidPath = "invalid_path",
    PathInScript = "path_in_script",
    InvalidCapture = "invalid_capture",
    ReservedCapture = "reserved_capture",
    #[cfg(feature = "regex")]
    InvalidRegex = "invalid_regex",
    #[cfg(not(feature = "regex"))]
    RegexFeature = "regex_feature",
    // Rules.
    InvalidRule = "invalid_rule",
    WhenInRule = "when_in_rule",
    OutsideTheScript = "outside_the_script",
    CatchAll = "catch_all",
    UnreachableRule = "unreachable_rule",
    NothingToRepeat = "nothing_to_repeat",
    UnknownOtherwise = "unknown_otherwise",
    // Recorded exchanges.
    ReplayedAnswer = "replayed_answer",
    #[cfg(not(feature = "cassette"))]
    CassetteFeature = "cassette_feature",
    #[cfg(feature = "cassette")]
    CassetteFile = "cassette_file",
    #[cfg(feature = "cassette")]
    CassetteFormat = "cassette_format",
    #[cfg(feature = "cassette")]
    CassetteWire = "cassette_wire",
    #[cfg(feature = "cassette")]
    CassetteSecret = "cassette_secret",
    #[cfg(feature = "cassette")]
    CassetteCall = "cassette_call",
    // Lanes and instances.
    InvalidLane = "invalid_lane",
    UnreachableLane = "unreachable_lane",
    InvalidPer = "invalid_per",
    // Expectations.
    UnknownExpectation = "unknown_expectation",
    ImpossibleExpectation = "impossible_expectation",
    // Templates.
    StrayBrace = "stray_brace",
    UnknownVariable = "unknown_variable",
    JsonInText = "json_in_text",
    UnboundVariable = "unbound_variable",
    UnknownResultField = "unknown_result_field",
    // Tools and calls.
    ExpectedTool = "expected_tool",
    UndeclaredTool = "undeclared_tool",
    DuplicateTool = "duplicate_tool",
    UnknownToolWord = "unknown_tool_word",
    UnknownType = "unknown_type",
    IncompleteType = "incomplete_type",
    TypedTool = "typed_tool",
    KeywordName = "keyword_name",
    FieldNames = "field_names",
    WireName = "wire_name",
    UnknownArgument = "unknown_argument",
    MissingArguments = "missing_arguments",
    ArgumentType = "argument_type",
    RawAndArguments = "raw_and_arguments",
    CallId = "call_id",
    // JSON.
    JsonNotation = "json_notation",
    JsonNotKnown = "json_not_known",
    // Tests.
    NotAnAsyncFn = "not_an_async_fn",
    TestSignature = "test_signature",
    SecondTestAttribute = "second_test_attribute",
    UnknownOption = "unknown_option",
    OptionValue = "option_value",
    ClockAndFlavor = "clock_and_flavor",
    LateTimeout = "late_timeout",
    CaseName = "case_name",
    CaseValues = "case_values",
    ArgumentSource = "argument_source",
    #[cfg(feature = "sweep")]
    SeveralRuns = "several_runs",
    MockAttribute = "mock_attribute",
    NamedArgument = "named_argument",
    ImpossibleArgument = "impossible_argument",
    #[cfg(not(feature = "sweep"))]
    SweepFeature = "sweep_feature",
}
