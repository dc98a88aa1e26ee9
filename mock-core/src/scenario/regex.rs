//! Regular expressions as patterns.

use std::fmt;
use std::ops::Deref;
use std::sync::LazyLock;

use super::pattern::parse::reserved;
use super::template::is_name;

/// A regular expression: one that is compiled when it is first used, in a `static`, or one that was compiled when built.
#[derive(Clone)]
pub enum Regex {
    /// Compiled when it is first used.
    Static {
        /// The text that it is written in.
        source: &'static str,
        /// The result of compiling it.
        regex: &'static LazyLock<regex::Regex>,
    },
    /// Compiled.
    Compiled(regex::Regex),
}

impl Regex {
    /// Compiles an expression whose groups can be captures.
    ///
    /// # Errors
    /// What is wrong, and what to do.
    pub(crate) fn compile(source: &str) -> Result<Self, String> {
        let regex = regex::Regex::new(source).map_err(|error| error.to_string())?;
        for name in regex.capture_names().flatten() {
            reserved(name)?;
            if !is_name(name) {
                return Err(format!(
                    "no template can name the group `{name}`; write its name in letters, digits and `_`, as in `(?<city>..)`"
                ));
            }
        }
        Ok(Regex::Compiled(regex))
    }

    /// The text that it is written in, which is there without compiling it.
    pub fn as_str(&self) -> &str {
        match self {
            Regex::Static { source, .. } => source,
            Regex::Compiled(regex) => regex.as_str(),
        }
    }
}

impl Deref for Regex {
    type Target = regex::Regex;

    fn deref(&self) -> &regex::Regex {
        match self {
            Regex::Static { regex, .. } => regex,
            Regex::Compiled(regex) => regex,
        }
    }
}

impl fmt::Debug for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Regex").field(&self.as_str()).finish()
    }
}

/// By the text that they are written in.
impl PartialEq for Regex {
    fn eq(&self, other: &Regex) -> bool {
        self.as_str() == other.as_str()
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use crate::MockProvider;
    use crate::builder::*;
    use crate::chat::request::Request;

    /// What the turns answer to a question that takes no time.
    fn answer(turn: crate::scenario::Turn, question: &str) -> String {
        let llm = MockProvider::new(script([]).rules([turn]).otherwise(reply("no")));
        let answer = llm.answer(Request::new("gpt-4o").user(question));
        let answer = answer.now_or_never().expect("no time is in it");
        answer.expect("an answer").text().into_owned()
    }

    #[test]
    fn its_named_groups_are_captures() {
        let turn = || on(user(regex(r"(?i)in (?<city>\w+)(, (?<land>\w+))?"))).reply("{city}");
        assert_eq!(answer(turn(), "weather IN Paris?"), "Paris");
        assert_eq!(answer(turn(), "weather"), "no");
    }

    #[test]
    fn it_has_anchors_of_its_own() {
        assert_eq!(answer(on(model(regex("4o"))).reply("yes"), ""), "yes");
        assert_eq!(answer(on(model(regex("^4o$"))).reply("yes"), ""), "no");
    }

    #[test]
    fn its_groups_have_names_that_templates_can_write() {
        for (source, problem) in [
            (
                "(?<user>x)",
                "`{user}` already has a meaning in templates; use another name",
            ),
            ("(?<model>x)", "`{model}` already has a meaning"),
            ("(?<a>x)(?<call>y)", "`{call}` already has a meaning"),
            ("(?<a.b>x)", "no template can name the group `a.b`"),
            ("(?<a[0]>x)", "no template can name the group `a[0]`"),
            ("(", "unclosed group"),
        ] {
            let error = super::Regex::compile(source).expect_err(source);
            assert!(error.contains(problem), "{source}: {error}");
        }
        assert!(super::Regex::compile("(?<city>x)(y)").is_ok());
    }

    #[test]
    #[should_panic(expected = "unclosed group")]
    fn a_text_that_is_not_an_expression_is_rejected_where_it_is_written() {
        let _ = regex("(");
    }
}
