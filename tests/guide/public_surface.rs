//! What is public can evolve: these rules hold for each public type and trait, also for one that is added.
//!
//! The sources are read as text, as rustfmt writes them.

use std::error::Error;
use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};

use mock_core::builder::*;
use mock_core::cassette::Cassette;
use mock_core::scenario::{self, Scenario};
use mock_core::wire::{self, anthropic, openai};
use mock_core::{
    Allow, Call, Calls, CallsIter, Capabilities, Driver, Ending, ErrorKind, EventStream,
    EventStreamFuture, Exchange, FinishReason, Gate, HeldClock, Image, Message, MockProvider,
    MockServer, Outcome, Part, ProviderError, RawResponse, Reasoning, Recorder, Report, Request,
    Response, ResponseFuture, Role, StreamEvent, TestClock, TestSeed, ToolCall, ToolDefinition,
    ToolResult, Usage,
};

use crate::helpers::{read, root};

/// Traits that users implement. All others are sealed.
const OPEN: [&str; 5] = [
    "FromLiteral",
    "FromMock",
    "FromRendered",
    "FromTest",
    "Provider",
];

/// Types whose public fields are all that they will ever have.
const EXHAUSTIVE: [&str; 1] = ["TestSeed"];

/// A type or a trait that users can name.
struct Item {
    file: PathBuf,
    kind: String,
    name: String,
    /// The attributes before it and its first line.
    head: String,
    /// The lines in its braces.
    body: Vec<String>,
}

impl Item {
    /// The names of the fields, or the variants, that its docs show.
    fn shown(&self) -> Vec<&str> {
        let mut shown = Vec::new();
        let mut is_hidden = false;
        let own = self
            .body
            .iter()
            .filter_map(|line| line.strip_prefix("    "));
        for line in own {
            let word = line.strip_prefix("pub ").unwrap_or(line);
            match word.chars().next() {
                Some('#') => is_hidden |= word.starts_with("#[doc(hidden)]"),
                Some(first) if first.is_alphabetic() => {
                    if !is_hidden && (self.kind == "enum" || line != word) {
                        shown.push(word.split([':', '(', ' ', ',']).next().unwrap_or(word));
                    }
                    is_hidden = false;
                }
                _ => {}
            }
        }
        shown
    }

    fn is_open_ended(&self) -> bool {
        self.head.contains("#[non_exhaustive]")
    }
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        if path.is_dir() {
            if name != "tests" && name != "private" {
                sources(&path, files);
            }
        } else if name != "tests.rs" {
            files.push(path);
        }
    }
}

/// The names that `pub use` makes public, and those that stand in a public module itself.
fn public_names() -> Vec<String> {
    let src = root().join("mock-core/src");
    let mut names = Vec::new();
    let mut roots: Vec<_> = ["lib", "testkit", "scenario/mod", "wire/mod"]
        .into_iter()
        .chain(["wire/openai/mod", "wire/anthropic/mod"])
        .map(|file| src.join(format!("{file}.rs")))
        .collect();
    sources(&src.join("builder"), &mut roots);
    for file in roots {
        let text = read(&file);
        // Only `pub use` at the beginning of a line counts: others are within a module of the file.
        let own = text.split("\npub use ").skip(1);
        for used in own.filter_map(|rest| rest.split_once(';')) {
            let words = used.0.split(|c: char| !c.is_alphanumeric() && c != '_');
            names.extend(words.map(str::to_owned));
        }
        let items = text
            .lines()
            .filter_map(|line| item_of(line.strip_prefix("pub ")?));
        names.extend(items.map(|(_, name)| name.to_owned()));
    }
    names
}

/// The kind and the name of the type or the trait that this line begins.
fn item_of(line: &str) -> Option<(&str, &str)> {
    let (kind, rest) = line.split_once(' ')?;
    let name = rest
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()?;
    matches!(kind, "struct" | "enum" | "trait").then_some((kind, name))
}

fn items() -> Vec<Item> {
    let mut files = Vec::new();
    sources(&root().join("mock-core/src"), &mut files);
    let public = public_names();
    let mut items = Vec::new();
    for file in files {
        let text = read(&file);
        let lines: Vec<_> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let Some((kind, name)) = line.strip_prefix("pub ").and_then(item_of) else {
                continue;
            };
            if !public.iter().any(|known| known == name) {
                continue;
            }
            let before = lines[..at].iter().rposition(|line| line.is_empty());
            let head = lines[before.map_or(0, |before| before + 1)..=at].join("\n");
            let body = lines[at + 1..].iter().take_while(|line| **line != "}");
            let is_block = line.ends_with('{');
            items.push(Item {
                file: file.clone(),
                kind: kind.to_owned(),
                name: name.to_owned(),
                head,
                body: body
                    .filter(|_| is_block)
                    .map(|line| (*line).to_owned())
                    .collect(),
            });
        }
    }
    assert!(items.len() > 60, "{} are found", items.len());
    items
}

