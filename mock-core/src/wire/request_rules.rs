//! The rules by which providers reject requests: [`Rule`], and how a wire applies its rules to the body of a request.

mod applies_to_model;
mod base64;
mod content_type;
mod field_type;
mod misspelt_field;
mod other_api;
mod request_view;
mod schema;

use std::fmt;

pub use applies_to_model::RuleScope;
pub(super) use base64::{OF_URLS, illegal_byte};
pub(super) use content_type::{is_json, media_type};
pub(super) use field_type::{FieldType, WrongType, wrong_type};
pub(super) use misspelt_field::misspelt_field;
use misspelt_field::note_misspelt;
pub(super) use other_api::{
    ToolFormat, foreign_body, foreign_field, foreign_messages, foreign_tool, missing_of_tool,
};
pub(super) use request_view::{Body, Call, Message, Part, Tool, repeated, texts_of};
pub(super) use schema::{
    any_schema, find_schema, is_object, is_of_type, is_open, lacks_required, optional_properties,
};

use super::borrowed_value::BorrowedValue;
use super::openai::{complete_rejection, rejection_code};
use super::read::ReadError;
use crate::chat::conversation::{ResultPlace, mistake};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::request::Request;
use crate::scenario::Profile;

/// A rule by which a provider rejects requests. `docs/rejected-requests.md` lists all rules.
///
/// ```
/// use mock_core::{scenario::Profile, wire::openai};
/// use serde_json::json;
///
/// let rule = openai::rules().find(|rule| rule.id == "tools_empty").expect("it is a rule of this wire");
/// assert_eq!(rule.words, "[] is too short - '{at}'");
///
/// let mut body = json!({"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello"}]});
/// assert!(openai::check(&body, Profile::Openai).is_ok());
/// body["tools"] = json!([]);
/// assert!(openai::check(&body, Profile::Openai).is_err());
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// Its name, unique within the wire.
    pub id: &'static str,
    /// For whom it holds.
    pub scope: RuleScope,
    /// Where it is documented or was seen: pages of the provider's documentation, or public issues as `owner/repository#number`.
    pub sources: &'static [&'static str],
    /// The provider's message. `{at}` is the field that is wrong, `{}` the mistake in it.
    pub words: &'static str,
    /// What to change in the request; empty if the provider's message says it.
    pub help: &'static str,
    /// A request that breaks only this rule, as a JSON object: the fields that differ from a plain request.
    pub rejected: &'static str,
    /// The most similar request that the provider accepts, in the same form.
    pub accepted: &'static str,
}

/// A violation of a rule.
#[derive(Default)]
pub(super) struct Violation {
    /// The path of the field within the message, part, call or tool that is checked; empty for all of it.
    at: String,
    /// The mistake.
    found: String,
}

impl Violation {
    pub(super) fn new(at: impl Into<String>, found: impl Into<String>) -> Self {
        Violation {
            at: at.into(),
            found: found.into(),
        }
    }
}

/// A violation at `at` if `is_broken`.
pub(super) fn broken(is_broken: bool, at: &str) -> Option<Violation> {
    is_broken.then(|| Violation::new(at, ""))
}

/// A violation at `at` with the text `found`, if there is one.
pub(super) fn found(found: Option<impl fmt::Display>, at: &str) -> Option<Violation> {
    found.map(|found| Violation::new(at, found.to_string()))
}

/// Returns a violation if there is a value for which `is_broken` is true.
pub(super) fn found_if<T: fmt::Display>(
    value: Option<T>,
    is_broken: impl FnOnce(&T) -> bool,
    at: &str,
) -> Option<Violation> {
    found(value.filter(is_broken), at)
}

