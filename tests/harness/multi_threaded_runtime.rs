//! The flavors of the runtime: one thread, or several with `flavor = "multi_thread"`.

use std::thread;

use mock_core::{mock_provider, provider_test};

use crate::helpers::*;

#[provider_test(flavor = "multi_thread", clock = "real", worker_threads = 3)]
async fn tasks_run_on_worker_threads_and_their_mocks_are_of_the_test(llm: Greeter) {
    let here = thread::current().id();
    let task = tokio::spawn(async move {
        let of_task = mock_provider!(reply("made in a task"));
        let text = of_task.answer(ask()).await.expect("an answer");
        let hi = llm.answer(ask()).await.expect("an answer");
        (
            text.text().into_owned(),
            hi.text().into_owned(),
            thread::current().id(),
        )
    });
    let (text, hi, there) = task.await.expect("the task ends");
    assert_eq!((&*text, &*hi), ("made in a task", "Hi."));
    assert_ne!(here, there);
}
