//! The names of things, read from a text: [`UnknownName`].

use std::fmt;

/// The error of `FromStr`: the text is not the name of a kind of failure, a role or a profile. The message lists the names.
///
/// ```
/// use mock_core::ErrorKind;
///
/// assert_eq!("rate_limit".parse(), Ok(ErrorKind::RateLimit));
/// let error = "rate-limit".parse::<ErrorKind>().unwrap_err();
/// assert!(error.to_string().starts_with("`rate-limit` is not a kind of failure: write `timeout`, `rate_limit`, "));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownName {
    what: &'static str,
    text: String,
    known: Vec<&'static str>,
}

impl UnknownName {
    /// Finds the one with this name.
    pub(crate) fn find<T: Copy>(
        what: &'static str,
        text: &str,
        all: &[T],
        name: fn(T) -> &'static str,
    ) -> Result<T, UnknownName> {
        let mut known = Vec::new();
        for one in all {
            if name(*one) == text {
                return Ok(*one);
            }
            known.push(name(*one));
        }
        let text = text.to_owned();
        Err(UnknownName { what, text, known })
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = crate::hide_secrets::in_text::hide_in_text(&self.text);
        write!(f, "`{text}` is not {}: write", self.what)?;
        for (index, known) in self.known.iter().enumerate() {
            let separator = if index == 0 { "" } else { "," };
            write!(f, "{separator} `{known}`")?;
        }
        Ok(())
    }
}

/// The text of `Display`, so that `unwrap` prints it.
impl fmt::Debug for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for UnknownName {}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;
    use crate::chat::error_kind::ErrorKind;
    use crate::chat::message::Role;
    use crate::chat::profile::Profile;

    fn assert_read_back<T>(all: &[T], name: fn(T) -> &'static str)
    where
        T: Copy + PartialEq + fmt::Debug + FromStr<Err = UnknownName>,
    {
        for one in all {
            assert_eq!(name(*one).parse(), Ok(*one));
            let other = name(*one).to_uppercase();
            let error = other.parse::<T>().expect_err("names are in lower case");
            let text = error.to_string();
            assert!(text.starts_with(&format!("`{other}` is not ")), "{text}");
            assert!(text.contains(&format!("`{}`", name(*one))), "{text}");
        }
    }

    #[test]
    fn each_name_is_read_back_and_another_text_is_an_error_that_lists_them() {
        assert_read_back(ErrorKind::ALL, ErrorKind::as_str);
        assert_read_back(Role::ALL, Role::as_str);
        assert_read_back(Profile::ALL, Profile::word);
    }
}
