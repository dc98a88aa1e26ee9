//! Requests that providers reject: each rule with a request that breaks it, and with one that almost does.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::chat::error::ProviderError;
use crate::scenario::Profile;
use crate::wire::{
    Rule, RuleScope, anthropic, gemini, gemini_interactions, ollama, openai, openai_responses,
};

pub(super) struct Wire {
    pub(super) profile: Profile,
    pub(super) rules: Vec<&'static Rule>,
    pub(super) check: fn(&Value, Profile) -> Result<(), ProviderError>,
    /// A request that is right.
    pub(super) plain: Value,
}

pub(super) fn wires() -> [Wire; 10] {
    let messages = json!([{ "role": "user", "content": "hi" }]);
    [
        Wire {
            profile: Profile::Openai,
            rules: openai::rules().collect(),
            check: openai::check,
            plain: json!({ "model": "gpt-4o", "messages": messages }),
        },
        Wire {
            profile: Profile::Openai,
            rules: openai::embeddings::rules().collect(),
            check: openai::embeddings::check,
            plain: json!({ "model": "text-embedding-3-small", "input": "hi" }),
        },
        Wire {
            profile: Profile::OpenaiResponses,
            rules: openai_responses::rules().collect(),
            check: openai_responses::check,
            plain: json!({ "model": "gpt-4o", "input": "hi" }),
        },
        Wire {
            profile: Profile::Anthropic,
            rules: anthropic::rules().collect(),
            check: anthropic::check,
            plain: json!({ "model": "claude-sonnet-4-5", "max_tokens": 4096, "messages": messages }),
        },
        Wire {
            profile: Profile::Gemini,
            rules: gemini::rules().collect(),
            check: gemini::check,
            plain: json!({
                "model": "models/gemini-2.5-flash",
                "contents": [{ "role": "user", "parts": [{ "text": "hi" }] }],
            }),
        },
        Wire {
            profile: Profile::Gemini,
            rules: gemini::embeddings::rules().collect(),
            check: gemini::embeddings::check,
            plain: json!({
                "model": "models/gemini-embedding-001", "content": { "parts": [{ "text": "hi" }] },
            }),
        },
        Wire {
            profile: Profile::Gemini,
            rules: gemini_interactions::rules().collect(),
            check: gemini_interactions::check,
            plain: json!({ "model": "gemini-3-flash", "input": "hi" }),
        },
        Wire {
            profile: Profile::Ollama,
            rules: ollama::rules().collect(),
            check: ollama::check,
            plain: json!({ "model": "llama3.2", "messages": messages }),
        },
        Wire {
            profile: Profile::Ollama,
            rules: ollama::generate::rules().collect(),
            check: ollama::generate::check,
            plain: json!({ "model": "llama3.2", "prompt": "hi" }),
        },
        Wire {
            profile: Profile::Ollama,
            rules: ollama::embeddings::rules().collect(),
            check: ollama::embeddings::check,
            plain: json!({ "model": "all-minilm", "input": "hi" }),
        },
    ]
}

impl Wire {
    /// A plain request with these fields.
    pub(super) fn request(&self, fields: &str) -> Value {
        let fields: Map<String, Value> = serde_json::from_str(fields).expect("fields are JSON");
        let mut request = self.plain.clone();
        for (name, value) in fields {
            request[name] = value;
        }
        request
    }

    /// The rule that rejects a request, told by its words.
    fn rejects(&self, rule: &Rule, request: &Value, profile: Profile) -> bool {
        let Err(error) = (self.check)(request, profile) else {
            return false;
        };
        let mut words = rule.words.split("{at}").flat_map(|part| part.split("{}"));
        assert!(
            words.all(|part| error.message.contains(part)),
            "{}: {error}",
            rule.id
        );
        // Mistral validates the fields before it looks at the rest.
        let status = match rule.id {
            "mistral_field" | "mistral_message_field" => 422,
            _ => 400,
        };
        assert_eq!(
            (error.status, error.kind),
            (Some(status), crate::ErrorKind::BadRequest)
        );
        true
    }