/// Rules, each with the function that checks it.
type Checks<C> = &'static [(Rule, C)];
pub(super) type BodyChecks = Checks<fn(&Body<'_>) -> Option<Violation>>;
pub(super) type ToolChecks = Checks<fn(&Tool<'_>) -> Option<Violation>>;
pub(super) type MessageChecks = Checks<fn(&Message<'_>) -> Option<Violation>>;
pub(super) type PartChecks = Checks<fn(&Part<'_>) -> Option<Violation>>;
pub(super) type CallChecks = Checks<fn(&Call<'_>) -> Option<Violation>>;

/// A request that is rejected.
#[derive(Debug, PartialEq)]
pub(crate) struct RejectedRequest {
    pub(crate) error: Box<ProviderError>,
    /// Whether the body was readable and a rule rejected it.
    pub(crate) by_rule: bool,
}

impl RejectedRequest {
    pub(super) fn unreadable(error: &ReadError, profile: Profile) -> Self {
        RejectedRequest {
            error: Box::new(error.at(profile)),
            by_rule: false,
        }
    }
}

/// The rules of a wire, by the part of the request that they check.
pub(super) struct Rules {
    /// The profile of the wire's own provider.
    pub(super) profile: Profile,
    /// Whether a model's name is one of this provider's.
    pub(super) is_own_model: fn(&str) -> bool,
    /// Writes the path of an item of a list.
    pub(super) item: fn(&str, usize) -> String,
    /// The rules for bodies in the format of another API. They are checked first, since such a body may not be readable.
    pub(super) foreign: BodyChecks,
    pub(super) body: &'static [BodyChecks],
    pub(super) tool: &'static [ToolChecks],
    pub(super) message: MessageChecks,
    pub(super) part: PartChecks,
    pub(super) call: CallChecks,
    /// The rules for calls and results. The mock's engine applies them, since they hold in process too.
    pub(super) conversation: &'static [Rule],
}

/// The rules that hold for one request.
struct Applied<'t> {
    rules: &'static Rules,
    profile: Profile,
    model: &'t str,
}

impl Rules {
    pub(super) fn all(&'static self) -> impl Iterator<Item = &'static Rule> {
        fn only<C>(checks: Checks<C>) -> impl Iterator<Item = &'static Rule> {
            checks.iter().map(|(rule, _)| rule)
        }
        let body = self.body.iter().flat_map(|checks| only(checks));
        let tool = self.tool.iter().flat_map(|checks| only(checks));
        let foreign = only(self.foreign);
        foreign
            .chain(body)
            .chain(tool)
            .chain(only(self.message))
            .chain(only(self.part))
            .chain(only(self.call))
            .chain(self.conversation)
    }

    /// Reads a request, and applies all rules.
    pub(super) fn check(
        &'static self,
        body: BorrowedValue<'_>,
        profile: Profile,
        read: fn(BorrowedValue<'_>) -> Result<Request, ReadError>,
    ) -> Result<(), ProviderError> {
        let request = self.read(body, Some(profile), read);
        let request = request.map_err(|rejected| *rejected.error)?;
        let place = ResultPlace::allowed_by(self.profile, profile);
        match mistake(&request.messages, place) {
            Some(mistake) => Err(mistake.error(self.profile)),
            None => Ok(()),
        }
    }

    /// Reads a request, and applies all rules except those for calls and results.
    ///
    /// Without a profile, only a request that cannot be read is rejected.
    pub(super) fn read<R>(
        &'static self,
        body: BorrowedValue<'_>,
        profile: Option<Profile>,
        read: fn(BorrowedValue<'_>) -> Result<R, ReadError>,
    ) -> Result<R, RejectedRequest> {
        let foreign = profile.and_then(|profile| self.foreign_rejection(&body, profile));
        if let Some(error) = foreign {
            return Err(RejectedRequest {
                error: Box::new(error),
                by_rule: true,
            });
        }
        let rejection = profile.and_then(|profile| self.first_rejection(&body, profile));
        let request =
            read(body).map_err(|error| RejectedRequest::unreadable(&error, self.profile))?;
        match rejection {
            Some(error) => Err(RejectedRequest {
                error: Box::new(error),
                by_rule: true,
            }),
            None => Ok(request),
        }
    }

    /// Rejects a request whose headers break this rule, if the rule holds for the profile and the model.
    ///
    /// # Errors
    /// If it holds.
    pub(super) fn reject_headers(
        &'static self,
        rule: &'static Rule,
        violation: Violation,
        profile: Profile,
        model: &str,
    ) -> Result<(), RejectedRequest> {
        let applied = Applied {
            rules: self,
            profile,
            model,
        };
        if !applied.applies(rule) {
            return Ok(());
        }
        Err(RejectedRequest {
            error: Box::new(applied.reject(rule, String::new(), violation)),
            by_rule: true,
        })
    }

    fn applied<'t>(&'static self, body: &'t BorrowedValue<'_>, profile: Profile) -> Applied<'t> {
        Applied {
            rules: self,
            profile,
            model: body.str("model").unwrap_or_default(),
        }
    }

    fn foreign_rejection(
        &'static self,
        body: &BorrowedValue<'_>,
        profile: Profile,
    ) -> Option<ProviderError> {
        let applied = self.applied(body, profile);
        let body = Body(body);
        let mut error = applied.first(self.foreign, |check| check(&body), &String::new)?;
        note_misspelt(&body, &mut error);
        Some(error)
    }

    fn first_rejection(
        &'static self,
        body: &BorrowedValue<'_>,
        profile: Profile,
    ) -> Option<ProviderError> {
        let applied = self.applied(body, profile);
        let body = Body(body);
        let mut error = applied
            .body(&body)
            .or_else(|| applied.tools(&body))
            .or_else(|| applied.messages(&body))?;
        note_misspelt(&body, &mut error);
        Some(error)
    }

    fn reject(&self, rule: &Rule, place: String, violation: Violation) -> ProviderError {
        let Violation { at, found } = violation;
        let at = match (place.is_empty(), at.is_empty()) {
            (true, _) => at,
            (false, true) => place,
            (false, false) => format!("{place}.{at}"),
        };
        let mut message = rule.words.replace("{at}", &at).replace("{}", &found);
        let lenient = match rule.scope {
            RuleScope::Everywhere => "",
            _ => "if your provider accepts this, call `lenient()` on the mock server",
        };
        let help = rule.help.replace("{}", &found);
        message.push_str(&match (&*help, lenient) {
            ("", "") => String::new(),
            ("", only) | (only, "") => format!(" [mock: {only}]"),
            (help, lenient) => format!(" [mock: {help}; {lenient}]"),
        });
        let mut error = ProviderError::at(self.profile, ErrorKind::BadRequest);
        error.message = message;
        error.param = (!at.is_empty()).then(|| at.into());
        error
    }
}

impl Applied<'_> {
    fn applies(&self, rule: &Rule) -> bool {
        let Rules {
            profile: own,
            is_own_model,
            ..
        } = *self.rules;
        rule.scope
            .applies(own, is_own_model, (self.profile, self.model))
    }

    /// Returns the error of the first rule that is broken. `place` is called only for this error.
    fn first<C>(
        &self,
        checks: &'static [(Rule, C)],
        check: impl Fn(&C) -> Option<Violation>,
        place: &dyn Fn() -> String,
    ) -> Option<ProviderError> {
        for (rule, known) in checks {
            // Most requests are for another provider, and this is decided sooner than the check.
            if matches!(rule.scope, RuleScope::Dialect(profile) if profile != self.profile) {
                continue;
            }
            if let Some(violation) = check(known)
                && self.applies(rule)
            {
                return Some(self.reject(rule, place(), violation));
            }
        }
        None
    }

    fn reject(&self, rule: &Rule, place: String, violation: Violation) -> ProviderError {
        let mut error = self.rules.reject(rule, place, violation);
        if let RuleScope::Dialect(profile) = rule.scope {
            complete_rejection(&mut error, profile);
        }
        if let Some(code) = self.code(rule) {
            error.code = Some(code.into());
        }
        error
    }

    /// The error code that OpenAI has for a rule. Among the other providers of its wires, only Azure has it too.
    fn code(&self, rule: &Rule) -> Option<&'static str> {
        let is_openai = matches!(
            self.rules.profile,
            Profile::Openai | Profile::OpenaiResponses
        );
        let has_codes = !self.profile.is_dialect() || self.profile == Profile::Azure;
        rejection_code(rule.words).filter(|_| is_openai && has_codes)
    }

    fn body(&self, body: &Body<'_>) -> Option<ProviderError> {
        let mut checks = self.rules.body.iter();
        checks.find_map(|checks| self.first(checks, |check| check(body), &String::new))
    }

    fn tools(&self, body: &Body<'_>) -> Option<ProviderError> {
        let Rules { item, tool, .. } = self.rules;
        for (n, value) in body.list("tools").iter().enumerate() {
            let known = Tool(value);
            for checks in *tool {
                let rejection = self.first(checks, |check| check(&known), &|| item("tools", n));
                if rejection.is_some() {
                    return rejection;
                }
            }
        }
        None
    }

    fn messages(&self, body: &Body<'_>) -> Option<ProviderError> {
        let item = self.rules.item;
        let by_system = self.parts(body.list("system"), "system", &|| "system".to_owned());
        if by_system.is_some() {
            return by_system;
        }
        for (n, value) in body.list("messages").iter().enumerate() {
            let message = Message::new(body, value, n);
            let place = || item("messages", n);
            let rejection = self
                .first(self.rules.message, |check| check(&message), &place)
                .or_else(|| {
                    let place = || format!("{}.content", place());
                    self.parts(message.parts, message.role, &place)
                })
                .or_else(|| self.calls(&message, &place));
            if rejection.is_some() {
                return rejection;
            }
        }
        None
    }

    fn parts(
        &self,
        parts: &[BorrowedValue<'_>],
        role: &str,
        place: &dyn Fn() -> String,
    ) -> Option<ProviderError> {
        let Rules { item, part, .. } = self.rules;
        for (n, value) in parts.iter().enumerate() {
            let known = Part::new(role, value);
            let rejection = self.first(part, |check| check(&known), &|| item(&place(), n));
            if rejection.is_some() {
                return rejection;
            }
        }
        None
    }

    fn calls(&self, message: &Message<'_>, place: &dyn Fn() -> String) -> Option<ProviderError> {
        let Rules { item, call, .. } = self.rules;
        for (n, value) in message.list("tool_calls").iter().enumerate() {
            let known = Call(value);
            let place = || item(&format!("{}.tool_calls", place()), n);
            let rejection = self.first(call, |check| check(&known), &place);
            if rejection.is_some() {
                return rejection;
            }
        }
        None
    }
}
