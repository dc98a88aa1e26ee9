//! Pages of every kind of call are whole, and texts in them stay texts.

use std::path::PathBuf;
use std::{env, fs, process, thread};

use futures::{FutureExt as _, StreamExt as _};

use super::html_page::page;
use super::{Folder, Picture};
use crate::builder::*;
use crate::chat::message::{Message, ToolCall};
use crate::chat::request::Request;
use crate::mock::MockProvider;
use crate::report::{Report, RunningTasks};
use crate::scenario::Scenario;

/// What no text may do to a page.
const HOSTILE: &str =
    "</pre></div><script>alert(1)</script>\" onload='x' &amp; \u{202e}\0 {{#;%%}}";

fn ask(text: &str) -> Request {
    Request::new("gpt-4o").user(text)
}

fn drawn(mock: &MockProvider, name: &str) -> String {
    let verdicts = [mock.engine().verdict()];
    let report = Report::from_verdicts(&verdicts, RunningTasks::NONE);
    let page = page(&Picture {
        name,
        seed: 7,
        has_failed: report.is_some(),
        texts: report.iter().map(Report::to_string).collect(),
        verdicts: &verdicts,
    });
    // The page shows the problem.
    let _ = mock.verify();
    page
}

/// Asserts that each element is closed where it was opened, and that the page asks for nothing else.
#[track_caller]
fn assert_whole(page: &str) {
    let (_, style_and_body) = page.split_once("<style>").expect("a style");
    let (style, body) = style_and_body.split_once("</style>").expect("its end");
    assert!(
        !style.contains("url(") && !style.contains("@import"),
        "{style}"
    );
    for outside in ["<script", "src=", "<link", "http:", "https:", "onload='"] {
        assert!(!body.contains(outside), "{outside} in {body}");
    }
    let mut open = vec!["html", "head"];
    for tag in body.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("the end of a tag");
        let name = tag.split_whitespace().next().unwrap_or_default();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{body}"),
            // A place where a line may break has no end tag.
            None if name == "wbr" => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?} in {body}");
    assert!(page.contains("name=\"viewport\"") && page.contains("prefers-color-scheme: dark"));
}

