//! API keys and other credentials that are known by their shape, whatever is before them.

use std::ops::Range;

use super::placeholder::{is_mixed, is_placeholder};

/// The shape of the keys of one provider.
#[derive(Debug)]
struct Shape {
    prefix: &'static str,
    /// How many characters follow at least.
    least: usize,
    alphabet: fn(u8) -> bool,
    /// The name of such a key in messages.
    name: &'static str,
}

const fn shape(prefix: &'static str, least: usize, name: &'static str) -> Shape {
    Shape {
        prefix,
        least,
        alphabet: is_word,
        name,
    }
}

const fn base64(prefix: &'static str, least: usize, name: &'static str) -> Shape {
    Shape {
        prefix,
        least,
        alphabet: is_base64,
        name,
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn is_base64(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b'+' | b'/' | b'=' | b'.')
}

/// The shapes, the longer prefix first. Their sources are the default rules of gitleaks (`config/gitleaks.toml`, July 2026; the name of the
/// rule is behind each), the list of patterns of GitHub's secret scanning, and the documentation of the provider. The least lengths are
/// shorter than real keys, so that a key that was cut off is found, too.
const SHAPES: &[Shape] = &[
    // anthropic-api-key, anthropic-admin-api-key
    shape("sk-ant-", 16, "an Anthropic API key"),
    // OpenRouter's documentation: `sk-or-v1-` and 64 hexadecimal digits
    shape("sk-or-", 16, "an OpenRouter API key"),
    // Langfuse's documentation: `sk-lf-` and a UUID
    shape("sk-lf-", 16, "a Langfuse key"),
    // openai-api-key
    shape("sk-proj-", 16, "an OpenAI API key"),
    shape("sk-svcacct-", 16, "an OpenAI API key"),
    shape("sk-admin-", 16, "an OpenAI API key"),
    // openai-api-key; DeepSeek, Moonshot and LiteLLM write `sk-` and 20 to 48 letters and digits, too
    shape("sk-", 20, "an API key"),
    // OpenAI's reference of the Realtime API: an ephemeral key
    shape("ek_", 24, "an ephemeral OpenAI key"),
    // gcp-api-key
    shape("AIza", 30, "a Google API key"),
    // Google Cloud's documentation of API keys that are bound to service accounts
    base64("AQ.Ab", 30, "a Google API key"),
    // Google's documentation of OAuth access tokens
    base64("ya29.", 20, "a Google access token"),
    // aws-access-token
    shape("AKIA", 16, "an AWS access key"),
    shape("ASIA", 16, "an AWS access key"),
    shape("ABIA", 16, "an AWS access key"),
    shape("ACCA", 16, "an AWS access key"),
    // aws-amazon-bedrock-api-key-long-lived, -short-lived
    base64("ABSK", 40, "an Amazon Bedrock API key"),
    base64("bedrock-api-key-", 20, "an Amazon Bedrock API key"),
    // github-pat, github-oauth, github-app-token, github-refresh-token, github-fine-grained-pat
    shape("ghp_", 30, "a GitHub token"),
    shape("gho_", 30, "a GitHub token"),
    shape("ghu_", 30, "a GitHub token"),
    shape("ghs_", 30, "a GitHub token"),
    shape("ghr_", 30, "a GitHub token"),
    shape("github_pat_", 30, "a GitHub token"),
    // gitlab-pat
    shape("glpat-", 18, "a GitLab token"),
    // Groq's console: `gsk_` and 52 letters and digits
    shape("gsk_", 20, "a Groq API key"),
    // xAI's console: `xai-` and 80 letters and digits
    shape("xai-", 20, "an xAI API key"),
    // huggingface-access-token, huggingface-organization-api-token
    shape("hf_", 30, "a Hugging Face token"),
    shape("api_org_", 30, "a Hugging Face token"),
    // perplexity-api-key
    shape("pplx-", 30, "a Perplexity API key"),
    // Replicate's documentation: `r8_` and 37 letters and digits
    shape("r8_", 30, "a Replicate token"),
    // NVIDIA's documentation of NIM
    shape("nvapi-", 30, "an NVIDIA API key"),
    // Cerebras' console
    shape("csk-", 30, "a Cerebras API key"),
    // Together's and Fireworks' consoles
    shape("tgp_v1_", 20, "a Together API key"),
    shape("fw_", 20, "a Fireworks API key"),
    // LangSmith's documentation
    shape("lsv2_", 20, "a LangSmith key"),
    // Tavily's documentation
    shape("tvly-", 20, "a Tavily API key"),
    // Venice's documentation
    shape("VENICE_INFERENCE_KEY_", 16, "a Venice API key"),
    // databricks-api-token
    shape("dapi", 32, "a Databricks token"),
    // stripe-access-token
    shape("sk_live_", 16, "a Stripe key"),
    shape("sk_test_", 16, "a Stripe key"),
    shape("rk_live_", 16, "a Stripe key"),
    shape("rk_test_", 16, "a Stripe key"),
    // ElevenLabs' console: `sk_` and 48 hexadecimal digits
    shape("sk_", 40, "an API key"),
    // slack-bot-token, slack-user-token
    shape("xoxb-", 20, "a Slack token"),
    shape("xoxp-", 20, "a Slack token"),
    shape("xoxe-", 20, "a Slack token"),
    // slack-legacy-workspace-token, slack-app-token
    shape("xoxa-", 20, "a Slack token"),
    shape("xoxs-", 20, "a Slack token"),
    shape("xapp-", 20, "a Slack token"),
    // npm-access-token, pypi-upload-token, sendgrid-api-token, digitalocean-pat
    shape("npm_", 30, "an npm token"),
    shape("pypi-AgEI", 30, "a PyPI token"),
    base64("SG.", 40, "a SendGrid key"),
    shape("dop_v1_", 40, "a DigitalOcean token"),
];

/// How keys begin that are known by their shape.
#[doc(hidden)]
pub fn key_prefixes() -> impl Iterator<Item = &'static str> {
    SHAPES.iter().map(|shape| shape.prefix)
}

