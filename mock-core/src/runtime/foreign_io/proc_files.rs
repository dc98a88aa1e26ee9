//! Reads files of `/proc`, and counts the bytes read, because the kernel counts them too.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::os::unix::fs::FileExt as _;

/// How many bytes have been read here.
#[derive(Default)]
pub(super) struct Reader {
    read: u64,
}

impl Reader {
    /// How many bytes have been read.
    pub(super) fn read(&self) -> u64 {
        self.read
    }

    /// The text of a file of `/proc`; empty if it cannot be read.
    pub(super) fn text(&mut self, path: &str) -> String {
        let mut bytes = Vec::new();
        // A file that cannot be read counts as empty.
        let _ = File::open(path).and_then(|mut file| file.read_to_end(&mut bytes));
        self.read += bytes.len() as u64;
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Reads from the beginning of a file into `bytes`, as many as it has room for; how many there were.
    pub(super) fn beginning(&mut self, file: &File, bytes: &mut [u8]) -> io::Result<usize> {
        let read = file.read_at(bytes, 0)?;
        self.read += read as u64;
        Ok(read)
    }
}

/// The target of a descriptor of this process: `socket:[4711]`, `anon_inode:[eventpoll]`, a path.
pub(super) fn target(descriptor: &str) -> Option<String> {
    let target = fs::read_link(format!("/proc/self/fd/{descriptor}")).ok()?;
    Some(target.to_string_lossy().into_owned())
}

/// The number in `socket:[4711]` or `pipe:[4711]`.
pub(super) fn inode_in(target: &str) -> Option<u64> {
    let (_, number) = target.split_once(":[")?;
    number.strip_suffix(']')?.parse().ok()
}
