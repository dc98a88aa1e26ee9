//! The report that `docs/start.md` shows of a red test.

use mock_core::{Request, mock_provider};

use crate::helpers::{blocks, read, root};

#[tokio::test]
async fn the_book_shows_what_a_red_test_prints() {
    let mock = mock_provider!(on(user("Welcome {name}.")).reply("Hi, {name}!"));
    let request = Request::new("gpt-4o").user("Greet Ada.");
    mock.answer(request)
        .await
        .expect_err("the request is not scripted");
    let report = mock.verify().expect_err("the request is not scripted");

    let start = read(&root().join("docs/start.md"));
    let shown = blocks(&start, "text").concat();

    let here = report.to_string();
    let line = here
        .split("red_test.rs:")
        .nth(1)
        .expect("the report names this file");
    let line: String = line.chars().take_while(char::is_ascii_digit).collect();
    let file = here
        .split(" (")
        .nth(1)
        .and_then(|rest| rest.split(&line).next());
    let place = format!("{}{line}", file.expect("the report names this file"));
    let expected = here
        .replace("mock `mock`", "mock `llm`")
        .replace(&place, "tests/first.rs:54");
    assert!(
        shown.contains(&expected),
        "{expected}\n\nis not in\n\n{shown}"
    );
    std::mem::forget(mock);
}
