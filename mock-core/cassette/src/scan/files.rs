//! The search for secrets in files and folders: [`scan`] and [`assert_no_secrets`].

use std::fs;
use std::path::{Path, PathBuf};

use super::{Finding, find_secrets, in_file, in_text};
use crate::detect::compressed_bodies;
use crate::error::{CassetteError, CassetteProblem, Mark};
use crate::{Cassette, Interaction};

/// The result of a scan of files.
///
/// ```
/// let folder = std::env::temp_dir().join(format!("mock-core-scan-{}", std::process::id()));
/// std::fs::create_dir_all(&folder)?;
/// std::fs::write(folder.join("a.yaml"), "when: {path: /}\nthen: {status: 204}")?;
///
/// let scan = mock_core::cassette::scan(&folder)?;
/// assert_eq!((scan.files(), scan.findings().len()), (1, 0));
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scan {
    files: usize,
    findings: Vec<Finding>,
    unread: Vec<CassetteError>,
    not_searched: Vec<CassetteError>,
}

impl Scan {
    /// Returns how many files were searched.
    pub fn files(&self) -> usize {
        self.files
    }

    /// Returns the secrets, in the order of the files' names.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Returns the files that are not of recorded exchanges, and why. They were searched as plain texts, for keys of a known shape.
    pub fn unread(&self) -> &[CassetteError] {
        &self.unread
    }

    /// Returns what was not searched, and what to do: compressed bodies. Those of gzip, deflate, Brotli and
    /// Zstandard are searched with the feature `compression`.
    pub fn not_searched(&self) -> &[CassetteError] {
        &self.not_searched
    }
}

/// Searches a file for secrets, or all files of a folder and of the folders in it, hidden ones too. Only folders named `.git` are left
/// out.
///
/// # Errors
/// If there are no files, or if a file or a folder cannot be opened.
pub fn scan(path: impl AsRef<Path>) -> Result<Scan, CassetteError> {
    let mut files = Vec::new();
    collect(path.as_ref(), &mut files)?;
    files.sort();
    if files.is_empty() {
        let none = CassetteError::new(
            CassetteProblem::Io,
            None,
            "it has no files",
            "name the folder of the cassettes",
        );
        return Err(none.in_file(path.as_ref()));
    }
    let mut scan = Scan {
        files: files.len(),
        ..Scan::default()
    };
    for file in files {
        let bytes = fs::read(&file).map_err(|error| crate::io(&error).in_file(&file))?;
        let text = String::from_utf8_lossy(&bytes);
        let cassette = Cassette::parse_bytes(&bytes);
        if let Ok(cassette) = &cassette {
            let closed = cassette.interactions().iter();
            let closed = closed.filter(|interaction| compressed_bodies::is_closed(interaction));
            scan.not_searched
                .extend(closed.map(|it| not_searched(it).in_file(&file)));
        }
        let findings = cassette.and_then(|_| find_secrets(&text));
        let findings = findings.unwrap_or_else(|error| {
            scan.unread.push(error.in_file(&file));
            in_text(&text)
        });
        scan.findings.extend(in_file(findings, &file));
    }
    Ok(scan)
}

fn not_searched(interaction: &Interaction) -> CassetteError {
    CassetteError::new(
        CassetteProblem::Encoding,
        Some(Mark::new(interaction.line.max(1) as usize, 1)),
        "a compressed body was not searched",
        match cfg!(feature = "compression") {
            true => "record it without compression",
            false => "turn on the feature `compression`, or record it without compression",
        },
    )
}

/// Adds a file, or the files of a folder. Links to folders are not followed.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), CassetteError> {
    let io = |error: std::io::Error| crate::io(&error).in_file(path);
    if !fs::metadata(path).map_err(io)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(io)? {
        let entry = entry.map_err(io)?;
        let kind = entry.file_type().map_err(io)?;
        let is_folder_link = kind.is_symlink() && entry.path().is_dir();
        let is_git = kind.is_dir() && entry.file_name() == ".git";
        if !is_git && !is_folder_link {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

/// Fails a test if a file, or a file in a folder, has a secret. Call it in a test of its own.
///
/// # Panics
/// If a secret was found, with the file, the line and the column of each; if a compressed body could not be searched; if there are no files;
/// or if one cannot be opened.
///
/// ```
/// # let folder = std::env::temp_dir().join(format!("mock-core-clean-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # std::fs::write(folder.join("a.yaml"), "when: {path: /}\nthen: {status: 204}")?;
/// # let cassettes = &folder;
/// mock_core::cassette::assert_no_secrets(cassettes);
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[track_caller]
pub fn assert_no_secrets(path: impl AsRef<Path>) {
    let path = path.as_ref();
    let scan = match scan(path) {
        Ok(scan) => scan,
        // Not in a closure, which would have its own location: `#[track_caller]` reports the line of the test.
        Err(error) => panic!("{error}"),
    };
    if scan.findings.is_empty() && scan.not_searched.is_empty() {
        return;
    }
    let not_searched: Vec<_> = scan.not_searched.iter().map(|it| it.to_string()).collect();
    assert!(
        !scan.findings.is_empty(),
        "{} may have secrets:\n{}",
        path.display(),
        not_searched.join("\n")
    );
    let lines: Vec<_> = scan.findings.iter().map(Finding::to_string).collect();
    panic!(
        "{} has secrets:\n{}\nrevoke what is real, and run `mock-cassette redact FILE`",
        path.display(),
        lines.join("\n")
    );
}
