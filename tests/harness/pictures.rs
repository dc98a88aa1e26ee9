//! Pages of tests in the folder that `MOCK_CORE_PICTURES` names, and how they look in a browser.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, process, thread};

use futures::TryStreamExt as _;
use mock_core::{MockProvider, ProviderError, Request, TestSeed, mock_provider, provider_test};
use tests::tries_all;

use crate::helpers::run_alone;
use crate::helpers::*;

mock_provider!(
    Weather = openai("gpt-4o"),
    latency = 50ms,
    tools = [get_weather { city: string }],
    script = [
        on(user("weather in {city}")).call(get_weather { city: "{city}" }),
        fail(rate_limit { retry_after: 2s }),
        stream(["It is ", "18 °C ", "and sunny ", "in Paris."])
            .ttft(300ms)
            .every(80ms)
            .cut_after(3),
        on(user("weather in {city}"))
            .stream(["It is ", "18 °C."])
            .ttft(300ms)
            .every(80ms),
        on(user("thank you")).reply("You are welcome."),
    ],
);

/// Code under test: it asks until an answer is complete.
async fn ask_until_complete(llm: &MockProvider, request: Request) -> Result<usize, ProviderError> {
    loop {
        let answer = async {
            let events = llm.answer_stream(request.clone()).await?;
            events.try_collect::<Vec<_>>().await
        };
        match answer.await {
            Ok(events) => return Ok(events.len()),
            Err(error) if error.is_retryable() => {
                tokio::time::sleep(error.retry_after.unwrap_or_default()).await;
            }
            Err(error) => return Err(error),
        }
    }
}

#[provider_test]
#[ignore = "run by the tests below"]
async fn goes_wrong(llm: Weather) -> Result<(), ProviderError> {
    let request = Request::new("gpt-4o")
        .system(
            "You answer questions about the weather. Be brief, and say where a number comes from.",
        )
        .user("What is the weather in Paris?")
        .with_tools(llm.tool_definitions());
    let called = llm.answer(request.clone()).await?;
    let id = called.tool_calls().next().expect("a call").id.clone();
    let result = mock_core::Message::tool(&id, r#"{"temp": 18, "sky": "sunny"}"#);
    let request = request.with_message(called.message).with_message(result);
    ask_until_complete(
        &llm,
        request.clone().user("What is the weather in Paris, then?"),
    )
    .await?;
    ask_until_complete(&llm, request.user("Thanks a lot")).await?;
    Ok(())
}

#[provider_test]
#[ignore = "run by the tests below"]
async fn passes(#[mock(reply("Hi."))] llm: MockProvider) {
    llm.answer(ask()).await.expect("an answer");
}

#[provider_test]
#[ignore = "run by the tests below"]
async fn panics(#[mock(reply("Hi."))] llm: MockProvider) {
    llm.answer(ask()).await.expect("an answer");
    panic!("it says <b>no</b>");
}

#[provider_test]
#[should_panic = "no"]
#[ignore = "run by the tests below"]
async fn should_panic(#[mock(reply("Hi."))] _llm: MockProvider) {
    panic!("no");
}

#[provider_test]
#[ignore = "run by the tests below"]
async fn gets_stuck(#[mock(gate("door").reply("Hi."))] llm: MockProvider) {
    llm.answer(ask()).await.expect("an answer");
}

#[provider_test(sweep = faults)]
#[ignore = "run by the tests below"]
async fn swept(#[mock(reply("Hi."))] llm: MockProvider) -> Result<(), ProviderError> {
    let answer = llm.answer(ask()).await;
    assert!(answer.is_ok(), "it did not wait");
    Ok(())
}

#[provider_test(sweep = [pieces])]
#[ignore = "run by the tests below"]
async fn swept_by_pieces(#[mock(reply("One two."))] llm: MockProvider) -> Result<(), &'static str> {
    let events = llm.answer_stream(ask()).await.expect("a stream");
    let events: Vec<_> = events.try_collect().await.expect("all of it");
    match events.len() {
        3 => Ok(()),
        _ => Err("the pieces are others"),
    }
}

#[provider_test(sweep = [arguments])]
#[ignore = "run by the tests below"]
async fn swept_by_arguments(
    #[mock(script = [
        call(look { at: "it" }),
        on(any_user_message("it"), not(any_user_message("nothing"))).reply("Hi."),
    ], allow = [unoffered_tools])]
    llm: MockProvider,
) -> Result<(), ProviderError> {
    let called = llm.answer(ask()).await?;
    let call = called.tool_calls().next().expect("a call");
    let text = match call.arguments.contains("it") {
        true => "it",
        false => "nothing",
    };
    let result = mock_core::Message::tool(&call.id, text);
    let request = ask().with_message(called.message.clone());
    llm.answer(request.with_message(result).user(text)).await?;
    Ok(())
}

