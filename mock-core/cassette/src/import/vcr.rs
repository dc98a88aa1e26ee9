//! The cassettes of vcrpy, VCR for Ruby and go-vcr.

use super::fields::{self, Fields};
use crate::error::{CassetteError, CassetteProblem};
use crate::node::{Node, Value};
use crate::{Cassette, Interaction, UnreadKey};

pub(super) fn read(document: Node, cassette: &mut Cassette) -> Result<(), CassetteError> {
    let mut document = Fields::new(document, "")?;
    if let Some(version) = document.take("version") {
        let at = version.at;
        // vcrpy writes 1, go-vcr 1 or 2.
        let version = fields::text(version, "version")?;
        if !matches!(&*version, "1" | "2") {
            return Err(CassetteError::new(
                CassetteProblem::Version,
                Some(at),
                format!("it is a VCR cassette of version {version}, and 1 and 2 are read"),
                "record it again with a version that is read",
            ));
        }
    }
    for key in ["interactions", "http_interactions"] {
        for (index, node) in document.list(key)?.into_iter().enumerate() {
            let path = format!("{key}[{index}]");
            let interaction = read_interaction(node, &path, &mut cassette.unread)?;
            cassette.interactions.push(interaction);
        }
    }
    document.finish(&mut cassette.unread);
    Ok(())
}

fn read_interaction(
    node: Node,
    path: &str,
    unread: &mut Vec<UnreadKey>,
) -> Result<Interaction, CassetteError> {
    let mut fields = Fields::new(node, path)?;
    let mut interaction = Interaction::new("GET", "/");
    interaction.line = fields::line(fields.at);
    let request = Fields::new(fields.need("request")?, fields.path("request"))?;
    read_request(request, &mut interaction, unread)?;
    let response = Fields::new(fields.need("response")?, fields.path("response"))?;
    read_response(response, &mut interaction, unread)?;
    fields.finish(unread);
    Ok(interaction)
}

fn read_request(
    mut request: Fields,
    to: &mut Interaction,
    unread: &mut Vec<UnreadKey>,
) -> Result<(), CassetteError> {
    // Ruby writes the method in small letters, and older cassettes as a symbol.
    let method = request.need("method")?;
    let at = method.at;
    let method = fields::text(method, &request.path("method"))?;
    let method = method.trim_start_matches(':').to_ascii_uppercase();
    fields::set_method(method, at, to)?;
    let key = match request.take("uri") {
        Some(uri) => Some((uri, "uri")),
        // go-vcr writes `url`.
        None => request.take("url").map(|url| (url, "url")),
    };
    let Some((url, key)) = key else {
        request.need("uri")?;
        return Ok(());
    };
    fields::set_url(url, &request.path(key), to, unread)?;
    to.request_headers = headers(&mut request)?;
    to.request_body = body(&mut request, "body", unread)?;
    request.finish(unread);
    Ok(())
}

fn read_response(
    mut response: Fields,
    to: &mut Interaction,
    unread: &mut Vec<UnreadKey>,
) -> Result<(), CassetteError> {
    let at = response.at;
    // go-vcr has the code next to `status`, older cassettes of httpx have `status_code`.
    let code = response
        .take("code")
        .or_else(|| response.take("status_code"));
    let path = response.path("status.code");
    let code = match code {
        Some(code) => code,
        None => {
            let mut status = response.object("status")?;
            let code = status.need("code")?;
            status.finish(unread);
            code
        }
    };
    fields::set_status(fields::number(code, &path)?, at, to)?;
    to.headers = headers(&mut response)?;
    to.body = body(&mut response, "body", unread)?;
    if to.body.is_empty() {
        to.body = body(&mut response, "content", unread)?;
    }
    let path = response.path("headers");
    fields::drop_false_encoding(&mut to.headers, &to.body, at, &path, unread);
    response.finish(unread);
    Ok(())
}

/// A body: a text or bytes, or an object with `string` or `base64_string`.
fn body(
    fields: &mut Fields,
    key: &str,
    unread: &mut Vec<UnreadKey>,
) -> Result<Vec<u8>, CassetteError> {
    let path = fields.path(key);
    let Some(node) = fields.take(key) else {
        return Ok(Vec::new());
    };
    if !matches!(node.value, Value::Map(_)) {
        return fields::bytes(node, false, &path);
    }
    let mut body = Fields::new(node, path)?;
    // In the file, the text is UTF-8, whatever its original encoding was.
    let is_utf8 = |name: &str| matches!(name, "" | "UTF-8" | "US-ASCII" | "ASCII-8BIT" | "BINARY");
    if let Some(encoding) = body.take("encoding") {
        let line = encoding.at.line;
        let name = fields::text(encoding, "encoding")?;
        if !is_utf8(&name.to_ascii_uppercase()) {
            unread.push(UnreadKey {
                line,
                key: format!("{} ({name})", body.path("encoding")),
            });
        }
    }
    let mut bytes = Vec::new();
    for (key, is_base64) in [("string", false), ("base64_string", true)] {
        let path = body.path(key);
        if let Some(node) = body.take(key) {
            bytes = fields::bytes(node, is_base64, &path)?;
        }
    }
    body.finish(unread);
    Ok(bytes)
}

/// The headers: a list of values for each name, or one value.
fn headers(fields: &mut Fields) -> Result<Vec<(String, String)>, CassetteError> {
    let path = fields.path("headers");
    let mut headers = Vec::new();
    let Some(node) = fields.take("headers") else {
        return Ok(headers);
    };
    let Value::Map(names) = node.value else {
        let problem = format!("`{path}` is {}, not an object", node.value.kind());
        return Err(fields::shape(node.at, problem));
    };
    for (_, name, values) in names {
        let path = format!("{path}.{name}");
        let values = match values.value {
            Value::List(values) => values,
            Value::Null => Vec::new(),
            value => vec![Node::new(values.at, value)],
        };
        for value in values {
            headers.push((name.clone(), fields::text(value, &path)?));
        }
    }
    Ok(headers)
}