#[test]
fn a_public_type_can_have_more_fields_and_variants() {
    for item in items() {
        let fields = item.shown();
        let is_newtype = item.head.contains("(pub ");
        assert!(
            item.kind == "trait"
                || (fields.is_empty() && !is_newtype)
                || item.is_open_ended()
                || EXHAUSTIVE.contains(&&*item.name),
            "{}: `{}` shows {fields:?}: write `#[non_exhaustive]`, or `#[doc(hidden)]` before each",
            item.file.display(),
            item.name
        );
    }
}

#[test]
fn a_trait_is_sealed_or_for_users_to_implement() {
    for item in items().iter().filter(|item| item.kind == "trait") {
        let is_sealed = item.head.contains(": Sealed");
        let is_open = OPEN.contains(&&*item.name);
        let (file, name) = (item.file.display(), &item.name);
        assert!(is_sealed != is_open, "{file}: `{name}`");
    }
}

/// `fn name(mut self, ..) -> Self`, or of `self`.
#[test]
fn no_setter_shares_its_name_with_a_public_field() {
    let mut files = Vec::new();
    sources(&root().join("mock-core/src"), &mut files);
    let texts: Vec<_> = files.iter().map(|file| read(file)).collect();
    let mut setters = 0;
    for item in items() {
        for field in item.shown() {
            let impls = texts.iter().flat_map(|text| {
                let start = format!("\nimpl {} {{", item.name);
                let blocks = text.split(&start).skip(1).collect::<Vec<_>>();
                blocks
                    .into_iter()
                    .filter_map(|rest| Some(rest.split_once("\n}")?.0))
            });
            for block in impls {
                setters += block.matches(&format!("fn with_{field}(")).count();
                for receiver in ["mut self", "self"] {
                    let setter = format!("fn {field}({receiver}, ");
                    assert!(
                        !block.contains(&setter),
                        "`{}` has `{setter}..)`",
                        item.name
                    );
                    let setter = format!("fn {field}({receiver}) -> Self");
                    assert!(!block.contains(&setter), "`{}` has `{setter}`", item.name);
                }
            }
        }
    }
    assert!(setters > 10, "{setters} are found");
}

#[test]
fn items_for_expansions_are_not_public() {
    let public = public_names();
    for name in [
        "Action",
        "Arguments",
        "Delay",
        "Fault",
        "FaultKind",
        "Field",
        "List",
        "Make",
        "Node",
        "Pace",
        "Parameters",
        "PatternSegment",
        "TemplateSegment",
        "SourceLocation",
        "Predicate",
        "Respond",
        "Responder",
        "ScriptedCall",
        "Str",
        "Template",
        "TestSpec",
        "TypedArguments",
        "Until",
        "Variable",
        "When",
    ] {
        assert!(
            !public.iter().any(|known| known == name),
            "`{name}` is public"
        );
    }
}

#[test]
fn the_private_path_has_the_version_in_it() {
    let version = env!("CARGO_PKG_VERSION").replace(['.', '-', '+'], "_");
    let module = format!("#[doc(hidden)]\npub mod __private_{version} {{");
    assert!(read(&root().join("mock-core/src/lib.rs")).contains(&module));
}

#[test]
fn public_types_can_be_shown_sent_and_shared() {
    fn is<T: Debug + Send + Sync + 'static>() {}
    fn is_a_copy<T: Debug + Clone + Send + Sync + 'static>() {}
    fn is_sent<T: Debug + Send + 'static>() {}
    fn is_an_error<T: Error + Clone + PartialEq + Send + Sync + 'static>() {}
    fn is_data<T: Debug + Clone + PartialEq + Send + Sync + 'static>() {}

    is_data::<(Allow, Capabilities, ErrorKind, FinishReason, Usage)>();
    is_data::<(Image, Message, Part, Reasoning, Role, ToolCall, ToolResult)>();
    is_data::<(Request, ToolDefinition, Response, StreamEvent, RawResponse)>();
    is_data::<(Outcome, Ending, TestSeed, wire::ErrorResponse)>();
    is_data::<(
        scenario::After,
        scenario::Count,
        scenario::Latency,
        scenario::Pattern,
    )>();
    is_data::<(
        scenario::Profile,
        scenario::Schema,
        scenario::Split,
        scenario::Text,
    )>();
    is_data::<(scenario::Failure, scenario::TurnIndex)>();
    is_a_copy::<(Scenario, scenario::Matcher, scenario::Otherwise)>();
    is_a_copy::<(scenario::Tool, scenario::Turn)>();
    is_a_copy::<(MockProvider, MockServer, Gate, Driver, Calls, TestClock)>();
    is_a_copy::<(openai::StreamReader, openai::StreamWriter)>();
    is_a_copy::<(anthropic::StreamReader, anthropic::StreamWriter)>();
    is::<(
        Call,
        CallsIter<'static>,
        Exchange,
        HeldClock,
        wire::RuleScope,
        wire::Rule,
    )>();
    is_sent::<(ResponseFuture, EventStreamFuture, EventStream)>();

    is_an_error::<ProviderError>();
    is_an_error::<Report>();
    is_an_error::<scenario::ScenarioError>();
    is_an_error::<scenario::PatternError>();
    is_an_error::<scenario::TemplateError>();
    is_an_error::<wire::ReadError>();
    is_an_error::<wire::WriteError>();
}

