//! The folder of the pages: a file for each test, and an index of them.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::process;

use super::html::{Text, head};
use crate::engine::seed_of;
use crate::environment_variables::PICTURES;

/// A folder that can be written. Tests of several processes may share it.
#[derive(Clone)]
pub(crate) struct Folder(PathBuf);

/// The file that one process at a time locks while it writes the index.
const LOCK: &str = ".lock";

const INDEX: &str = "index.html";

/// How the name of a page ends.
const PAGE: &str = ".html";

/// How the name of the page of a failed test ends.
const FAILED: &str = ".failed.html";

/// The longest name of a page in bytes, without its ending. Most file systems take 255.
const LONGEST: usize = 200;

impl Folder {
    /// Opens the folder, and makes it if there is none.
    ///
    /// # Errors
    /// If nothing can be written there.
    pub(crate) fn open(path: &Path) -> io::Result<Folder> {
        fs::create_dir_all(path)?;
        // Make the path absolute, because a test may change the current folder.
        let folder = Folder(path.canonicalize()?);
        folder.lock_file()?;
        Ok(folder)
    }

    fn lock_file(&self) -> io::Result<File> {
        let mut options = File::options();
        let options = options.create(true).write(true).truncate(false);
        options.open(self.0.join(LOCK))
    }

    /// Adds the page of a test in place of the one of an earlier run, and lists it in the index.
    pub(crate) fn add(&self, test: &str, has_failed: bool, page: &str) -> io::Result<()> {
        let stem = stem(test);
        let (new, old) = match has_failed {
            true => (FAILED, PAGE),
            false => (PAGE, FAILED),
        };
        let name = format!("{stem}{new}");
        let lock = self.lock_file()?;
        lock.lock()?;
        let is_new = !self.0.join(&name).exists();
        self.replace(&name, page)?;
        let removed = fs::remove_file(self.0.join(format!("{stem}{old}")));
        match removed {
            // Write the index again: it still lists the page under its old name.
            Ok(()) => self.write_index(),
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Err(_) if is_new => self.append_to_index(&name),
            Err(_) if self.0.join(INDEX).exists() => Ok(()),
            Err(_) => self.write_index(),
        }
    }

    /// Lists one more page: to write the whole index for each of ten thousand tests would take minutes.
    fn append_to_index(&self, name: &str) -> io::Result<()> {
        let mut options = File::options();
        let mut index = match options.read(true).append(true).open(self.0.join(INDEX)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return self.write_index(),
            index => index?,
        };
        let mut last = [0];
        let end = index.seek(SeekFrom::End(-1));
        let is_whole = end.and_then(|_| index.read_exact(&mut last)).is_ok() && last == [b'\n'];
        match is_whole {
            true => index.write_all(entry(name).as_bytes()),
            // The index is broken: a process ended while writing it.
            false => self.write_index(),
        }
    }

    fn write_index(&self) -> io::Result<()> {
        self.replace(INDEX, &index(&self.pages()?))
    }

    /// Writes a file at once: who reads it sees the old one or the new one.
    fn replace(&self, name: &str, content: &str) -> io::Result<()> {
        let new = self.0.join(format!(".{}.new", process::id()));
        fs::write(&new, content)?;
        fs::rename(&new, self.0.join(name))
    }

    /// The names of the pages, in order.
    fn pages(&self) -> io::Result<Vec<String>> {
        let mut pages = Vec::new();
        for entry in fs::read_dir(&self.0)? {
            let name = entry?.file_name();
            let name = name.to_str().filter(|name| *name != INDEX);
            pages.extend(name.filter(|name| name.ends_with(PAGE)).map(str::to_owned));
        }
        pages.sort_unstable();
        Ok(pages)
    }

    /// The message of a test whose page could not be written.
    pub(super) fn unwritten(&self, error: &io::Error) -> String {
        format!(
            "the page of the test cannot be written into `{}` ({error}): make room or change the rights there, set `{PICTURES}` to \
             another folder, or unset it",
            self.0.display()
        )
    }
}

/// The name of the pages of a test, without the ending: its path, in characters that every file system takes.
fn stem(test: &str) -> String {
    let mut stem = String::new();
    for c in test.replace("::", ".").chars() {
        match c {
            c if c.is_alphanumeric() => stem.push(c),
            '.' | '_' | '-' => stem.push(c),
            c => stem.push_str(&format!("~{:x}~", u32::from(c))),
        }
    }
    if stem.len() > LONGEST {
        let kept = stem
            .char_indices()
            .map(|(at, _)| at)
            .take_while(|at| *at <= LONGEST);
        stem.truncate(kept.last().unwrap_or_default());
        stem.push_str(&format!("~{:x}", seed_of(&[test])));
    }
    stem
}

/// A page with links to these pages. More can be added at its end, so it has no end tags; the style puts those of failed tests first.
fn index(pages: &[String]) -> String {
    let mut index = head("Tests");
    index.push_str("<h1>Tests</h1>\n<ul class=\"tests\">\n");
    for page in pages {
        index.push_str(&entry(page));
    }
    index
}

/// The line of a page in the index.
fn entry(page: &str) -> String {
    let (class, test) = match page.strip_suffix(FAILED) {
        Some(test) => ("failed", test),
        None => ("passed", page.trim_end_matches(PAGE)),
    };
    let test = test.replace('.', "::");
    format!(
        "<li class=\"{class}\"><a href=\"{}\">{}</a></li>\n",
        Text(page),
        Text(&test)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_name_that_every_file_system_takes() {
        assert_eq!(stem("agent::tests::waits_2_s"), "agent.tests.waits_2_s");
        assert_eq!(stem("a::r#try/../b"), "a.r~23~try~2f~..~2f~b");
        assert_eq!(stem("größe::тест"), "größe.тест");
        let long = |last: char| stem(&("ä".repeat(300) + &last.to_string()));
        assert!(long('a').len() < LONGEST + 20 && long('a') != long('b'));
    }
}