    /// The profile of the provider that has this rule.
    fn profile_of(&self, rule: &Rule) -> Profile {
        match rule.scope {
            RuleScope::Dialect(profile) => profile,
            _ => self.profile,
        }
    }
}

#[test]
fn each_rule_rejects_what_breaks_it_and_accepts_what_almost_does() {
    for wire in wires() {
        assert_eq!((wire.check)(&wire.plain, wire.profile), Ok(()));
        for rule in &wire.rules {
            let (rejected, accepted) = (wire.request(rule.rejected), wire.request(rule.accepted));
            let profile = wire.profile_of(rule);
            assert!(wire.rejects(rule, &rejected, profile), "{}", rule.id);
            let answer = (wire.check)(&accepted, profile);
            assert_eq!(answer, Ok(()), "{}", rule.id);
        }
    }
}

/// A field that the provider requires, under a name that lacks its first letter.
#[test]
fn a_rejection_for_a_missing_field_names_the_misspelt_one() {
    let mut named = BTreeSet::new();
    for wire in wires() {
        let fields = wire.plain.as_object().expect("it is an object");
        for (name, value) in fields {
            let misspelt = &name[1..];
            let mut request = wire.plain.clone();
            request[name] = Value::Null;
            request[misspelt] = value.clone();
            // The name is in the path, or the provider takes requests without the field.
            let Err(error) = (wire.check)(&request, wire.profile) else {
                continue;
            };
            // No rule rejects it: it cannot be read.
            if error.message.contains("is missing: ") {
                continue;
            }
            let quoted = ["`", "'"].map(|quote| format!("{quote}{misspelt}{quote}"));
            let is_named = quoted.iter().any(|name| error.message.contains(name));
            assert!(is_named, "{error}");
            named.insert(name.clone());
        }
    }
    let expected = [
        "content",
        "contents",
        "input",
        "max_tokens",
        "messages",
        "model",
    ];
    assert_eq!(Vec::from_iter(named), expected);
}

#[test]
fn each_model_of_gemini_has_its_range_of_thinking_budgets() {
    let [_, _, _, _, wire, ..] = wires();
    for (model, rejected, accepted) in [
        (
            "gemini-2.5-pro",
            [-2, 0, 127, 32_769],
            [-1, 128, 1024, 32_768],
        ),
        (
            "gemini-2.5-flash",
            [-3, -2, 24_577, 32_768],
            [-1, 0, 1, 24_576],
        ),
        (
            "gemini-2.5-flash-lite",
            [-2, 1, 511, 24_577],
            [-1, 0, 512, 24_576],
        ),
    ] {
        let check = |budget: i32| {
            let config = json!({ "thinkingConfig": { "thinkingBudget": budget } });
            let mut request = wire.request("{}");
            (request["model"], request["generationConfig"]) = (json!(model), config);
            (wire.check)(&request, wire.profile)
        };
        for budget in rejected {
            assert!(check(budget).is_err(), "{model}: {budget}");
        }
        for budget in accepted {
            assert_eq!(check(budget), Ok(()), "{model}: {budget}");
        }
    }
}

