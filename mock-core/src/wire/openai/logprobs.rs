//! Log probabilities in a stream: [`Logprobs`].

use std::collections::VecDeque;

use serde_json::{Map, Value};

/// The log probabilities of an answer. Each chunk gets those of the tokens that begin in its piece of text.
#[derive(Debug, Clone)]
pub(super) struct Logprobs {
    content: Option<Tokens>,
    refusal: Option<Tokens>,
    /// Any other fields. They come with each chunk that has tokens.
    rest: Map<String, Value>,
    sent: bool,
}

/// The tokens of the content, or of the refusal.
#[derive(Debug, Clone)]
struct Tokens {
    left: VecDeque<Value>,
    /// How many bytes of text there have been in the chunks, and in the tokens that came with them.
    streamed: usize,
    covered: usize,
    sent: bool,
}

impl Logprobs {
    pub(super) fn new(mut rest: Map<String, Value>) -> Self {
        let mut take = |key| match rest.remove(key) {
            Some(Value::Array(tokens)) => Some(Tokens {
                left: tokens.into(),
                streamed: 0,
                covered: 0,
                sent: false,
            }),
            Some(other) => {
                rest.insert(String::from(key), other);
                None
            }
            None => None,
        };
        Logprobs {
            content: take("content"),
            refusal: take("refusal"),
            rest,
            sent: false,
        }
    }

    /// The log probabilities of the next piece of the text.
    pub(super) fn for_content(&mut self, piece: &str) -> Option<Value> {
        let tokens = self.content.as_mut()?.next(piece)?;
        Some(self.write(Some(tokens), None))
    }

    /// The log probabilities of the next piece of the refusal.
    pub(super) fn for_refusal(&mut self, piece: &str) -> Option<Value> {
        let tokens = self.refusal.as_mut()?.next(piece)?;
        Some(self.write(None, Some(tokens)))
    }

    /// The log probabilities that belong to no piece.
    pub(super) fn rest(&mut self) -> Option<Value> {
        let content = self.content.as_mut().and_then(Tokens::rest);
        let refusal = self.refusal.as_mut().and_then(Tokens::rest);
        let all_sent = content.is_none() && refusal.is_none() && self.sent;
        (!all_sent).then(|| self.write(content, refusal))
    }

    fn write(&mut self, content: Option<Vec<Value>>, refusal: Option<Vec<Value>>) -> Value {
        self.sent = true;
        let mut written = self.rest.clone();
        for (key, has_tokens, tokens) in [
            ("content", self.content.is_some(), content),
            ("refusal", self.refusal.is_some(), refusal),
        ] {
            if has_tokens {
                written.insert(key.to_owned(), tokens.into());
            }
        }
        written.into()
    }
}

impl Tokens {
    fn next(&mut self, piece: &str) -> Option<Vec<Value>> {
        self.streamed += piece.len();
        let mut tokens = Vec::new();
        while self.covered < self.streamed
            && let Some(token) = self.left.pop_front()
        {
            self.covered += token["token"].as_str().map_or(0, str::len);
            tokens.push(token);
        }
        self.sent |= !tokens.is_empty();
        (!tokens.is_empty()).then_some(tokens)
    }

    fn rest(&mut self) -> Option<Vec<Value>> {
        let mut rest = Vec::new();
        while let Some(token) = self.left.pop_front() {
            rest.push(token);
        }
        (!rest.is_empty() || !self.sent).then_some(rest)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn logprobs(value: Value) -> Logprobs {
        match value {
            Value::Object(map) => Logprobs::new(map),
            other => panic!("{other} is not an object"),
        }
    }

    fn token(token: &str) -> Value {
        json!({ "token": token, "logprob": -0.5 })
    }

    #[test]
    fn a_token_comes_with_the_piece_in_which_it_begins() {
        let tokens = ["Hel", "lo", " wor", "ld"].map(token);
        let mut logprobs = logprobs(json!({ "content": tokens, "refusal": null }));
        let of = |tokens: &[Value]| Some(json!({ "content": tokens, "refusal": null }));
        assert_eq!(logprobs.for_content("Hell"), of(&tokens[..2]));
        assert_eq!(logprobs.for_content("o"), None);
        assert_eq!(logprobs.for_content(" world"), of(&tokens[2..]));
        assert_eq!(logprobs.rest(), None);
    }

    #[test]
    fn tokens_of_no_piece_come_at_the_end() {
        let mut early = logprobs(json!({ "content": [token("Hi"), token("!")] }));
        early.for_content("Hi");
        assert_eq!(early.rest(), Some(json!({ "content": [token("!")] })));

        for none in [json!({ "content": [] }), json!({ "x": 1 }), json!({})] {
            assert_eq!(logprobs(none.clone()).rest(), Some(none));
        }
    }

    #[test]
    fn a_refusal_has_tokens_of_its_own() {
        let mut logprobs = logprobs(json!({ "content": null, "refusal": [token("No")] }));
        assert_eq!(logprobs.for_content("Hm."), None);
        let expected = json!({ "content": null, "refusal": [token("No")] });
        assert_eq!(logprobs.for_refusal("No."), Some(expected));
        assert_eq!(logprobs.rest(), None);
    }
}
