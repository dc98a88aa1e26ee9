//! `.named("..")` of a tool or an argument: its name on the wire. That names differ is checked in `check/wire_names.rs`.

use super::super::words;
use super::Reader;
use super::method_chain::Link;
use crate::lint::Lint;
use crate::syntax::literal;

impl Reader<'_> {
    /// The name of something as the provider sees it: `.named("..")`.
    pub(super) fn wire_name(&self, link: &Link<'_>) -> Option<syn::LitStr> {
        let name = self.one_of(&words::LINKS, link, "a text")?;
        let wire = literal(name).filter(|name| !name.value().is_empty());
        if wire.is_none() {
            self.error_at(
                Lint::WireName,
                name,
                match literal(name) {
                    Some(_) => "a name on the wire cannot be empty",
                    None => "a name on the wire must be a string literal",
                },
                "write it in quotes, as in `.named(\"get-weather\")`",
            );
        }
        wire.cloned()
    }
}