#[test]
fn a_rule_holds_for_its_profiles_and_models_alone() {
    for wire in wires() {
        for rule in &wire.rules {
            let known = wire.request(rule.rejected);
            let mut unknown = known.clone();
            unknown["model"] = json!(if rule.id == "model_missing" {
                ""
            } else {
                "my-model"
            });
            let other = match wire.profile {
                Profile::Gemini => Profile::Anthropic,
                _ => Profile::Gemini,
            };
            if let RuleScope::Dialect(dialect) = rule.scope {
                for profile in Profile::ALL {
                    let answer = (wire.check)(&known, *profile);
                    let words = rule.words.split("{at}").flat_map(|part| part.split("{}"));
                    let is_expected = |error: ProviderError| {
                        let mut words = words.clone();
                        words.all(|part| error.message.contains(part))
                    };
                    let holds = answer.err().is_some_and(is_expected);
                    // OpenAI has the same words for one of them.
                    let is_shared = rule.id == "groq_json_object_without_json"
                        && [
                            Profile::Openai,
                            Profile::OpenaiResponses,
                            Profile::Azure,
                            Profile::Plain,
                        ]
                        .contains(profile);
                    assert_eq!(
                        holds,
                        *profile == dialect || is_shared,
                        "{} at {profile:?}",
                        rule.id
                    );
                }
                continue;
            }
            let holds = [
                (Profile::Plain, &known),
                (wire.profile, &unknown),
                (Profile::Plain, &unknown),
                (other, &known),
            ]
            .map(|(profile, request)| wire.rejects(rule, request, profile));
            let expected = match rule.scope {
                RuleScope::Everywhere => [true; 4],
                RuleScope::Provider => [true, true, false, false],
                RuleScope::Models { .. } => [true, false, false, false],
                RuleScope::Profile => [false, true, false, false],
                RuleScope::Dialect(_) => unreachable!("it has gone on"),
            };
            assert_eq!(holds, expected, "{}", rule.id);
        }
    }
}

#[test]
fn lenient_is_named_where_another_provider_may_accept_the_request() {
    for wire in wires() {
        for rule in &wire.rules {
            let profile = wire.profile_of(rule);
            let error = (wire.check)(&wire.request(rule.rejected), profile);
            let error = error.expect_err("it is rejected");
            let is_certain = matches!(rule.scope, RuleScope::Everywhere);
            assert_eq!(error.message.contains("lenient()"), !is_certain, "{error}");
        }
    }
}

#[test]
fn only_a_misspelt_field_is_named_beside_the_one_that_is_missing() {
    for wire in wires() {
        for rule in &wire.rules {
            let profile = wire.profile_of(rule);
            let error = (wire.check)(&wire.request(rule.rejected), profile);
            let error = error.expect_err("it is rejected");
            assert!(!error.message.contains("[mock: the request has"), "{error}");
        }
    }
}

#[test]
fn each_rule_has_a_name_of_its_own_and_a_public_source() {
    for wire in wires() {
        let ids: BTreeSet<_> = wire.rules.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), wire.rules.len());
        for rule in &wire.rules {
            assert!(
                !rule.sources.is_empty() && !rule.words.is_empty(),
                "{}",
                rule.id
            );
            for source in rule.sources {
                let page = [
                    "https://platform.openai.com/docs/",
                    "https://platform.claude.com/docs/",
                    "https://ai.google.dev/",
                    "https://docs.ollama.com/",
                ];
                let is_page = page.iter().any(|page| source.starts_with(page));
                let issue = source.split_once('#').filter(|(repository, number)| {
                    repository.matches('/').count() == 1 && number.parse::<u32>().is_ok()
                });
                assert!(is_page || issue.is_some(), "{}: {source}", rule.id);
            }
        }
    }
}

/// A request of each API with a field by which clients of that API are known, and the function that checks those.
type OfApi = (
    &'static str,
    fn(&Value, Profile) -> Result<(), ProviderError>,
    Value,
);

fn apis() -> [OfApi; 11] {
    let user = json!({ "role": "user", "content": "hi" });
    let system = json!({ "role": "system", "content": "s" });
    let content = json!({ "parts": [{ "text": "hi" }] });
    [
        (
            "OpenAI Chat Completions",
            openai::check,
            json!({ "model": "m", "messages": [system, user], "max_completion_tokens": 5 }),
        ),
        (
            "OpenAI Responses",
            openai_responses::check,
            json!({ "model": "m", "input": "hi", "instructions": "s" }),
        ),
        (
            "OpenAI Embeddings",
            openai::embeddings::check,
            json!({ "model": "m", "input": "hi", "encoding_format": "float" }),
        ),
        (
            "Anthropic Messages",
            anthropic::check,
            json!({ "model": "m", "max_tokens": 5, "messages": [user], "system": "s" }),
        ),
        (
            "Gemini",
            gemini::check,
            json!({ "contents": [content], "generationConfig": {} }),
        ),
        (
            "Gemini Embeddings",
            gemini::embeddings::check,
            json!({ "content": content }),
        ),
        (
            "Gemini Embeddings",
            gemini::embeddings::check,
            json!({ "requests": [{ "model": "models/m", "content": content }] }),
        ),
        (
            "Gemini Interactions",
            gemini_interactions::check,
            json!({ "model": "m", "input": "hi", "system_instruction": "s" }),
        ),
        (
            "Ollama",
            ollama::check,
            json!({ "model": "m", "messages": [user], "options": {} }),
        ),
        (
            "Ollama",
            ollama::generate::check,
            json!({ "model": "m", "prompt": "hi", "options": {} }),
        ),
        (
            "Ollama",
            ollama::embeddings::check,
            json!({ "model": "m", "input": "hi", "options": {} }),
        ),
    ]
}

