//! Each recorded exchange, sent again by a plain HTTP client to the server that replays its file, gives back what was recorded.

use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::Request as HttpRequest;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use mock_core::cassette::{Cassette, Interaction, Redaction};
use mock_core::{MockProvider, MockServer, ProviderError, Response};
use serde_json::Value;
use tokio::net::TcpStream;

use crate::helpers::recording::{self, Recording};
use crate::helpers::wire::Wire;
use crate::read_and_written::data_of;

/// Headers that are of one connection, or that the server writes itself.
const OWN: [&str; 4] = ["connection", "content-length", "date", "transfer-encoding"];

fn files() -> Option<BTreeMap<String, Vec<Recording>>> {
    let Some(folder) = std::env::var_os("MOCK_CORE_RECORDINGS") else {
        eprintln!("skipped: MOCK_CORE_RECORDINGS names no folder");
        return None;
    };
    let mut files: BTreeMap<String, Vec<Recording>> = BTreeMap::new();
    for recording in recording::read_all(Path::new(&folder)) {
        files
            .entry(recording.file.clone())
            .or_default()
            .push(recording);
    }
    Some(files)
}

fn load(file: &str) -> Cassette {
    let folder = std::env::var_os("MOCK_CORE_RECORDINGS").expect("it names a folder");
    let cassette = Cassette::load(Path::new(&folder).join(file));
    cassette.unwrap_or_else(|error| panic!("{error}"))
}

#[tokio::test]
async fn recorded_exchanges_are_replayed() {
    let Some(files) = files() else { return };
    let (mut all, mut lost) = (0, Vec::new());
    for (file, recordings) in &files {
        let server = MockServer::new(MockProvider::cassette(load(file)));
        let mut client = connect(&server).await;
        for (index, recording) in recordings.iter().enumerate() {
            all += 1;
            if let Err(problem) = replay(&mut client, recording).await {
                lost.push(format!("{file}, exchange {}: {problem}", index + 1));
            }
        }
        if let Err(report) = server.verify() {
            lost.push(format!("{file}: {report}"));
        }
    }
    eprintln!("replayed over the wire: {} of {all}", all - lost.len());
    assert!(all > 0, "the folder has no recordings");
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

pub(crate) async fn connect(server: &MockServer) -> SendRequest<Full<Bytes>> {
    let stream = TcpStream::connect(server.addr()).await.expect("it listens");
    let (client, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .expect("it is HTTP");
    tokio::spawn(connection);
    client
}

async fn replay(
    client: &mut SendRequest<Full<Bytes>>,
    recording: &Recording,
) -> Result<(), String> {
    let pairs = recording.query.iter().map(|(name, value)| {
        let value = value.replace('[', "%5B").replace(']', "%5D");
        format!("{name}={value}")
    });
    let query = pairs.collect::<Vec<_>>().join("&");
    let query = if query.is_empty() {
        query
    } else {
        format!("?{query}")
    };
    let request = HttpRequest::builder()
        .method(recording.method.as_str())
        .uri(format!("{}{query}", recording.path))
        .header("host", "recorded")
        .body(Full::from(recording.sent.clone()))
        .map_err(|error| error.to_string())?;
    client.ready().await.map_err(|error| error.to_string())?;
    let response = client.send_request(request).await;
    let response = response.map_err(|error| error.to_string())?;
    let (head, body) = response.into_parts();
    let body = body
        .collect()
        .await
        .map_err(|error| error.to_string())?
        .to_bytes();
    if head.status.as_u16() != recording.status {
        return Err(format!("the status is {}: {body:?}", head.status));
    }
    if body != recording.bytes {
        return Err(format!("the body is {body:?}"));
    }
    let is_own = |name: &str| OWN.contains(&name.to_ascii_lowercase().as_str());
    let mut expected: Vec<_> = recording
        .headers()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .filter(|(name, _)| !is_own(name))
        .collect();
    let mut got: Vec<_> = head
        .headers
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into(),
            )
        })
        .filter(|(name, _)| !is_own(name))
        .collect();
    expected.sort();
    got.sort();
    match got == expected {
        true => Ok(()),
        false => Err(format!("the headers are {got:?}, and were {expected:?}")),
    }
}