/// Whether a text is a key that is known by its shape.
#[doc(hidden)]
pub fn is_key(text: &str) -> bool {
    key(text, 0).is_some_and(|(range, _)| range == (0..text.len()))
}

/// The bytes that a key may begin with.
const FIRST: [bool; 256] = {
    let mut first = [false; 256];
    let mut index = 0;
    while index < SHAPES.len() {
        first[SHAPES[index].prefix.as_bytes()[0] as usize] = true;
        index += 1;
    }
    first
};

/// The key that begins here, and what it is called.
pub(super) fn key(text: &str, at: usize) -> Option<(Range<usize>, &'static str)> {
    let bytes = &text.as_bytes()[at..];
    let shapes = match FIRST[usize::from(bytes[0])] {
        true => SHAPES,
        false => &[],
    };
    for shape in shapes {
        // Compare the second byte first, in which most prefixes differ.
        let is_likely = bytes.get(1) == shape.prefix.as_bytes().get(1);
        if !is_likely || !bytes.starts_with(shape.prefix.as_bytes()) {
            continue;
        }
        let rest = &bytes[shape.prefix.len()..];
        let length = rest
            .iter()
            .take_while(|byte| (shape.alphabet)(**byte))
            .count();
        let rest = text[at + shape.prefix.len()..][..length].trim_end_matches(['.', '-', '_', '/']);
        let end = at + shape.prefix.len() + rest.len();
        // Text with hyphens but without digits consists of words, and is not a key.
        let is_key = rest.len() >= shape.least && is_mixed(rest) && !is_words(rest);
        if is_key && !is_placeholder(&text[at..end]) {
            return Some((at..end, shape.name));
        }
    }
    jwt(text, at).map(|range| (range, "a JSON web token"))
}

