//! Images: what the model is shown, and a model that cannot see.

use mock_core::provider_test;
use mock_core::{ErrorKind, Image, Message, MockProvider, Part, ProviderError, Request, Role};

/// Code under test: has a picture described.
async fn describe(llm: &MockProvider, url: &str) -> Result<String, ProviderError> {
    let parts = vec![
        Part::Text("What is in this picture?".into()),
        Part::Image(Image::Url(url.into())),
    ];
    let request = Request::new("gpt-4o").with_message(Message::new(Role::User, parts));
    Ok(llm.answer(request).await?.text().into_owned())
}

/// Whether the last message has a picture.
fn shows_a_picture(request: &Request) -> bool {
    let parts = request.last_message().map(|message| &message.parts);
    parts.is_some_and(|parts| parts.iter().any(|part| matches!(part, Part::Image(_))))
}

#[provider_test]
async fn the_picture_is_sent(
    #[mock(on(user("picture"), when(|request| shows_a_picture(request))).reply("A cat."))]
    llm: MockProvider,
) {
    let url = "https://example.com/cat.png";
    assert_eq!(describe(&llm, url).await.unwrap(), "A cat.");
}

#[provider_test]
async fn a_model_that_cannot_see_rejects_it(
    #[mock(fail(bad_request { message: "{model} takes no images" }))] llm: MockProvider,
) {
    let error = describe(&llm, "https://example.com/cat.png")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::BadRequest);
    assert_eq!(error.message, "gpt-4o takes no images");
}