#[provider_test(seeds = 0..20)]
#[ignore = "run by the tests below"]
async fn seeded(#[mock(reply("Hi.").times(2))] llm: MockProvider) {
    let (first, second) = (llm.answer(ask()), llm.answer(ask()));
    let (mut first, mut second) = (std::pin::pin!(first), std::pin::pin!(second));
    let is_first = tokio::select! {
        biased;
        _ = &mut first => true,
        _ = &mut second => false,
    };
    match is_first {
        true => second.await,
        false => first.await,
    }
    .expect("an answer");
    assert!(is_first, "the second came first");
}

#[provider_test(seeds = 3..5)]
#[ignore = "run by the tests below"]
async fn seeded_well(#[mock(reply("Hi."))] llm: MockProvider, seed: TestSeed) {
    let answer = llm.answer(ask()).await.expect("an answer");
    assert_eq!((&*answer.text(), seed.0 / 2), ("Hi.", seed.0 - 2));
}

#[provider_test(seeds = 0..20, chaos = [cut(0.5)])]
#[ignore = "run by the tests below"]
async fn chaotic(#[mock(reply("Hi."))] llm: MockProvider) -> Result<(), ProviderError> {
    let answer = llm.answer(ask()).await;
    assert!(answer.is_ok(), "it did not wait");
    Ok(())
}

/// A folder of its own, in which pages are written.
struct Pictures(PathBuf);

impl Pictures {
    fn new(name: &str) -> Self {
        let name = format!("mock-core-pictures-{}-{name}", process::id());
        Pictures(env::temp_dir().join(name))
    }

    /// Runs this test, and returns its page and whether it passed.
    fn of(&self, test: &str, page: &str) -> (String, bool) {
        let folder = self.0.to_str().expect("a path in UTF-8");
        let variables = [("MOCK_CORE_PICTURES", folder)];
        let (passed, _) = run_alone(&format!("pictures::{test}"), &variables);
        let page = self.0.join(format!("harness.pictures.{test}{page}"));
        (fs::read_to_string(page).expect("a page"), passed)
    }
}

impl Drop for Pictures {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn each_test_has_a_page_that_says_how_it_ended() {
    let pictures = Pictures::new("each");
    let expected = [
        ("passes", ".html", &["passed", "answered call 1"][..]),
        ("should_panic", ".html", &["passed"]),
        (
            "panics",
            ".failed.html",
            &["failed", "it says &lt;b&gt;no&lt;/b&gt;"],
        ),
        (
            "gets_stuck",
            ".failed.html",
            &["failed", "the test cannot end", "in flight"],
        ),
        (
            "goes_wrong",
            ".failed.html",
            &["went wrong here", "thank you", "connection"],
        ),
    ];
    // Five processes write into the folder at the same time.
    thread::scope(|scope| {
        for (test, ending, parts) in expected {
            let pictures = &pictures;
            scope.spawn(move || {
                let (page, passed) = pictures.of(test, ending);
                assert_eq!(passed, ending == ".html", "{test}");
                for part in parts {
                    assert!(page.contains(part), "no {part} in {page}");
                }
            });
        }
    });
    let index = fs::read_to_string(pictures.0.join("index.html")).expect("an index");
    assert_eq!(index.matches("<li class=\"failed\">").count(), 3, "{index}");
    assert_eq!(index.matches("<li class=\"passed\">").count(), 2, "{index}");
}

#[test]
fn the_page_of_several_runs_is_of_the_first_that_failed_or_of_the_only_one() {
    let pictures = Pictures::new("several");
    for (test, parts) in [
        ("swept", &["the sweep failed in", "timeout"][..]),
        ("seeded", &["the second came first", "the test fails with"]),
        ("chaotic", &["the test fails with", ": cut_after(all)"]),
    ] {
        let (page, passed) = pictures.of(test, ".failed.html");
        assert!(!passed && page.contains("answered call"), "{page}");
        assert!(!page.contains("\u{1b}"), "{page}");
        for part in parts {
            assert!(page.contains(part), "no {part} in {page}");
        }
    }
    // If none failed, it is of the first.
    let (page, passed) = pictures.of("seeded_well", ".html");
    assert!(passed && page.contains("answered call 1"), "{page}");
    assert!(page.contains("seed 3"), "{page}");
    let folder = pictures.0.to_str().expect("a path in UTF-8");
    let only = [
        ("MOCK_CORE_PICTURES", folder),
        ("MOCK_CORE_SWEEP", "1"),
        ("CLICOLOR_FORCE", "1"),
    ];
    run_alone("pictures::swept", &only);
    let page = pictures.0.join("harness.pictures.swept.failed.html");
    let page = fs::read_to_string(page).expect("a page");
    assert!(
        page.contains("it did not wait") && !page.contains("the sweep failed"),
        "{page}"
    );
    assert!(!page.contains("\\u{1b}"), "{page}");
}

#[test]
fn the_page_of_a_run_alone_says_passed_if_the_run_passes() {
    let pictures = Pictures::new("alone");
    let folder = pictures.0.to_str().expect("a path in UTF-8");
    for (test, passes) in [
        ("swept", false),
        ("swept_by_pieces", false),
        ("swept_by_arguments", true),
    ] {
        let only = [("MOCK_CORE_PICTURES", folder), ("MOCK_CORE_SWEEP", "1")];
        let (passed, printed) = run_alone(&format!("pictures::{test}"), &only);
        assert_eq!(passed, passes, "{test}: {printed}");
        for (ending, is_there) in [(".html", passes), (".failed.html", !passes)] {
            let page = format!("harness.pictures.{test}{ending}");
            let page = pictures.0.join(page);
            assert_eq!(page.exists(), is_there, "{test}{ending}");
        }
    }
}

#[test]
fn the_page_of_a_test_is_the_same_in_every_run() {
    let pictures = Pictures::new("same");
    let (first, _) = pictures.of("goes_wrong", ".failed.html");
    let (second, _) = pictures.of("goes_wrong", ".failed.html");
    assert_eq!(first, second);
}

/// A browser, where one is installed.
fn browser() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let mut candidates = env::split_paths(&path).flat_map(|folder| {
        ["chromium", "chromium-browser", "google-chrome"].map(|name| folder.join(name))
    });
    candidates.find(|candidate| candidate.is_file())
}