async fn read(mock: &MockProvider, request: Request, most: usize) {
    if let Ok(events) = mock.answer_stream(request).await {
        let _: Vec<_> = events.take(most).collect().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_shows_every_way_in_which_a_call_ends() {
    let mock = MockProvider::new(
        script([
            reply("It is 18 °C."),
            fail(rate_limit().retry_after(secs(2))),
            stream(["a", "b", "c"]).ttft(ms(300)).every(ms(20)),
            stream(["a", "b"]).every(ms(20)).cut_after(1),
            stream(["a", "b"]).every(ms(20)).end_after(1),
            stream(["a", "b", "c"]).every(ms(20)),
            stream(["a"]).hang(),
        ])
        .named("llm"),
    );
    let _ = mock.answer(ask("hello")).await;
    let _ = mock.answer(ask("hello")).await;
    for most in [9, 9, 9, 2] {
        read(&mock, ask("hello").user("again"), most).await;
    }
    let mut hanging = mock.answer_stream(ask("hello")).await.expect("a stream");
    let _ = hanging.next().await;
    let page = drawn(&mock, "tests::ends");
    assert_whole(&page);
    for part in [
        "<span class=\"passed\">passed</span>",
        "mock <code>llm</code>",
        "rate_limit: status 429",
        "retry after 2s",
        "3 events",
        "connection",
        "no finish",
        "dropped",
        "in flight",
        "2 messages as in call 3",
        "turn 3 at ",
        "answered call 3",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    assert_eq!(page.matches("class=\"call\"").count(), 7);
    assert_eq!(page.matches("class=\"fault").count(), 2 * 4, "{page}");
}

#[test]
fn a_page_marks_the_call_and_the_turn_that_went_wrong() {
    let mock = MockProvider::new(script([reply("1"), on(user("two")).reply("2")]).named("llm"));
    for text in ["one", "three"] {
        let _ = mock.answer(ask(text)).now_or_never();
    }
    let page = drawn(&mock, "tests::mismatch");
    assert_whole(&page);
    assert!(
        page.contains("<span class=\"failed\">failed</span>"),
        "{page}"
    );
    assert!(
        page.contains("class=\"call failing\" id=\"mock-1-call-2\""),
        "{page}"
    );
    assert_eq!(page.matches("class=\"turn failing\"").count(), 1, "{page}");
    assert!(page.contains("<span class=\"marks\">"), "{page}");
}

#[test]
fn a_page_marks_the_turn_that_was_never_used() {
    let mock = MockProvider::new(script([reply("1")]).named("llm"));
    let page = drawn(&mock, "tests::unused");
    assert_whole(&page);
    assert!(page.contains("class=\"turn failing\""), "{page}");
    assert!(page.contains("the mock was never called"), "{page}");
}

#[tokio::test(start_paused = true)]
async fn no_text_gets_out_of_its_element() {
    let tool = ToolCall::new(HOSTILE, HOSTILE, format!("{{\"a\": {HOSTILE:?}}}"));
    let request = Request::new(HOSTILE)
        .system(HOSTILE)
        .user(HOSTILE)
        .with_message(Message::assistant(HOSTILE).with_tool_calls([tool]))
        .with_message(Message::tool(HOSTILE, HOSTILE));
    let scenario: Scenario = script([
        reply(HOSTILE).named(HOSTILE),
        fail(rate_limit().message(HOSTILE)),
        on(user(HOSTILE)).call(HOSTILE, [(HOSTILE, HOSTILE)]),
        on(system("something else")).stream([HOSTILE]),
    ])
    .named(HOSTILE)
    .provider(HOSTILE);
    let mock = MockProvider::new(scenario);
    for _ in 0..4 {
        let _ = mock.answer(request.clone()).await;
    }
    let page = drawn(&mock, HOSTILE);
    assert_whole(&page);
    assert!(page.matches("&lt;script&gt;").count() > 8, "{page}");
    assert!(!page.contains(['\u{202e}', '\0']), "{page}");
}

#[test]
fn a_long_conversation_is_shown_around_what_went_wrong() {
    let mock = MockProvider::new(
        script([reply("a").times(500), on(user("b")).reply("b").times(0..)]).named("llm"),
    );
    for _ in 0..600 {
        let _ = mock.answer(ask("hello")).now_or_never();
    }
    let page = drawn(&mock, "tests::long");
    assert_whole(&page);
    assert!(page.contains("class=\"call failing\" id=\"mock-1-call-501\""));
    assert!(page.contains("400 other calls left out"));
    assert!(page.len() < 300_000, "{}", page.len());
}

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let path = env::temp_dir().join(format!("mock-core-{}-{name}", process::id()));
    let _ = fs::remove_dir_all(&path);
    path
}

#[test]
fn an_index_lists_the_pages_of_all_threads_and_none_twice() {
    let path = folder("index");
    thread::scope(|scope| {
        for number in 0..8 {
            let path = &path;
            scope.spawn(move || {
                let folder = Folder::open(path).expect("a folder");
                for test in 0..10 {
                    let name = format!("tests::t{number}::{test}");
                    // Each fails in its first run.
                    folder.add(&name, true, "old").expect("it is written");
                    folder.add(&name, test == 0, "new").expect("it is written");
                }
            });
        }
    });
    let index = fs::read_to_string(path.join("index.html")).expect("an index");
    assert_eq!(index.matches("<li class=\"failed\">").count(), 8, "{index}");
    assert_eq!(
        index.matches("<li class=\"passed\">").count(),
        72,
        "{index}"
    );
    let files: Vec<_> = fs::read_dir(&path).expect("it is there").collect();
    assert_eq!(files.len(), 80 + 2, "the pages, the index and the lock");
    let page = path.join("tests.t3.0.failed.html");
    assert_eq!(fs::read_to_string(page).expect("a page"), "new");
    let _ = fs::remove_dir_all(&path);
}

#[test]
fn an_index_that_is_missing_or_broken_is_written_again() {
    let path = folder("broken");
    let pages = Folder::open(&path).expect("a folder");
    let index = path.join("index.html");
    let add = |test: &str| {
        pages.add(test, false, "page").expect("it is written");
        let index = fs::read_to_string(&index).expect("an index");
        index.matches("</li>\n").count()
    };
    assert_eq!(
        (add("tests::a"), add("tests::b"), add("tests::b")),
        (1, 2, 2)
    );
    fs::remove_file(&index).expect("it was there");
    assert_eq!(add("tests::b"), 2);
    fs::remove_file(&index).expect("it was there");
    assert_eq!(add("tests::c"), 3);
    fs::write(&index, "").expect("it is written");
    assert_eq!(add("tests::d"), 4);
    fs::write(&index, "<ul>\n<li class=\"pa").expect("it is written");
    assert_eq!(add("tests::e"), 5);
    let _ = fs::remove_dir_all(&path);
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error() {
    let file = folder("file");
    fs::write(&file, "").expect("a file");
    assert!(Folder::open(&file).is_err());
    assert!(Folder::open(&file.join("within")).is_err());
    let _ = fs::remove_file(&file);
}