/// In process a replay says what the wire's reader reads in the recorded response.
#[tokio::test]
async fn recorded_exchanges_are_replayed_in_process() {
    let Some(files) = files() else { return };
    let (mut all, mut lost, mut others) = (0, Vec::new(), 0);
    for (file, recordings) in &files {
        for (index, recording) in recordings.iter().enumerate() {
            let wire = Wire::of_recording(recording);
            let wire = wire.filter(|wire| *wire != Wire::Interactions);
            let (Some(wire), Some(body)) = (wire, recording.request.clone()) else {
                others += 1;
                continue;
            };
            // A request that no wire reads cannot be made in process.
            let Ok(request) = wire.read_request(body, &recording.path) else {
                others += 1;
                continue;
            };
            all += 1;
            let whole = load(file);
            let one = Cassette::new([whole.interactions()[index].clone()]);
            let mock = MockProvider::cassette(one);
            let said = mock.answer(request).await;
            let data = recording.is_stream().then(|| match wire {
                Wire::Ollama => recording.body.lines().map(str::to_owned).collect(),
                _ => data_of(&recording.body),
            });
            let read = wire.read_answer(recording, data);
            // The reader has no headers of a whole answer; a caller in process gets them with it.
            let read = read.map(|mut read| {
                let headers = recording.headers();
                let headers =
                    headers.map(|(name, value)| (name.to_owned().into(), value.to_owned().into()));
                read.headers = headers.collect();
                read
            });
            if let Err(problem) = same_calls(&whole.interactions()[index], &said) {
                lost.push(format!("{file}, exchange {}: {problem}", index + 1));
            }
            if let Err(problem) = same(said, read) {
                lost.push(format!("{file}, exchange {}: {problem}", index + 1));
            }
            if let Err(report) = mock.verify() {
                lost.push(format!("{file}: {report}"));
            }
        }
    }
    eprintln!(
        "replayed in process: {} of {all}, and {others} that no reader reads",
        all - lost.len()
    );
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

fn same(
    said: Result<Response, ProviderError>,
    read: Result<Response, ProviderError>,
) -> Result<(), String> {
    let equal = match (&said, &read) {
        (Ok(said), Ok(read)) => said == read,
        (Err(said), Err(read)) => {
            (said.kind, said.status, &said.message) == (read.kind, read.status, &read.message)
        }
        _ => false,
    };
    match equal {
        true => Ok(()),
        false => Err(format!("it says {said:?}, and the reader reads {read:?}")),
    }
}

/// The calls that the macros find in a response are those that the reader reads.
fn same_calls(
    interaction: &Interaction,
    said: &Result<Response, ProviderError>,
) -> Result<(), String> {
    let Ok(response) = said else { return Ok(()) };
    let json = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    let read = response.tool_calls();
    let read: Vec<_> = read
        .map(|call| (call.name.clone(), json(&call.arguments)))
        .collect();
    let found = interaction.tool_calls().into_iter();
    let found: Vec<_> = found
        .map(|call| (call.name, json(&call.arguments)))
        .collect();
    match read == found {
        true => Ok(()),
        false => Err(format!(
            "its calls are {found:?}, and the reader reads {read:?}"
        )),
    }
}

/// A redacted recording has no secrets, stays as it is, and answers the requests as they were before.
#[tokio::test]
async fn recorded_exchanges_are_replayed_after_a_redaction() {
    let Some(files) = files() else { return };
    let (mut all, mut secrets, mut changed, mut lost) = (0, 0, 0, Vec::new());
    for file in files.keys() {
        let cassette = load(file);
        secrets += cassette.secrets().len();
        let redacted = Redaction::default().apply(cassette.clone());
        assert_eq!(redacted.secrets(), [], "{file}");
        assert_eq!(
            Redaction::default().apply(redacted.clone()),
            redacted,
            "{file}"
        );
        changed += usize::from(redacted != cassette);
        let server = MockServer::new(MockProvider::cassette(redacted.clone()));
        let mut client = connect(&server).await;
        let pairs = cassette.interactions().iter().zip(redacted.interactions());
        for (index, (sent, recorded)) in pairs.enumerate() {
            all += 1;
            match body_of(&mut client, sent).await {
                Ok(body) if body == recorded.body => {}
                Ok(body) => lost.push(format!(
                    "{file}, exchange {}: the body is {body:?}",
                    index + 1
                )),
                Err(problem) => lost.push(format!("{file}, exchange {}: {problem}", index + 1)),
            }
        }
    }
    eprintln!(
        "{secrets} secrets in {} files, of which a redaction changes {changed}",
        files.len()
    );
    eprintln!("replayed after a redaction: {} of {all}", all - lost.len());
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

/// The body of the response to a recorded request.
async fn body_of(
    client: &mut SendRequest<Full<Bytes>>,
    interaction: &Interaction,
) -> Result<Bytes, String> {
    let encoded = |text: &str| {
        let bytes = text.bytes();
        bytes.map(|byte| format!("%{byte:02x}")).collect::<String>()
    };
    let pairs = interaction.query.iter();
    let pairs = pairs.map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    let request = HttpRequest::builder()
        .method(interaction.method.as_str())
        .uri(format!(
            "{}?{}",
            interaction.path,
            pairs.collect::<Vec<_>>().join("&")
        ))
        .header("host", "recorded")
        .body(Full::from(interaction.request_body.clone()))
        .map_err(|error| error.to_string())?;
    client.ready().await.map_err(|error| error.to_string())?;
    let response = client.send_request(request).await;
    let body = response.map_err(|error| error.to_string())?.into_body();
    let body = body.collect().await.map_err(|error| error.to_string())?;
    Ok(body.to_bytes())
}