/// Whether a text is of short words, as in `sk-learn-pipeline-v2-tutorial`.
fn is_words(text: &str) -> bool {
    let mut words = text.split(['-', '_', '.']);
    words.all(|word| word.len() < 12 && !(word.len() > 3 && is_mixed_case(word)))
}

fn is_mixed_case(word: &str) -> bool {
    let inner = word.get(1..).unwrap_or_default();
    word.contains(|c: char| c.is_ascii_lowercase())
        && inner.contains(|c: char| c.is_ascii_uppercase())
        || word.contains(|c: char| c.is_ascii_digit())
            && word.contains(|c: char| c.is_ascii_alphabetic())
}

/// A JSON web token (RFC 7519; gitleaks' rule jwt): a header and a body that are JSON in base64, and a signature.
fn jwt(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = &text.as_bytes()[at..];
    if !bytes.starts_with(b"eyJ") {
        return None;
    }
    let is_of_token = |byte: &&u8| is_word(**byte) || **byte == b'.';
    let length = bytes.iter().take_while(is_of_token).count();
    let token = text[at..at + length].trim_end_matches('.');
    let mut parts = token.split('.');
    let [header, body, signature] = [parts.next()?, parts.next()?, parts.next()?];
    let is_token = header.len() >= 10 && body.len() >= 10 && signature.len() >= 10;
    is_token.then_some(at..at + token.len())
}

/// The key between the first and the last line of a private key in PEM (RFC 7468; gitleaks' rule private-key), or the rest of a text
/// that breaks off before.
pub(super) fn private_key(text: &str, at: usize) -> Option<Range<usize>> {
    let label = text[at..].strip_prefix("-----BEGIN ")?;
    let label = &label[..label.find("-----")?];
    if label.len() > 40 || !(label.ends_with("PRIVATE KEY") || label.ends_with("PRIVATE KEY BLOCK"))
    {
        return None;
    }
    let start = at + "-----BEGIN ".len() + label.len() + "-----".len();
    let length = text[start..].find("-----END ");
    let end = length.map_or(text.len(), |length| start + length);
    (!is_placeholder(&text[start..end])).then_some(start..end)
}

/// The password in `postgres://user:password@host`, if `://` is here.
pub(super) fn password_of_url(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text[at..].strip_prefix("://")?;
    let ends =
        |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '\\' | '`' | '<');
    let authority = rest.split(ends).next()?;
    let (user, _host) = authority.rsplit_once('@')?;
    let (name, password) = user.split_once(':')?;
    let start = at + "://".len() + name.len() + 1;
    (!is_placeholder(password)).then_some(start..start + password.len())
}

/// The token behind `Bearer`.
pub(super) fn bearer(text: &str, at: usize) -> Option<Range<usize>> {
    let scheme = text.get(at..at + 7)?;
    if !scheme.eq_ignore_ascii_case("bearer ") {
        return None;
    }
    let start = at + 7;
    let length = text.as_bytes()[start..]
        .iter()
        .take_while(|byte| is_base64(**byte))
        .count();
    let token = text[start..start + length].trim_end_matches('.');
    let is_token = token.len() >= 16 && is_mixed(token) && !is_placeholder(token);
    is_token.then_some(start..start + token.len())
}

/// The key of a connection string of Azure: `AccountKey=` and `SharedAccessKey=` (Microsoft's documentation of both).
pub(super) fn connection_string(text: &str, at: usize) -> Option<Range<usize>> {
    let names = ["AccountKey=", "SharedAccessKey="];
    let name = names.iter().find(|name| text[at..].starts_with(*name))?;
    let start = at + name.len();
    let bytes = text.as_bytes()[start..].iter();
    let length = bytes.take_while(|byte| is_base64(**byte)).count();
    let key = &text[start..start + length];
    (length >= 20 && !is_placeholder(key)).then_some(start..start + length)
}
