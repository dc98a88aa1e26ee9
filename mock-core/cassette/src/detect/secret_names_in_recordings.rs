//! Names of headers, parameters and fields whose values a recording must not show: secrets, organizations and ids. The reports of `mock-core`
//! have a list of their own (`hide_secrets/secret_names_in_reports.rs`), since they are built without this package; a test there compares
//! both.

/// Headers that hold a credential.
const HEADERS: &[&str] = &[
    "api-key",
    "authorization",
    "cookie",
    "ocp-apim-subscription-key",
    "proxy-authorization",
    "set-cookie",
    "x-amz-content-sha256",
    "x-amz-security-token",
    "x-api-key",
    "x-auth-token",
    "x-goog-api-key",
    "x-goog-iam-authorization-token",
    "x-ms-client-secret",
];

/// Headers that end so hold a credential, too.
const HEADER_ENDS: &[&str] = &[
    "-api-key",
    "-apikey",
    "-auth",
    "-token",
    "-secret",
    "-password",
];

/// Headers that end so, and hold none.
const PLAIN_HEADERS: &[&str] = &["idempotency-key", "sec-websocket-key", "x-csrf-token-name"];

/// Headers that say which organization, project or account asks.
const ORGANIZATIONS: &[&str] = &[
    "anthropic-organization-id",
    "openai-organization",
    "openai-project",
    "x-goog-user-project",
    "x-amzn-account-id",
];

/// Suffixes of headers whose value is generated for each call.
const ID_HEADERS: &[&str] = &[
    "request-id",
    "requestid",
    "correlation-id",
    "trace-id",
    "traceparent",
    "cf-ray",
    "x-amz-cf-id",
    "x-cloud-trace-context",
];

/// Parameters of a query that hold a credential.
const PARAMETERS: &[&str] = &[
    "access_token",
    "api_key",
    "api-key",
    "apikey",
    "auth_token",
    "client_secret",
    "code",
    "id_token",
    "key",
    "password",
    "refresh_token",
    "sig",
    "signature",
    "subscription-key",
    "token",
    "x-amz-credential",
    "x-amz-security-token",
    "x-amz-signature",
    "x-goog-credential",
    "x-goog-signature",
];

/// Fields of JSON whose name, in letters and digits alone, ends so hold a credential.
const FIELDS: &[&str] = &[
    "accesskey",
    "accesstoken",
    "accountkey",
    "apikey",
    "apitoken",
    "authkey",
    "authorization",
    "authtoken",
    "bearertoken",
    "credential",
    "encryptionkey",
    "masterkey",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "refreshtoken",
    "secret",
    "secretkey",
    "sessiontoken",
    "sharedkey",
    "signingkey",
    "subscriptionkey",
    "virtualkey",
];

/// Fields of JSON that name an organization, a project or an account.
const ORGANIZATION_FIELDS: &[&str] = &[
    "accountid",
    "organization",
    "organizationid",
    "orgid",
    "tenantid",
    "workspaceid",
];

/// Fields of JSON whose value is an id that a provider made.
const ID_FIELDS: &[&str] = &[
    "batchid",
    "callid",
    "containerid",
    "conversationid",
    "fileid",
    "interactionid",
    "itemid",
    "messageid",
    "previousinteractionid",
    "previousresponseid",
    "requestid",
    "responseid",
    "runid",
    "sessionid",
    "threadid",
    "toolcallid",
    "tooluseid",
];

fn is_one_of(list: &[&str], name: &str) -> bool {
    list.iter().any(|known| known.eq_ignore_ascii_case(name))
}

pub(super) fn is_credential_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let ends = || HEADER_ENDS.iter().any(|end| name.ends_with(end));
    is_one_of(HEADERS, &name) || ends() && !is_one_of(PLAIN_HEADERS, &name)
}

pub(super) fn is_organization_header(name: &str) -> bool {
    is_one_of(ORGANIZATIONS, name)
}

pub(super) fn is_id_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ID_HEADERS.iter().any(|end| name.ends_with(end))
}

pub(super) fn is_credential_parameter(name: &str) -> bool {
    is_one_of(PARAMETERS, name)
}

/// A name in lower-case letters and digits alone.
fn letters(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether a field of JSON with this name holds a credential.
pub fn is_credential_field(name: &str) -> bool {
    let name = letters(name);
    FIELDS.iter().any(|end| name.ends_with(end))
}

/// The names that hold credentials: of headers, of parameters of a query, and the ends of those of fields of JSON.
pub fn credential_names() -> [&'static [&'static str]; 3] {
    [HEADERS, PARAMETERS, FIELDS]
}

pub(super) fn is_organization_field(name: &str) -> bool {
    is_one_of(ORGANIZATION_FIELDS, &letters(name))
}

pub(super) fn is_id_field(name: &str) -> bool {
    is_one_of(ID_FIELDS, &letters(name))
}