#[test]
fn a_body_of_another_api_is_rejected_by_the_name_of_that_api_on_every_pair() {
    // Servers of one API take these bodies of the other: its fields are those that they need, and they skip fields that they do not know.
    let taken = [
        ("Anthropic Messages", "OpenAI Chat Completions"),
        ("Anthropic Messages", "Ollama"),
        ("OpenAI Chat Completions", "Ollama"),
        ("Ollama", "OpenAI Chat Completions"),
        ("OpenAI Responses", "Ollama"),
        ("OpenAI Embeddings", "Ollama"),
        ("Gemini Interactions", "Ollama"),
    ];
    let (mut rejected, mut accepted) = (0, 0);
    for (from, _, body) in apis() {
        for (to, check, own) in apis() {
            let answer = check(&body, Profile::Plain);
            let says = format!("format of {from},");
            match &answer {
                Err(error) if error.message.contains(&says) => rejected += 1,
                Ok(()) if from == to || taken.contains(&(from, to)) => accepted += 1,
                // Its endpoints need other fields.
                Err(_) if from == to => {}
                answer => panic!("from {from} to {to}: {answer:?}: {body} is not {own}"),
            }
        }
    }
    assert_eq!((rejected, accepted), (PAIRS_TOLD, PAIRS_TAKEN));
}

/// How many pairs of APIs tell a body of the other, and how many take it.
const PAIRS_TOLD: usize = 101;
const PAIRS_TAKEN: usize = 20;

#[test]
fn a_tool_of_another_api_is_rejected_by_the_name_of_that_api_on_every_pair() {
    let schema = json!({ "type": "object", "properties": {} });
    let nested = json!({ "type": "function", "function": { "name": "look" } });
    let flat = json!({ "type": "function", "name": "look", "parameters": schema });
    let with_schema = json!({ "name": "look", "input_schema": schema });
    let declared = json!({ "functionDeclarations": [{ "name": "look" }] });
    let formats = [
        ("OpenAI Chat Completions", nested),
        ("OpenAI Responses", flat),
        ("Anthropic Messages", with_schema),
        ("Gemini", declared),
    ];
    let own = [
        "OpenAI Chat Completions",
        "OpenAI Responses",
        "Anthropic Messages",
        "Gemini",
        // Two APIs have the format of another.
        "OpenAI Responses",
        "OpenAI Chat Completions",
    ];
    let [
        chat,
        _,
        responses,
        messages,
        gemini,
        _,
        interactions,
        ollama,
        ..,
    ] = wires();
    let wires = [chat, responses, messages, gemini, interactions, ollama];
    for (wire, own) in wires.iter().zip(own) {
        for (format, tool) in &formats {
            let mut request = wire.plain.clone();
            request["tools"] = json!([tool]);
            let answer = (wire.check)(&request, Profile::Plain);
            match *format == own {
                true => assert_eq!(answer, Ok(()), "{own}"),
                false => {
                    let error = answer.expect_err("it is a tool of another API");
                    let says = format!("[mock: this is a tool in the format of {format}, sent");
                    assert!(error.message.contains(&says), "{error}");
                    let at = error.param.as_deref().unwrap_or_default();
                    assert!(at.starts_with("tools"), "{own}: {at}");
                }
            }
        }
    }
}