/// Runs the browser on a page, and returns what it prints.
fn browse(browser: &Path, profile: &Path, arguments: &[&str], page: &Path) -> String {
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .args(arguments)
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("the browser runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A page that shows another one as wide as a screen, and says what it finds in it.
fn probe(page: &str, width: u32) -> String {
    let page = page.replace('&', "&amp;").replace('"', "&quot;");
    format!(
        "<!DOCTYPE html><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\"><style>body {{ margin: 0 }}</style>\
         <iframe style=\"border:0;width:{width}px;height:2600px\" srcdoc=\"{page}\"></iframe><script>\
         onload = () => {{ const inner = document.querySelector('iframe').contentDocument; const root = inner.documentElement;\
         const failing = inner.querySelector('.call.failing'); const seen = failing.getBoundingClientRect();\
         document.body.dataset.found = [root.clientWidth, root.scrollWidth, seen.width > 0 && seen.height > 0,\
         failing.id, inner.querySelectorAll('.turn.failing').length, inner.querySelectorAll('.tick').length > 4].join(' ') }}\
         </script>"
    )
}

#[test]
fn a_browser_shows_the_failing_turn_on_a_screen_and_on_a_phone() {
    if !tries_all() {
        return eprintln!("skipped: it takes seconds, set `TRY_ALL=1`");
    }
    let Some(browser) = browser() else {
        eprintln!("skipped: no chromium, chromium-browser or google-chrome is in PATH");
        return;
    };
    let pictures = Pictures::new("browser");
    let (page, _) = pictures.of("goes_wrong", ".failed.html");
    let profile = pictures.0.join("profile");
    // To look at them afterwards.
    let shots = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for (width, scheme) in [(1_280, 1), (1_280, 0), (375, 1), (375, 0)] {
        let probed = pictures.0.join("probe.htm");
        fs::write(&probed, probe(&page, width)).expect("it is written");
        let scheme_argument = format!("--blink-settings=preferredColorScheme={scheme}");
        let dom = browse(
            &browser,
            &profile,
            &[&scheme_argument, "--dump-dom"],
            &probed,
        );
        let found = format!("data-found=\"{width} {width} true mock-1-call-5 1 true\"");
        assert!(
            dom.contains(&found),
            "no {found} in {}",
            &dom[dom.len().saturating_sub(300)..]
        );
        let name = ["dark", "light"][scheme];
        let shot = shots.join(format!("picture-{width}-{name}.png"));
        let shot_argument = format!("--screenshot={}", shot.display());
        let size = format!("--window-size={},2600", width.max(500));
        browse(
            &browser,
            &profile,
            &[&scheme_argument, &shot_argument, &size],
            &probed,
        );
        assert!(fs::metadata(&shot).expect("a screenshot").len() > 10_000);
    }
}
