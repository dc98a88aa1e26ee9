//! Every word of the grammar: what it means, what it takes, and an example.
//!
//! What a word takes is what its parentheses hold, or the value of a key. Parsing, did-you-mean, the help lines, completion and hover
//! read this table; tests hold the builder's docs and `docs/grammar.md` to it.

use proc_macro2::Ident;

use super::syntax_kind::SyntaxKind;
use super::{Word, Words};

/// Declares the lists of words, and `ALL` of them. A list `as` an enum has a variant for each of its own words: a word that its reader
/// forgets, or one that is not in the table, does not compile.
macro_rules! words {
    (@enum [] $($word:ident)*) => {};
    (@enum [$kind:ident] $($word:ident)*) => {
        /// The words of a list.
        #[allow(non_camel_case_types)]
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub(crate) enum $kind {
            $($word),*
        }

        impl $kind {
            pub(crate) fn find(word: &Ident) -> Option<Self> {
                $(if word == stringify!($word) {
                    return Some($kind::$word);
                })*
                None
            }
        }
    };
    ($(
        $(#[doc = $about:literal])+
        $list:ident = $module:ident $(as $kind:ident)? $([$($included:ident),+])? {
            $($(#[doc = $says:literal])+ $word:ident: $takes:ident = $example:literal;)*
        }
    )*) => {
        /// Every list of words.
        pub(crate) static ALL: &[&Words] = &[$(&$list),*];
        $(
            $(#[doc = $about])+
            pub(crate) static $list: Words = Words {
                module: stringify!($module),
                about: concat!($($about),+),
                own: &[$(Word {
                    word: stringify!($word),
                    takes: SyntaxKind::$takes,
                    example: $example,
                    says: concat!($($says),+),
                }),*],
                includes: &[$($(&$included),+)?],
            };
            words!(@enum [$($kind)?] $($word)*);
        )*
    };
}

words! {
    /// Keys of a mock.
    KEYS = keys {
        /// Checks that are turned off. None by default.
        allow: Allowance = "allow = [unused_turns]";
        /// What requests may ask for; anything else fails with `unsupported`. All by default.
        capabilities: Capability = "capabilities = [streaming, tools]";
        /// A file of recorded exchanges, which answers requests that are equal to recorded ones. Its path is relative to the folder of the package. None by default.
        cassette: Cassette = r#"cassette = "tests/cassettes/weather.yaml""#;
        /// The random faults of this mock in a test with seeds, each with its probability per call. The test's by default; `[]` for none.
        chaos: Chaos = "chaos = [rate_limit(0.1), cut(0.05)]";
        /// The path of `mock_core` if you renamed it or if another crate re-exports it. `::mock_core` by default.
        crate: CratePath = "crate = ::mock_core";
        /// What is expected of all calls, beside the script. Nothing by default.
        expect: Expectation = "expect = [calls(2..=4)]";
        /// Several scripts in place of one: each request goes to the first lane that it matches.
        lanes: Lanes = r#"lanes = match request { system("You plan") => [reply("ho")] }"#;
        /// The time before an answer begins: a time, a range of times, or `growing(100ms, 0.10)`. None by default.
        latency: Latency = "latency = 120ms";
        /// The number of calls that the mock gets at most; more fail the test. By default any number is answered, until the requests have 2,000,000 messages in total.
        max_calls: Number = "max_calls = 5_000";
        /// Further data for each answer, an object. Its texts are not templates.
        metadata: Metadata = r#"metadata = object { request_id: "abc" }"#;
        /// The models that it has; a request for another fails with `not_found`. Any by default.
        models: Model = r#"models = ["gpt-4o", "gpt-4o-mini"]"#;
        /// The provider's name. The profile's by default.
        name: Name = r#"name = "my-provider""#;
        /// The answer for requests that neither the script nor a rule answers: an action, `repeat_last` or `cycle`. A mismatch by default.
        otherwise: Otherwise = r#"otherwise = reply("..")"#;
        /// The value that gets its own instance of the script, or of each lane: `conversation`, `model`, `header("x-session")`, or a matcher with captures. All requests share one by default.
        per: Per = "per = conversation";
        /// Answers for requests that the script does not answer: the first rule that holds, any number of times.
        rules: Rules = r#"rules = match request { user("hi") => reply("ho") }"#;
        /// The turns, in order.
        script: Beginning = r#"script = [reply("Hi.")]"#;
        /// The random seed. The test's own seed by default.
        seed: Seed = "seed = 7";
        /// The tools that may be called; each call is checked against them. Without it, calls are not checked.
        tools: Tool = "tools = [get_weather { city: string }]";
        /// The usage of each answer, in tokens of the request and of the answer. Estimated by default.
        usage: Usage = "usage = usage(11, 7)";
        /// The visibility of a declared mock. `pub(crate)` by default.
        vis: Visibility = "vis = pub";
    }

    /// Profiles.
    PROFILES = profiles {
        /// Neutral: it imitates no provider.
        plain: Nothing = r#"Weather = plain("any-model")"#;
        /// Chat completions of OpenAI.
        openai: Nothing = r#"Weather = openai("gpt-4o")"#;
        /// Responses of OpenAI.
        openai_responses: Nothing = r#"Weather = openai_responses("gpt-4.1")"#;
        /// Messages of Anthropic.
        anthropic: Nothing = r#"Weather = anthropic("claude-sonnet-4-5")"#;
        /// Gemini, of Google.
        gemini: Nothing = r#"Weather = gemini("gemini-2.5-pro")"#;
        /// Ollama.
        ollama: Nothing = r#"Weather = ollama("llama3.2")"#;
        /// OpenAI's models on Azure.
        azure: Nothing = r#"Weather = azure("gpt-4o")"#;
        /// OpenRouter: its dialect of chat completions.
        openrouter: Nothing = r#"Weather = openrouter("openai/gpt-4.1-mini")"#;
        /// DeepSeek: its dialect of chat completions.
        deepseek: Nothing = r#"Weather = deepseek("deepseek-chat")"#;
        /// Mistral: its dialect of chat completions.
        mistral: Nothing = r#"Weather = mistral("mistral-small-latest")"#;
        /// Groq: its dialect of chat completions.
        groq: Nothing = r#"Weather = groq("llama-3.1-8b-instant")"#;
        /// xAI: its dialect of OpenAI's wires.
        xai: Nothing = r#"Weather = xai("grok-4")"#;
        /// The server of llama.cpp: its dialect of chat completions.
        llamacpp: Nothing = r#"Weather = llamacpp("qwen3-8b")"#;
    }

    /// What an entry may begin with.
    ENTRIES = entries [BEGINNINGS, KEYS, PROFILES] {
    }

    /// Options of `#[provider_test(..)]`.
    OPTIONS = options {
        /// The random faults of a test with seeds, each with its probability per call.
        chaos: Chaos = "chaos = [rate_limit(0.1), cut(0.05)]";
        /// The clock the test runs on: `"paused"`, the default, or `"real"`.
        clock: Nothing = r#"clock = "real""#;
        /// The path of `mock_core` if you renamed it or if another crate re-exports it. `::mock_core` by default.
        crate: Nothing = "crate = ::mock_core";
        /// The tokio runtime the test runs on: `"current_thread"`, the default, or `"multi_thread"`, which needs the feature `multi-thread`.
        flavor: Nothing = r#"flavor = "multi_thread""#;
        /// How long the paused clock waits in real time for I/O with other threads and processes: a time, one second by default; `wait` for as long as it takes; `ignore` for not at all.
        foreign: Nothing = "foreign = 10s";
        /// How long, in wall-clock time, a test may hang before it fails. 30 seconds by default; `0s` turns it off.
        guard: Nothing = "guard = 30s";
        /// Whether the test may connect to other machines: `"allow"`, or `"deny"`, which fails a test that does. As the environment says by default. On Linux.
        network: Nothing = r#"network = "deny""#;
        /// Runs the test once with each of these seeds. It needs the feature `sweep`.
        seeds: Nothing = "seeds = 0..100";
        /// Runs the test once for each way in which the provider can go wrong: `faults`, or some of them, as in `[cut, stall]`. It needs the feature `sweep`.
        sweep: Sweep = "sweep = faults";
        /// The number of runs of a sweep, beside the plain run, chosen by the test's seed. All by default.
        sweep_runs: Nothing = "sweep_runs = 100";
        /// What a panic in a task, in the test's own file, does to the test: `"fail"`, the default, or `"ignore"`.
        task_panics: Nothing = r#"task_panics = "ignore""#;
        /// How long, by the test's own clock, a test may take before it fails. No limit by default.
        timeout: Nothing = "timeout = 5s";
        /// The number of worker threads of a multi-threaded runtime. One by default.
        worker_threads: Nothing = "worker_threads = 2";
    }

    /// Attributes of the arguments of a `#[provider_test]`.
    ATTRIBUTES = attributes {
        /// The argument has the value of each `#[case::name(..)]` above the test.
        case: Nothing = "#[case] city: &str";
        /// The argument is made from this mock: a declared one, or one in place.
        mock: Body = r#"#[mock(reply("Hi."))] llm: MockProvider"#;
        /// The argument is made from each of these declared mocks, in a test of its own.
        mocks: Nothing = "#[mocks(Fast, Slow)] llm: MockProvider";
        /// The argument has each of these values, in a test of its own.
        values: Nothing = "#[values(1, 2)] count: u32";
    }

    /// Random faults and delays.
    CHAOS = chaos [KINDS] {
        /// The connection is lost within an answer.
        cut: Nothing = "chaos = [cut(0.05)]";
        /// An answer ends without its finish.
        end: Nothing = "chaos = [end(0.05)]";
        /// Nothing more comes of an answer.
        stall: Nothing = "chaos = [stall(0.05)]";
        /// Something unreadable comes within an answer.
        malformed: Nothing = "chaos = [malformed(0.05)]";
        /// An answer begins up to 10 seconds later.
        slow: Nothing = "chaos = [slow(0.2)]";
    }

    /// What a sweep tries.
    SWEEPS = sweeps {
        /// All of these.
        faults: Nothing = "sweep = faults";
        /// A turn fails before its answer, with each kind of failure.
        fail: Nothing = "sweep = fail";
        /// The connection is lost, at each place of an answer.
        cut: Nothing = "sweep = cut";
        /// An answer ends without its finish, after each place.
        end: Nothing = "sweep = end";
        /// Nothing more comes, after each place of an answer.
        stall: Nothing = "sweep = stall";
        /// The provider reports a failure, after each place of an answer.
        error: Nothing = "sweep = error";
        /// Something unreadable comes, after each place of an answer.
        malformed: Nothing = "sweep = malformed";
        /// An answer has no content, and the finish reason `length` or `content_filter`.
        finish: Nothing = "sweep = finish";
        /// The content of an answer stops, and keep-alives go on. Only over the wire.
        keepalive: Nothing = "sweep = keepalive";
        /// Tools are called with empty arguments, and without any.
        arguments: Nothing = "sweep = arguments";
        /// A whole answer comes in other pieces.
        pieces: Nothing = "sweep = pieces";
    }

    /// What a turn may begin with.
    BEGINNINGS = beginnings [ACTIONS] {
        /// The requests that a turn answers: all of these matchers must hold.
        on: Matchers = r#"on(user("weather in {city}")).reply("In {city}.")"#;
    }

    /// What may follow in a turn.
    STEPS = steps [ACTIONS, MODIFIERS] {
    }

    /// What a turn answers with.
    ACTIONS = actions {
        /// Answers with a text; streamed, word by word.
        reply: Text = r#"reply("..")"#;
        /// Answers with a text, streamed in these pieces.
        stream: Pieces = r#"stream(["Hel", "lo"])"#;
        /// Calls a tool. Repeat it for parallel calls.
        call: Called = r#"call(get_weather { city: "Paris" })"#;
        /// Answers with reasoning: a text, or a list of the pieces in which it is streamed.
        reasoning: TextOrPieces = r#"reasoning("..").reply("Yes.")"#;
        /// Gives the provider's signature of the reasoning before it.
        signature: Signature = r#"reasoning("Let me see.").signature("..").reply("Yes.")"#;
        /// Answers with a refusal: a text, or a list of the pieces in which it is streamed.
        refusal: TextOrPieces = r#"refusal("..")"#;
        /// Answers with JSON; its texts are templates.
        json: Value = r#"json(object { city: "Paris" })"#;
        /// Answers with what the closure returns: a `Response`, or a `Result` of one. It may be async.
        respond_with: Responder = "respond_with(|request| ..)";
        /// Answers a request for embeddings: with this vector, or, as `embed()`, with one made from each text. Repeated, a vector for each input.
        embed: Vector = "embed([0.5, -0.25, 1.0])";
        /// Sends nothing more, ever.
        hang: Nothing = "hang()";
        /// Sends nothing for this time; what follows continues the same answer.
        pause: Time = r#"reply("One moment, ").pause(2s).reply("please.")"#;
        /// Waits until the test opens the gate: `mock.gate("ready")`.
        gate: Gate = r#"gate("ready").reply("Hi.")"#;
        /// Emits exactly the events that the test pushes: `mock.driver("ready")`.
        driven: Driver = r#"driven("ready")"#;
        /// Answers with exactly this body: it is not a template.
        raw: Verbatim = r#"raw("..")"#;
        /// Answers with exactly these frames of a stream: they are not templates.
        frames: Frames = r#"frames(["data: [DONE]\n\n"])"#;
        /// Answers with the next recorded responses: this many, or with `..` all that are left. It needs the key `cassette`.
        replay: Replayed = "replay(1)";
        /// Fails. It is the only action of its turn, except for gates and pauses before it.
        fail: Failure = "fail(rate_limit)";
    }

    /// How a turn answers.
    MODIFIERS = modifiers {
        /// Sets how often the turn answers: a number, or a range as in `1..=3`. Once by default.
        times: Count = r#"reply("Hi.").times(3)"#;
        /// Lets the turn answer once or more, without a maximum.
        forever: Forever = r#"reply("Hi.").forever()"#;
        /// Sets the time to first token: from the beginning of the answer to its first event.
        ttft: Time = r#"reply("Hi.").ttft(300ms)"#;
        /// Sets the time between one content delta and the next.
        every: TimeBetween = r#"stream(["Hel", "lo"]).every(20ms)"#;
        /// Sets how fast the content comes, four characters to a token.
        tokens_per_second: Rate = r#"reply("One two.").tokens_per_second(50)"#;
        /// Sets how a streamed text is cut into pieces: `words`, `chars(4)`, `random(1..=12)` or `whole`. Words by default.
        split: Split = r#"reply("One two.").split(words)"#;
        /// Sets in how many pieces the arguments of each call come. One by default.
        pieces: Number = r#"call(get_weather { city: "Paris" }).pieces(3)"#;
        /// Sends the wire's keep-alive whenever a stream has sent nothing for this long. A second argument replaces the wire's own keep-alive.
        keepalive: Keepalive = r#"reply("Hi.").ttft(35s).keepalive(10s)"#;
        /// Sets how events that are due at the same time are written over the wire: `each` in its own chunk, or their single `bytes`. Together by default.
        flush: Flush = r#"stream(["Hel", "lo"]).flush(each)"#;
        /// The connection is lost: after this many content deltas, or a time.
        cut_after: Fault = r#"reply("One two three.").cut_after(1)"#;
        /// The answer ends early, without its finish event: after this many content deltas, or a time. After `finish`, only the end mark is missing.
        end_after: Fault = r#"reply("One two three.").end_after(1)"#;
        /// Nothing more comes, and the answer never ends: after this many content deltas, or a time.
        stall_after: Fault = r#"reply("One two three.").stall_after(1)"#;
        /// The provider reports a failure in the middle of the answer: after this many content deltas, or a time.
        error_after: ErrorAfter = r#"reply("One two three.").error_after(1, server_error)"#;
        /// Something unreadable comes: after this many content deltas, or a time.
        malformed_after: Fault = r#"reply("One two three.").malformed_after(1)"#;
        /// Sets why the model stopped. By default `tool_calls` if the turn calls a tool, and `stop` otherwise.
        finish: Finish = r#"reply("One two").finish(length)"#;
        /// Sets the usage of the answer. It replaces the key `usage`.
        usage: Cost = r#"reply("Hi.").usage(11, 7)"#;
        /// Sets the HTTP status of a raw answer. 200 by default.
        status: Status = r#"raw("Hi.").status(201)"#;
        /// Adds headers to the HTTP answer: they replace the provider's headers of the same names.
        headers: Headers = r#"reply("Hi.").headers([("x-request-id", "r1")])"#;
        /// Names the turn. Tests use the name in `mock.wait_for_turn("first_answer")`.
        named: Turn = r#"reply("Hi.").named(first_answer)"#;
    }

    /// What a turn answers to.
    MATCHERS = matchers {
        /// The last message, apart from instructions, is a user message whose text contains the pattern.
        user: Pattern = r#"on(user("hello")).reply("Hi.")"#;
        /// A user message contains the pattern, the last one or any before it.
        any_user_message: Pattern = r#"on(any_user_message("hello")).reply("Hi.")"#;
        /// The instructions contain the pattern.
        system: Pattern = r#"on(system("hello")).reply("Hi.")"#;
        /// The request asks for this model: the pattern matches its whole name.
        model: Pattern = r#"on(model("gpt-4*")).reply("Hi.")"#;
        /// The HTTP request has a header of this name whose whole value matches the pattern. In process it never holds.
        header: HeaderPattern = r#"on(header("x-session", "{id}")).reply("This is session {id}.")"#;
        /// The HTTP request is for this path, and has this method if the pattern contains one. In process it never holds.
        path: PathPattern = r#"rules = match request { path("GET /v1/files/*") => raw("{}") }"#;
        /// The request has a result of this tool since the last assistant message.
        tool_result: ToolName = r#"on(tool_result(get_weather)).reply("{get_weather.temp} °C.")"#;
        /// The request offers this tool.
        has_tool: ToolName = r#"on(has_tool(get_weather)).reply("Hi.")"#;
        /// At least one of these matchers holds.
        any_of: Matchers = r#"on(any_of(user("hello"), user("hi"))).reply("Hi.")"#;
        /// All of these matchers hold. In a turn, `on(a, b)` is the same; use it in `any_of(..)`, in `not(..)` and in rules.
        all_of: Matchers = r#"on(all_of(user("hello"), model("gpt-4*"))).reply("Hi.")"#;
        /// This matcher does not hold; it captures nothing.
        not: Matcher = r#"on(not(user("hello"))).reply("Hi.")"#;
        /// The closure returns whether it holds.
        when: Predicate = "on(when(|request| ..)).reply(\"Hi.\")";
    }

    /// What `otherwise` may be.
    OTHERWISE = otherwise as OtherwiseWord [ACTIONS] {
        /// At the end of the script, its last turn continues to answer.
        repeat_last: Nothing = "otherwise = repeat_last";
        /// At the end of the script, it starts again.
        cycle: Nothing = "otherwise = cycle";
    }

    /// What `per` may be.
    PER = per as PerWord [MATCHERS] {
        /// Each conversation, recognized by its messages.
        conversation: Nothing = "per = conversation";
        /// Each model name; with a pattern, each text that it captures in the name.
        model: Pattern = r#"per = model("{family}-*")"#;
        /// Each value of this header.
        header: Nothing = r#"per = header("x-session")"#;
    }

    /// The values of `latency` that are not times.
    LATENCIES = latencies {
        /// Longer with each call: 100 ms, 110 ms, 120 ms.
        growing: Nothing = "latency = growing(100ms, 0.10)";
        /// A call that would take longer fails with `timeout` at once.
        timeout_over: Time = "latency = (80ms..200ms).timeout_over(150ms)";
    }

    /// The values of `usage` that are not numbers.
    COSTS = costs {
        /// The provider does not report it.
        none: Nothing = r#"reply("Hi.").usage(none)"#;
    }

    /// What `usage` may be.
    USAGES = usages [COSTS] {
        /// Four characters to a token.
        estimate: Nothing = "usage = estimate";
        /// The tokens of the request and of the answer.
        usage: Nothing = "usage = usage(11, 7)";
    }

    /// What requests may ask for.
    CAPABILITIES = capabilities {
        /// Answers may be streamed.
        streaming: Nothing = "capabilities = [streaming]";
        /// Requests may offer tools.
        tools: Nothing = "capabilities = [tools]";
    }

    /// What `allow` may hold.
    ALLOWANCES = allowances {
        /// Turns may be left over at the end.
        unused_turns: Nothing = "allow = [unused_turns]";
        /// A turn may call a tool that the request does not offer.
        unoffered_tools: Nothing = "allow = [unoffered_tools]";
        /// Secrets may be in this field of the cassette's bodies. Repeat it for another field.
        secrets: Secret = r#"allow = [secrets("messages.*.content")]"#;
        /// A tool call may lack its result, or a result its call.
        broken_conversations: Nothing = "allow = [broken_conversations]";
    }

    /// What `expect` may hold.
    EXPECTATIONS = expectations {
        /// The mock gets this many calls: a number or a range.
        calls: Bounds = "expect = [calls(2..=4)]";
        /// The matcher holds for at least one request.
        sent: Matcher = r#"expect = [sent(system("terse"))]"#;
        /// The matcher holds for no request.
        never_sent: Matcher = r#"expect = [never_sent(any_user_message("password"))]"#;
        /// At least one request offers this tool to the model.
        offered: ToolName = "expect = [offered(get_weather)]";
        /// At least one request has a result of this tool that contains this JSON.
        result: Result = "expect = [result(get_weather, object { temp: 18 })]";
        /// The first result of one tool came before the first result of another.
        order: ToolName = "expect = [order(search, fetch)]";
        /// All calls are over within this time on tokio's clock.
        within: Time = "expect = [within(30s)]";
        /// The tokens of all answers, those of their prompts included, add up to a number in this range.
        tokens: Bounds = "expect = [tokens(..=4_000)]";
        /// The caller honoured each `retry_after`, and there was at least one to honour.
        waited_retry_after: Nothing = "script = [fail(rate_limit)], expect = [waited_retry_after]";
        /// Every call received its answer, which may be a failure.
        every_call_answered: Nothing = "expect = [every_call_answered]";
        /// The caller dropped a call before its end, and starts no other after that.
        nothing_after_cancel: Nothing = "expect = [nothing_after_cancel]";
        /// Each request of a conversation begins with the exact text of the request before it. Over the wire only.
        prompt_prefix_stable: Nothing = "expect = [prompt_prefix_stable]";
    }

    /// Kinds of failure.
    KINDS = kinds {
        /// The answer took too long.
        timeout: Field = "fail(timeout)";
        /// There were too many requests; it takes `retry_after`.
        rate_limit: Field = "fail(rate_limit)";
        /// The key is not valid.
        auth: Field = "fail(auth)";
        /// The connection was lost, or never made.
        connection: Field = "fail(connection)";
        /// The answer could not be read.
        invalid_response: Field = "fail(invalid_response)";
        /// Some other failure.
        generic: Field = "fail(generic)";
        /// The provider is overloaded; it takes `retry_after`.
        overloaded: Field = "fail(overloaded)";
        /// The provider had an internal error; it takes `retry_after`.
        server_error: Field = "fail(server_error)";
        /// The request is not valid.
        bad_request: Field = "fail(bad_request)";
        /// The request is longer than the model can read.
        context_length: Field = "fail(context_length)";
        /// The provider refused the content.
        content_filter: Field = "fail(content_filter)";
        /// The key does not permit this.
        permission: Field = "fail(permission)";
        /// The model does not exist.
        not_found: Field = "fail(not_found)";
        /// The account has no quota left.
        quota: Field = "fail(quota)";
    }

    /// Fields of a failure.
    FIELDS = fields {
        /// The message of the failure, a template. By default that of the kind.
        message: Text = r#"fail(overloaded { message: "too busy" })"#;
        /// How long to wait before the next try.
        retry_after: Nothing = "fail(rate_limit { retry_after: 2s })";
        /// The HTTP status. By default that of the kind.
        status: Nothing = "fail(server_error { status: 502 })";
        /// The provider's code for the failure. By default that of the kind.
        code: Nothing = r#"fail(generic { code: "session_expired" })"#;
        /// Headers that are sent over the wire, in place of the provider's headers of the same names.
        headers: Nothing = r#"fail(server_error { headers: [("server", "gateway")] })"#;
        /// The body that is sent over the wire unchanged, in place of the provider's.
        body: Nothing = r#"fail(server_error { body: "<h1>Bad Gateway</h1>" })"#;
    }

    /// What may stand in `error_after(..)`.
    FAULTS = faults [KINDS, PLACES] {
    }

    /// The places of a fault that are not numbers or times.
    PLACES = places as AfterWord {
        /// After the content, before the finish reason.
        all: Nothing = r#"reply("One two.").cut_after(all)"#;
        /// After the finish reason and the usage, before the end mark.
        finish: Nothing = r#"reply("One two.").end_after(finish)"#;
        /// After everything; for stalls only.
        done: Nothing = r#"reply("One two.").stall_after(done)"#;
    }

    /// Types of tools' arguments and results.
    TYPES = types {
        /// A text.
        string: Scalar = "string";
        /// A whole number.
        integer: Scalar = "integer";
        /// A number.
        number: Scalar = "number";
        /// `true` or `false`.
        boolean: Scalar = "boolean";
        /// Any JSON.
        json: Anything = "json";
        /// `list(string)`: a list of one type.
        list: Type = "list(string)";
        /// `optional(string)`: it may be missing or `null`.
        optional: Type = "optional(string)";
        /// `one_of("a", "b")`: one of these texts.
        one_of: Values = r#"one_of("a", "b")"#;
        /// `object { name: string }`: fields, each of its type.
        object: TypeMember = "object { name: string }";
    }

    /// What may follow a tool, or the type of an argument.
    LINKS = links {
        /// The name on the wire, if Rust cannot spell it.
        named: Nothing = r#"tools = [get_weather.named("..")]"#;
        /// This text as the arguments, JSON or not.
        raw: Nothing = r#"script = [call(get_weather.raw(".."))]"#;
        /// The id of a tool call, a template. If the turn may answer more than once, it must contain `{call}`.
        id: Text = r#"script = [call(get_weather.id("call_7"))]"#;
        /// The fields of the tool's results.
        returns: Type = "tools = [get_weather.returns(object { temp: number })]";
    }

    /// How a streamed text is cut into pieces.
    SPLITS = splits as SplitWord {
        /// Words, each with the white space after it.
        words: Nothing = r#"reply("One two.").split(words)"#;
        /// Pieces of this many characters.
        chars: Nothing = r#"reply("One two.").split(chars(4))"#;
        /// Pieces of a random number of characters, from the test's seed.
        random: Nothing = r#"reply("One two.").split(random(1..=12))"#;
        /// One piece.
        whole: Nothing = r#"reply("One two.").split(whole)"#;
    }

    /// How events that are due at one time are written.
    FLUSHES = flushes {
        /// Each in its own chunk.
        each: Nothing = r#"stream(["Hel", "lo"]).flush(each)"#;
        /// Each byte in its own chunk, so that a chunk ends within every character of several bytes.
        bytes: Nothing = r#"reply("Ça va.").flush(bytes)"#;
    }

    /// Why a model stops.
    FINISHES = finishes as FinishWord {
        /// The answer was complete.
        stop: Nothing = r#"reply("Hi.").finish(stop)"#;
        /// The answer reached the token limit.
        length: Nothing = r#"reply("One two").finish(length)"#;
        /// The model calls tools.
        tool_calls: Nothing = r#"reply("Let me look.").finish(tool_calls)"#;
        /// The provider refused the content.
        content_filter: Nothing = r#"reply("I").finish(content_filter)"#;
        /// Another reason, in the provider's own word.
        other: Nothing = r#"reply("Hi.").finish(other("pause_turn"))"#;
        /// The provider does not report it.
        none: Nothing = r#"reply("Hi.").finish(none)"#;
    }

    /// What may stand in place of a text.
    TEXTS = texts {
        /// A regular expression in place of a pattern; its named groups are captures.
        regex: Regex = r#"on(user(regex(r"in (?<city>\w+)"))).reply("In {city}.")"#;
        /// A text that is not a template.
        verbatim: Nothing = r#"reply(verbatim("{\"as\": \"it is\"}"))"#;
    }

    /// What every template knows.
    VARIABLES = variables {
        /// The text of the user's last message.
        user: Nothing = r#"reply("You said: {user}")"#;
        /// The model that the request asks for.
        model: Nothing = r#"reply("I am {model}.")"#;
        /// The number of the call, from 1.
        call: Nothing = r#"reply("Call {call}.")"#;
    }
}