/// `unwrap` prints `Debug`. Of an error, that is the message, or has it within.
#[test]
fn each_public_error_has_its_message_in_debug() {
    let cassette = Cassette::parse("when:\n  path: '/'s'").expect_err("it is not YAML");
    let recorder = Recorder::new("tests/cassettes/missing.yaml").expect("it is not made yet");
    let not_recorded = recorder.serve("https://api.openai.com");
    let report = MockProvider::script([reply("Hi.")]).verify();
    let mut busy = ProviderError::new(ErrorKind::RateLimit);
    busy.message = "say \"when\"".to_owned();
    let unread = anthropic::read_request(serde_json::json!({"model": 1}));
    let unwritten = wire::WriteError::Arguments {
        wire: "Anthropic",
        id: "call \"1\"".to_owned(),
    };
    let table: Vec<(&str, Box<dyn Error>)> = vec![
        ("CassetteError", Box::new(cassette)),
        (
            "PatternError",
            Box::new(scenario::Pattern::parse("{").expect_err("it is none")),
        ),
        ("ProviderError", Box::new(busy)),
        ("ReadError", Box::new(unread.expect_err("it is a text"))),
        (
            "RecordError",
            Box::new(not_recorded.expect_err("it is not recorded")),
        ),
        ("Report", Box::new(report.expect_err("it was not used"))),
        (
            "ScenarioError",
            Box::new(
                script([reply("a").times(0)])
                    .check()
                    .expect_err("it is none"),
            ),
        ),
        (
            "TemplateError",
            Box::new(scenario::Text::parse("{").expect_err("it is none")),
        ),
        (
            "UnknownName",
            Box::new("a".parse::<ErrorKind>().expect_err("it is none")),
        ),
        ("WriteError", Box::new(unwritten)),
    ];
    for (name, error) in &table {
        let (message, printed) = (error.to_string(), format!("{error:?}"));
        assert!(printed.contains(&message), "{name}: {printed}");
        assert!(!printed.starts_with(name), "{name}: {printed}");
    }

    let mut files = Vec::new();
    for folder in ["mock-core/src", "mock-core/cassette/src"] {
        sources(&root().join(folder), &mut files);
    }
    let mut public = Vec::new();
    for file in files {
        let text = read(&file);
        for after in text.split("\nimpl std::error::Error for ").skip(1) {
            let name = after.split(' ').next().unwrap_or_default().to_owned();
            let is_public = |kind| text.contains(&format!("\npub {kind} {name} "));
            if is_public("struct") || is_public("enum") {
                public.push(name);
            }
        }
    }
    public.sort();
    assert_eq!(public, Vec::from_iter(table.iter().map(|(name, _)| *name)));
}

/// What a test writes or calls most: each has an example that runs.
#[test]
fn each_function_of_the_builder_and_each_method_of_what_a_test_holds_has_an_example() {
    let src = root().join("mock-core/src");
    let mut files: Vec<_> = [
        "mock/assertions.rs",
        "replay_cassette/to_scenario.rs",
        "harness/test_seed_and_journal.rs",
        "harness/test_clock.rs",
        "harness/test_folder.rs",
        "pictures/mermaid.rs",
        "record/mod.rs",
        "report/mod.rs",
        "report/problem.rs",
        "scenario/turn.rs",
        "server/exchange/mod.rs",
        "server/mod.rs",
        "testkit.rs",
        "timings.rs",
        "timings/call_timings.rs",
        "transcript.rs",
    ]
    .iter()
    .map(|file| src.join(file))
    .collect();
    for folder in ["builder", "chat", "journal", "mock"] {
        sources(&src.join(folder), &mut files);
    }
    let mut lacking = Vec::new();
    let mut count = 0;
    for file in files {
        let text = read(&file);
        // Between two functions stand the docs and the attributes of the second.
        for (before, line) in functions(&text) {
            count += 1;
            if !before.contains("/// ```") && !before.contains("#[doc(hidden)]") {
                lacking.push(format!("{}: {line}", file.display()));
            }
        }
    }
    assert_eq!(lacking, [""; 0]);
    assert!(count > 300, "only {count}");
}

/// The public functions of a file, each with its docs and attributes.
fn functions(text: &str) -> Vec<(String, &str)> {
    let mut functions = Vec::new();
    let mut before = String::new();
    for line in text.lines() {
        let code = line.trim_start();
        let item = ["pub fn ", "pub const fn ", "pub async fn "];
        // A macro writes some names. Their docs are that macro's, too.
        if item.iter().any(|start| code.starts_with(start)) && !code.contains('$') {
            functions.push((std::mem::take(&mut before), line));
        } else if code.starts_with("///") || code.starts_with("#[") {
            before += code;
        } else {
            before.clear();
        }
    }
    functions
}
