//! The paths of OpenAI's models on Azure: `/openai/deployments/{deployment}/{endpoint}?api-version=..`.

use hyper::Uri;

/// The path prefix of Azure's deployments.
const DEPLOYMENTS: &str = "/openai/deployments/";

/// The deployment that a path of Azure names, and the endpoint.
pub(super) fn deployment(path: &str) -> Option<(&str, &str)> {
    let (deployment, endpoint) = path.strip_prefix(DEPLOYMENTS)?.split_once('/')?;
    (!deployment.is_empty()).then_some((deployment, endpoint))
}

/// Whether a request names the version of the API, without which Azure rejects it.
pub(super) fn has_api_version(uri: &Uri) -> bool {
    version_in(uri.query().unwrap_or_default()).is_some()
}

/// The version of the API that a path of a deployment names in its query.
pub(in crate::server) fn api_version(path_and_query: &str) -> Option<&str> {
    let (path, query) = path_and_query.split_once('?')?;
    path.starts_with(DEPLOYMENTS).then(|| version_in(query))?
}

fn version_in(query: &str) -> Option<&str> {
    let mut pairs = query.split('&');
    let version = pairs.find_map(|pair| pair.strip_prefix("api-version="));
    version.filter(|version| !version.is_empty())
}
