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
pub(super) use request_view::{Piece, repeated, texts_of};
pub(super) use schema::{
    any_schema, find_schema, is_object, is_of_type, is_open, lacks_required, optional_properties,
};

use super::borrowed_value::BorrowedValue;
use super::openai::{complete_rejection, rejection_code};
use super::read::{ReadError, read_borrowed};
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
    pub(super) check: Check,
}

/// Finds the violation of a rule in a piece of a request.
pub(super) type Check = fn(&Piece<'_>) -> Option<Violation>;

/// The check of a rule that is not checked in the body: it is for the headers, or the engine applies it.
pub(super) const ELSEWHERE: Check = |_| None;

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
    pub(super) foreign: &'static [Rule],
    pub(super) body: &'static [&'static [Rule]],
    pub(super) tool: &'static [&'static [Rule]],
    pub(super) message: &'static [Rule],
    pub(super) part: &'static [Rule],
    pub(super) call: &'static [Rule],
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
    /// The rules for bodies, with which a wire begins its own.
    pub(super) const fn new(profile: Profile, is_own_model: fn(&str) -> bool) -> Self {
        Rules {
            profile,
            is_own_model,
            item: |list, index| format!("{list}[{index}]"),
            foreign: &[],
            body: &[],
            tool: &[],
            message: &[],
            part: &[],
            call: &[],
            conversation: &[],
        }
    }

    pub(super) fn all(&'static self) -> impl Iterator<Item = &'static Rule> {
        let pieces = [self.message, self.part, self.call, self.conversation];
        let lists = [self.foreign].into_iter();
        let lists = lists.chain(self.body.iter().copied());
        let lists = lists.chain(self.tool.iter().copied());
        lists.chain(pieces).flatten()
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

    /// Reads a request from bytes, and applies the same rules as [`Rules::read`].
    pub(super) fn read_bytes<R>(
        &'static self,
        body: &[u8],
        profile: Option<Profile>,
        read: fn(BorrowedValue<'_>) -> Result<R, ReadError>,
    ) -> Result<R, RejectedRequest> {
        let body = read_borrowed(body)
            .map_err(|error| RejectedRequest::unreadable(&error, self.profile))?;
        self.read(body, profile, read)
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
        let body = Piece::new(body);
        let mut error = applied.first(self.foreign, &body, &String::new)?;
        note_misspelt(&body, &mut error);
        Some(error)
    }

    fn first_rejection(
        &'static self,
        body: &BorrowedValue<'_>,
        profile: Profile,
    ) -> Option<ProviderError> {
        let applied = self.applied(body, profile);
        let body = Piece::new(body);
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
    fn first(
        &self,
        rules: &'static [Rule],
        piece: &Piece<'_>,
        place: &dyn Fn() -> String,
    ) -> Option<ProviderError> {
        for rule in rules {
            // Most requests are for another provider, and this is decided sooner than the check.
            if matches!(rule.scope, RuleScope::Dialect(profile) if profile != self.profile) {
                continue;
            }
            if let Some(violation) = (rule.check)(piece)
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

    fn body(&self, body: &Piece<'_>) -> Option<ProviderError> {
        let mut rules = self.rules.body.iter();
        rules.find_map(|rules| self.first(rules, body, &String::new))
    }

    fn tools(&self, body: &BorrowedValue<'_>) -> Option<ProviderError> {
        let Rules { item, tool, .. } = self.rules;
        for (n, value) in body.list("tools").iter().enumerate() {
            let known = Piece::new(value);
            let mut rules = tool.iter();
            let rejection = rules.find_map(|rules| self.first(rules, &known, &|| item("tools", n)));
            if rejection.is_some() {
                return rejection;
            }
        }
        None
    }

    fn messages(&self, body: &BorrowedValue<'_>) -> Option<ProviderError> {
        let Rules {
            item,
            message,
            part,
            call,
            ..
        } = *self.rules;
        let by_system = self.items(part, body.list("system"), "system", &|| "system".to_owned());
        if by_system.is_some() {
            return by_system;
        }
        let messages = body.list("messages");
        for (n, value) in messages.iter().enumerate() {
            let mut known = Piece::new(value);
            known.is_last = n + 1 == messages.len();
            let place = || item("messages", n);
            let of = |field: &'static str, rules| {
                let place = || format!("{}.{field}", place());
                self.items(rules, value.list(field), known.role, &place)
            };
            let rejection = self
                .first(message, &known, &place)
                .or_else(|| of("content", part))
                .or_else(|| of("tool_calls", call));
            if rejection.is_some() {
                return rejection;
            }
        }
        None
    }

    /// Applies rules to the items of a list: parts or calls of a message with this role.
    fn items(
        &self,
        rules: &'static [Rule],
        items: &[BorrowedValue<'_>],
        role: &str,
        place: &dyn Fn() -> String,
    ) -> Option<ProviderError> {
        let item = self.rules.item;
        for (n, value) in items.iter().enumerate() {
            let known = Piece::with_role(value, role);
            let rejection = self.first(rules, &known, &|| item(&place(), n));
            if rejection.is_some() {
                return rejection;
            }
        }
        None
    }
}
