//! HTTP Archive 1.2, as browsers and proxies export it.

use super::fields::{self, Fields};
use crate::error::{CassetteError, CassetteProblem};
use crate::node::Node;
use crate::{Cassette, Interaction, UnreadKey};

pub(super) fn read(document: Node, cassette: &mut Cassette) -> Result<(), CassetteError> {
    let mut document = Fields::new(document, "")?;
    let mut log = document.object("log")?;
    if let Some(version) = log.take("version") {
        let at = version.at;
        let version = fields::text(version, "log.version")?;
        if !matches!(&*version, "1.1" | "1.2" | "1.3") {
            return Err(CassetteError::new(
                CassetteProblem::Version,
                Some(at),
                format!("it is an HTTP Archive of version {version}, and 1.2 is read"),
                "export it as HAR 1.2",
            ));
        }
    }
    let entries = fields::list(log.need("entries")?, "log.entries")?;
    for (index, entry) in entries.into_iter().enumerate() {
        let path = format!("log.entries[{index}]");
        read_entry(entry, &path, cassette)?;
    }
    log.finish(&mut cassette.unread);
    document.finish(&mut cassette.unread);
    Ok(())
}

fn read_entry(entry: Node, path: &str, cassette: &mut Cassette) -> Result<(), CassetteError> {
    let mut entry = Fields::new(entry, path)?;
    let mut unread = Vec::new();
    let mut interaction = Interaction::new("GET", "/");
    interaction.line = fields::line(entry.at);
    let request = entry.need("request")?;
    read_request(
        Fields::new(request, entry.path("request"))?,
        &mut interaction,
        &mut unread,
    )?;
    let response = entry.need("response")?;
    let is_answered = read_response(
        Fields::new(response, entry.path("response"))?,
        &mut interaction,
        &mut unread,
    )?;
    if !is_answered {
        // A request that was blocked or broken off has the status 0.
        cassette.unread.push(UnreadKey {
            line: entry.at.line,
            key: format!("{path} (it has no response)"),
        });
        return Ok(());
    }
    entry.finish(&mut unread);
    cassette.interactions.push(interaction);
    cassette.unread.append(&mut unread);
    Ok(())
}

fn read_request(
    mut request: Fields,
    to: &mut Interaction,
    unread: &mut Vec<UnreadKey>,
) -> Result<(), CassetteError> {
    let method = request.need("method")?;
    let at = method.at;
    let method = fields::text(method, &request.path("method"))?;
    fields::set_method(method, at, to)?;
    fields::set_url(request.need("url")?, &request.path("url"), to, unread)?;
    // `queryString` repeats the query of the URL.
    request.take("queryString");
    to.request_headers = headers(&mut request, unread)?;
    let mut data = request.object("postData")?;
    let encoding = data.text("encoding")?;
    let path = data.path("text");
    if let Some(text) = data.take("text") {
        to.request_body = fields::bytes(text, encoding.as_deref() == Some("base64"), &path)?;
    }
    // The header `content-type` has the same value.
    data.take("mimeType");
    data.finish(unread);
    request.finish(unread);
    Ok(())
}

/// Reads the response, and returns whether there is one.
fn read_response(
    mut response: Fields,
    to: &mut Interaction,
    unread: &mut Vec<UnreadKey>,
) -> Result<bool, CassetteError> {
    let at = response.at;
    let path = response.path("status");
    let status = fields::number(response.need("status")?, &path)?;
    if status == 0 {
        return Ok(false);
    }
    fields::set_status(status, at, to)?;
    to.headers = headers(&mut response, unread)?;
    let mut content = response.object("content")?;
    let encoding = content.text("encoding")?;
    let path = content.path("text");
    if let Some(text) = content.take("text") {
        to.body = fields::bytes(text, encoding.as_deref() == Some("base64"), &path)?;
    } else if let Some(size) = content.take("size")
        && !matches!(fields::text(size, "size")?.as_str(), "0" | "-1")
    {
        unread.push(UnreadKey {
            line: content.at.line,
            key: format!("{path} (the body was not exported)"),
        });
    }
    content.take("size");
    content.take("mimeType");
    content.finish(unread);
    let path = response.path("headers");
    fields::drop_false_encoding(&mut to.headers, &to.body, at, &path, unread);
    response.finish(unread);
    Ok(true)
}

/// The headers, but for the pseudo-headers of HTTP/2, which repeat the method, the path and the status.
fn headers(
    fields: &mut Fields,
    unread: &mut Vec<UnreadKey>,
) -> Result<Vec<(String, String)>, CassetteError> {
    let path = fields.path("headers");
    let mut headers = Vec::new();
    for (index, header) in fields.list("headers")?.into_iter().enumerate() {
        let mut header = Fields::new(header, format!("{path}[{index}]"))?;
        let name = header.need_text("name")?;
        let value = header.text("value")?.unwrap_or_default();
        if !name.starts_with(':') {
            headers.push((name, value));
        }
        header.finish(unread);
    }
    Ok(headers)
}
