//! Pages that show what happened in a test, in the folder that `MOCK_CORE_PICTURES` names.

mod conversation;
mod folder;
mod html;
mod html_page;
mod mermaid;
mod timeline;
mod turns;

use crate::journal::verdict::Verdict;

pub(crate) use folder::Folder;

/// A test that has ended, as its page shows it.
pub(crate) struct Picture<'a> {
    /// The test's path.
    pub(crate) name: &'a str,
    pub(crate) seed: u64,
    pub(crate) has_failed: bool,
    /// The report of the test, if it failed, with its notes.
    pub(crate) texts: Vec<String>,
    pub(crate) verdicts: &'a [Verdict],
}

impl Picture<'_> {
    /// Writes the page into the folder, and lists it there.
    ///
    /// # Errors
    /// If it cannot be written. The message says what to do.
    pub(crate) fn write(&self, folder: &Folder) -> Result<(), String> {
        let page = html_page::page(self);
        let written = folder.add(self.name, self.has_failed, &page);
        written.map_err(|error| folder.unwritten(&error))
    }
}

#[cfg(test)]
mod tests;
