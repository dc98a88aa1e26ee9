//! Errors.

use super::*;

#[test]
fn a_rate_limit_says_when_to_try_again() {
    let mut error = ProviderError::at(Profile::Openai, ErrorKind::RateLimit);
    error.retry_after = Some(Duration::from_millis(1_500));
    let reply = write_error(&error, "req_1", 0).expect("it has a status");
    assert_eq!(reply.status, 429);
    let expected = [
        ("x-request-id", "req_1"),
        ("retry-after", "2"),
        ("retry-after-ms", "1500"),
        ("x-ratelimit-remaining-requests", "0"),
        ("x-ratelimit-reset-requests", "1.5s"),
    ];
    let headers: Vec<_> = reply
        .headers
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    assert_eq!(headers, expected);
    assert_eq!(
        reply.body,
        json!({ "error": {
            "message": "rate limit reached", "type": "requests", "param": null, "code": "rate_limit_exceeded",
        } })
    );
}

#[test]
fn each_error_has_the_status_type_and_code_of_the_provider() {
    let expected = [
        (ErrorKind::BadRequest, 400, "invalid_request_error", None),
        (
            ErrorKind::ContextLength,
            400,
            "invalid_request_error",
            Some("context_length_exceeded"),
        ),
        (
            ErrorKind::Auth,
            401,
            "invalid_request_error",
            Some("invalid_api_key"),
        ),
        (
            ErrorKind::NotFound,
            404,
            "invalid_request_error",
            Some("model_not_found"),
        ),
        (
            ErrorKind::Quota,
            429,
            "insufficient_quota",
            Some("insufficient_quota"),
        ),
        (ErrorKind::ServerError, 500, "server_error", None),
        (
            ErrorKind::Overloaded,
            503,
            "service_unavailable_error",
            Some("server_is_overloaded"),
        ),
        (
            ErrorKind::RateLimit,
            429,
            "requests",
            Some("rate_limit_exceeded"),
        ),
    ];
    for (kind, status, of, code) in expected {
        let reply = write_error(&ProviderError::at(Profile::Openai, kind), "r", 0)
            .expect("it has a status");
        let error = &reply.body["error"];
        assert_eq!(
            (reply.status, &error["type"], error["code"].as_str()),
            (status, &json!(of), code)
        );
    }
    let mut own = ProviderError::at(Profile::Openai, ErrorKind::BadRequest);
    own.code = Some("of_my_own".into());
    let reply = write_error(&own, "r", 0).expect("it has a status");
    assert_eq!(reply.body["error"]["code"], "of_my_own");
}

#[test]
fn an_error_in_an_unknown_format_is_recognized_by_its_status() {
    let error = read_error(504, [], " <html>Gateway</html>\n");
    assert_eq!(
        (error.kind, &*error.message),
        (ErrorKind::Timeout, "<html>Gateway</html>")
    );
    let quota = r#"{"error":{"type":"insufficient_quota","message":"","code":null}}"#;
    assert_eq!(read_error(429, [], quota).kind, ErrorKind::Quota);
    assert_eq!(read_error(502, [], "").status, Some(502));
    let long = read_error(502, [], &"é".repeat(1_000));
    assert_eq!(long.message, "é".repeat(500));
    let old = r#"{"error":{"type":"service_unavailable_error","message":"","code":null}}"#;
    assert_eq!(read_error(500, [], old).kind, ErrorKind::ServerError);
    let slow = r#"{"error":{"type":"","message":"","code":"slow_down"}}"#;
    assert_eq!(read_error(503, [], slow).kind, ErrorKind::Overloaded);
    let azure = r#"{"error":{"message":"","code":"content_filter"}}"#;
    assert_eq!(read_error(400, [], azure).kind, ErrorKind::ContentFilter);
}

#[test]
fn a_field_that_cannot_be_read_because_it_is_missing_has_its_code() {
    let body = json!({ "model": "gpt-4o", "messages": [{ "content": "hi" }] });
    let error = check(&body, Profile::Openai).expect_err("there is no role");
    let code = error.code.as_deref();
    assert_eq!(code, Some("missing_required_parameter"), "{error}");
}
