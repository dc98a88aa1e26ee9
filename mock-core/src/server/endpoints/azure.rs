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
    let mut pairs = uri.query().unwrap_or_default().split('&');
    pairs.any(|pair| {
        let version = pair.strip_prefix("api-version=");
        version.is_some_and(|version| !version.is_empty())
    })
}