#[test]
fn a_field_that_is_null_is_not_there() {
    for wire in wires() {
        let nulls = r#"{"tools": null, "tool_choice": null, "parallel_tool_calls": null, "stream_options": null, "top_k": null, "n": null, "thinking": null, "metadata": null, "stop": null}"#;
        let answer = (wire.check)(&wire.request(nulls), wire.profile);
        assert_eq!(answer, Ok(()));
    }
}

#[test]
fn a_body_that_cannot_be_read_is_rejected_for_that() {
    for wire in wires() {
        let request = wire.request(
            r#"{"messages": [{"role": "owner", "content": "hi"}], "input": [{"role": "owner", "content": "hi"}], "contents": [{"role": "owner"}], "content": 4, "images": [1], "tools": []}"#,
        );
        let error = (wire.check)(&request, wire.profile).expect_err("there is no such role");
        // Inputs of embeddings and prompts are not messages.
        let says = [
            "`owner`",
            "`input[0]` is an object",
            "invalid input type",
            "`images[0]` is a number",
            "`content` is a number",
            "`input[0]` has a role",
        ];
        let says_it = says.iter().any(|says| error.message.contains(says));
        assert!(says_it, "{error}");
    }
}

#[test]
fn thinking_is_asked_of_the_beginning_of_the_turn_in_progress() {
    let [_, _, _, wire, ..] = wires();
    let thinking = json!({ "type": "thinking", "thinking": "Hm.", "signature": "c2VhbA==" });
    let call = |id: &str| json!({ "type": "tool_use", "id": id, "name": "look", "input": {} });
    let result = |id: &str| json!({ "role": "user", "content": [{ "type": "tool_result", "tool_use_id": id }] });
    let model = |parts: &[Value]| json!({ "role": "assistant", "content": parts });
    let user = json!({ "role": "user", "content": "hi" });
    let rejected = |messages: Vec<Value>| {
        let mut request =
            wire.request(r#"{"thinking": {"type": "enabled", "budget_tokens": 1024}}"#);
        request["messages"] = messages.into();
        let error = (wire.check)(&request, wire.profile).err();
        error.map(|error| error.param.expect("it says where").into_string())
    };
    // Later calls of one turn come without thinking.
    let turn = vec![
        user.clone(),
        model(&[thinking, call("t1")]),
        result("t1"),
        model(&[call("t2")]),
        result("t2"),
    ];
    assert_eq!(rejected(turn.clone()), None);
    // Turns that have ended may do without.
    let ended = vec![
        user.clone(),
        model(&[call("t1")]),
        result("t1"),
        model(&[json!({ "type": "text", "text": "so" })]),
        user,
    ];
    assert_eq!(rejected(ended), None);
    let at = Some("messages.1.content.0.type".to_owned());
    let mut without = turn;
    without[1]["content"]
        .as_array_mut()
        .expect("a list")
        .remove(0);
    assert_eq!(rejected(without), at);
}

/// The requests that real providers answered, from the folder of recordings that this variable names.
#[test]
fn whatever_a_real_provider_answered_is_accepted() {
    let Some(folder) = std::env::var_os("MOCK_CORE_RECORDINGS") else {
        eprintln!("skipped: MOCK_CORE_RECORDINGS names no folder of recordings");
        return;
    };
    let [
        chat,
        _,
        responses,
        messages,
        gemini,
        embeddings,
        interactions,
        ollama,
        ..,
    ] = wires();
    let mut checked = 0;
    for mut recording in recordings(Path::new(&folder)) {
        if let Some((model, _)) = recording.path.rsplit_once(':') {
            let model = model.rsplit('/').next().unwrap_or_default();
            recording.body["model"] = model.into();
        }
        let (wire, profile) = match (&*recording.path, &*recording.provider) {
            (path, "openai") if path.ends_with("/chat/completions") => (&chat, Profile::Openai),
            (path, provider) if path.ends_with("/chat/completions") => {
                let profile = provider.parse().expect("it is a profile");
                (&chat, profile)
            }
            (path, "openai") if path.ends_with("/responses") => {
                (&responses, Profile::OpenaiResponses)
            }
            (path, _) if path.ends_with("/responses") => (&responses, Profile::Plain),
            (path, "anthropic") if path.ends_with("/v1/messages") => {
                (&messages, Profile::Anthropic)
            }
            (path, _) if path.ends_with("enerateContent") => (&gemini, Profile::Gemini),
            (path, _) if path.ends_with("mbedContents") => (&embeddings, Profile::Gemini),
            ("/v1beta/interactions", _) => (&interactions, Profile::Gemini),
            ("/api/chat", _) => (&ollama, Profile::Ollama),
            _ => continue,
        };
        let answer = (wire.check)(&recording.body, profile);
        match recording.status {
            200..300 => assert_eq!(answer, Ok(()), "{}", recording.file.display()),
            400 | 422 => eprintln!(
                "recorded as {}: {answer:?}: {}",
                recording.status,
                recording.file.display()
            ),
            _ => {}
        }
        checked += 1;
    }
    eprintln!("{checked} recorded requests checked");
    assert!(checked > 0, "there are recordings of these wires");
}

struct Recording {
    file: PathBuf,
    provider: String,
    path: String,
    body: Value,
    status: u16,
}

/// All requests with a JSON body, of `PROVIDER/**/*.yaml`, as `httpmock` writes them.
fn recordings(folder: &Path) -> Vec<Recording> {
    let mut found = Vec::new();
    for provider in std::fs::read_dir(folder)
        .expect("the folder can be read")
        .flatten()
    {
        let name = provider.file_name().to_string_lossy().into_owned();
        let mut folders = vec![provider.path()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => found.extend(read_recordings(&path, &name)),
                }
            }
        }
    }
    found
}

