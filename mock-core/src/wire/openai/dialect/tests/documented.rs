//! The table of dialects in `docs/wires.md` has what the code has.

use super::super::{Dialect, ErrorForm, Nulls, ReasoningPlace, RoleFrames, UsageFrame, table};

#[test]
fn the_table_of_dialects_is_that_of_the_code() {
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/wires.md");
    let document = std::fs::read_to_string(document).expect("the document can be read");
    for dialect in table::ALL {
        let row = row(dialect);
        assert!(document.contains(&row), "docs/wires.md lacks:\n{row}");
    }
}

fn row(dialect: &Dialect) -> String {
    let cells = [
        format!("`{}`", dialect.profile.word()),
        match dialect.reasoning {
            ReasoningPlace::Field(name) => format!("`{name}`"),
            ReasoningPlace::ThinkingPart => "part `thinking` of the content".to_owned(),
        },
        role(dialect.role).to_owned(),
        usage(dialect.usage).to_owned(),
        if dialect.usage_unasked { "yes" } else { "no" }.to_owned(),
        nulls(dialect.nulls),
        error(dialect.error).to_owned(),
    ];
    format!("| {} |", cells.join(" | "))
}

fn role(role: RoleFrames) -> &'static str {
    match role {
        RoleFrames::First => "first frame, alone or with the only call",
        RoleFrames::Alone => "first frame, alone",
        RoleFrames::Each => "each delta",
        RoleFrames::WithContent => "first delta",
    }
}

fn usage(usage: UsageFrame) -> &'static str {
    match usage {
        UsageFrame::Own => "frame of its own",
        UsageFrame::Finish => "beside the finish reason",
        UsageFrame::Repeated => "frame that repeats the finish reason",
        UsageFrame::Groq => {
            "beside the finish reason and in a frame of its own; if not requested, only in `x_groq`"
        }
    }
}

fn nulls(nulls: Nulls) -> String {
    let fields = [
        (nulls.refusal, "`refusal`"),
        (nulls.logprobs, "`logprobs`"),
        (nulls.usage, "`usage`"),
        (nulls.finish_reason, "`finish_reason`"),
    ];
    let fields = fields.iter().filter(|(is_null, _)| *is_null);
    let fields: Vec<_> = fields.map(|(_, name)| *name).collect();
    match fields.is_empty() {
        true => "–".to_owned(),
        false => fields.join(", "),
    }
}

fn error(form: ErrorForm) -> &'static str {
    match form {
        ErrorForm::Openai => "`{\"error\": {message, type, param, code}}`",
        ErrorForm::Short => "the same, without `null`s",
        ErrorForm::TypeTwice => "the same; the code is the type",
        ErrorForm::Azure => {
            "`{\"error\": {code, message}}` for a wrong key, a rate limit or an unknown deployment; otherwise OpenAI's"
        }
        ErrorForm::Status => "`{\"error\": {message, code}}`; the code is the status",
        ErrorForm::StatusAndType => "`{\"error\": {message, type, code}}`; the code is the status",
        ErrorForm::Flat => {
            "`{\"object\": \"error\", message, type, param, code}`; for a wrong key `{\"detail\": message}`"
        }
        ErrorForm::Text => "`{code, \"error\": message}`",
    }
}
