//! `TestJournal`: the calls of all mocks of a test.

use mock_core::{MockProvider, TestJournal, provider_test};

use crate::helpers::ask;

#[provider_test]
async fn the_journal_has_the_calls_of_every_mock(
    journal: TestJournal,
    #[mock(reply("Hi."))] llm: MockProvider,
) {
    let own = MockProvider::script([mock_core::builder::reply("Ho.")]);
    llm.answer(ask()).await.expect("an answer");
    let calls = |journal: &TestJournal| {
        let calls = journal.calls().into_iter();
        calls
            .map(|(mock, calls)| (mock, calls.len()))
            .collect::<Vec<_>>()
    };
    let expected = |own: usize| [("llm".to_owned(), 1), ("mock".to_owned(), own)];
    assert_eq!(calls(&journal), expected(0));
    own.answer(ask()).await.expect("an answer");
    assert_eq!(calls(&journal), expected(1));
}