fn read_recordings(file: &Path, provider: &str) -> Vec<Recording> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    // The ids of tool calls are redacted. Mistral only takes ids of nine letters and digits.
    let text = text.replace("call_REDACTED_", "callAbcd");
    text.split("\n---")
        .filter_map(|document| {
            let line = |name: &str| {
                let mut lines = document.lines().map(str::trim);
                lines.find_map(|line| line.strip_prefix(name))
            };
            Some(Recording {
                file: file.to_owned(),
                provider: provider.to_owned(),
                path: line("path:")?.trim().trim_matches(['"', '\'']).to_owned(),
                body: body_of(line("body:")?.trim())?,
                status: line("status:")?.trim().parse().ok()?,
            })
        })
        .collect()
}

/// A JSON body, as a YAML scalar on one line.
fn body_of(scalar: &str) -> Option<Value> {
    let single = scalar
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''));
    match single {
        Some(text) => serde_json::from_str(&text.replace("''", "'")).ok(),
        None => match serde_json::from_str(scalar).ok()? {
            Value::String(text) => serde_json::from_str(&text).ok(),
            value => Some(value),
        },
    }
}

#[test]
fn a_refusal_of_openai_has_the_code_of_its_words_where_the_provider_has_codes() {
    let [chat, embeddings, responses, ..] = wires();
    for wire in [chat, embeddings, responses] {
        for rule in wire
            .rules
            .iter()
            .filter(|rule| matches!(rule.scope, RuleScope::Everywhere))
        {
            let mut codes = openai::rejection_codes();
            let code = codes.find(|(words, ..)| rule.words.contains(words));
            let code = code.map_or("invalid_request_error", |(_, code, _)| code);
            let request = wire.request(rule.rejected);
            for profile in [
                Profile::Openai,
                Profile::Azure,
                Profile::Plain,
                Profile::Anthropic,
            ] {
                let error = (wire.check)(&request, profile).expect_err("it is rejected");
                assert_eq!(error.code.as_deref(), Some(code), "{}: {error}", rule.id);
            }
            let error = (wire.check)(&request, Profile::Deepseek).expect_err("it is rejected");
            assert_eq!(
                error.code.as_deref(),
                Some("invalid_request_error"),
                "{}",
                rule.id
            );
        }
    }
}

#[test]
fn openai_says_where_a_strict_schema_is_wrong() {
    let object = |properties: Value| {
        let required: Vec<_> = properties.as_object().into_iter().flatten().collect();
        let required: Vec<_> = required.iter().map(|(name, _)| (*name).clone()).collect();
        json!({
            "type": "object", "properties": properties, "required": required,
            "additionalProperties": false,
        })
    };
    let link = json!({ "type": ["string", "null"], "format": "uri" });
    for (schema, says) in [
        (
            json!({ "type": "object", "properties": {} }),
            "In context=(), 'additionalProperties' is required to be supplied and to be false.",
        ),
        (
            object(
                json!({ "a": { "type": "object", "properties": { "b": { "type": "string" } }, "additionalProperties": false } }),
            ),
            "In context=('properties', 'a'), 'required' is required to be supplied and to be an array including every key in properties.",
        ),
        (
            object(
                json!({ "a": { "type": "array", "items": { "anyOf": [{ "type": "string" }, link] } } }),
            ),
            "In context=('properties', 'a', 'items', 'anyOf', '1'), 'uri' is not a valid format.",
        ),
        (
            object(
                json!({ "a": { "type": "array", "items": { "type": "string" }, "uniqueItems": true } }),
            ),
            "In context=('properties', 'a'), 'uniqueItems' is not permitted.",
        ),
        (
            {
                let mut schema = object(json!({ "a": { "$ref": "#/$defs/A" } }));
                schema["$defs"] = json!({ "A": { "oneOf": [{ "type": "string" }] } });
                schema
            },
            "In context=('$defs', 'A'), 'oneOf' is not permitted.",
        ),
    ] {
        let message = |request: Value, check: fn(&Value, Profile) -> _| {
            let rejected: Result<(), ProviderError> = check(&request, Profile::Openai);
            rejected.expect_err("it is rejected").message
        };
        let mut chat = json!({ "model": "m", "messages": [{ "role": "user", "content": "hi" }] });
        let strict = json!({ "name": "look", "strict": true, "parameters": schema });
        chat["tools"] = json!([{ "type": "function", "function": strict }]);
        let begin = format!("Invalid schema for function 'look': {says} ");
        let error = message(chat, openai::check);
        assert!(error.starts_with(&begin), "{error}");
        let format =
            json!({ "type": "json_schema", "name": "answer", "strict": true, "schema": schema });
        let responses = json!({ "model": "m", "input": "hi", "text": { "format": format } });
        let begin = format!("Invalid schema for response_format 'answer': {says} ");
        let error = message(responses, |body, _| {
            openai_responses::check(body, Profile::OpenaiResponses)
        });
        assert!(error.starts_with(&begin), "{error}");
    }
}

#[test]
fn anthropic_names_all_constraints_that_a_strict_schema_may_not_have() {
    for (property, says) in [
        (
            json!({ "type": "number", "minimum": 0, "maximum": 1 }),
            "For 'number' type, properties maximum, minimum are not supported",
        ),
        (
            json!({ "type": ["null", "string"], "maxLength": 280 }),
            "For 'string' type, property 'maxLength' is not supported",
        ),
        (
            json!({ "type": "array", "items": {}, "minItems": 2 }),
            "For 'array' type, 'minItems' values other than 0 or 1 are not supported",
        ),
    ] {
        let schema = json!({
            "type": "object", "properties": { "a": property }, "required": ["a"],
            "additionalProperties": false,
        });
        let mut request = json!({
            "model": "m", "max_tokens": 5, "messages": [{ "role": "user", "content": "hi" }],
        });
        request["output_config"] = json!({ "format": { "type": "json_schema", "schema": schema } });
        let error = anthropic::check(&request, Profile::Anthropic).expect_err("it is rejected");
        let begin = format!("output_config.format.schema: {says} ");
        assert!(error.message.starts_with(&begin), "{error}");
    }
}
