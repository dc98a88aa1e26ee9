//! The eventpoll of a runtime: which descriptors it waits for.

use std::fs::{self, File};
use std::io;

use super::proc_files::{Reader, target};
use crate::search::Search;

/// A descriptor that a runtime waits for.
pub(super) struct Registered {
    /// Its number.
    pub(super) descriptor: String,
    /// The inode of the file behind it.
    pub(super) inode: u64,
}

/// The eventpoll of one runtime.
pub(super) struct Eventpoll {
    info: File,
    /// The eventfd by which the runtime is woken.
    waker: String,
    /// The text that was read last, with spare capacity.
    current: Vec<u8>,
    /// How many bytes of `current` were read.
    length: usize,
    /// The buffer for the next read. To fill a new one with zeros each time would take longer than the read.
    next: Vec<u8>,
}

/// The result of a search for the eventpoll of a runtime.
pub(super) enum EventpollSearch {
    Found(Eventpoll),
    /// Other runtimes were woken at the same time.
    Ambiguous,
    /// The runtime waits for no I/O.
    NoIo,
    /// The runtime may wait for I/O, but its eventpoll cannot be read.
    Unknown,
}

impl Eventpoll {
    /// Finds the eventpoll of the runtime that `wake` wakes from outside.
    pub(super) fn find(reader: &mut Reader, wake: &dyn Fn()) -> EventpollSearch {
        let (all, has_eventpolls) = candidates(reader);
        match &*all {
            [] if has_eventpolls => return EventpollSearch::Unknown,
            [] => return EventpollSearch::NoIo,
            [one] => {
                return Self::open(one).map_or(EventpollSearch::Unknown, EventpollSearch::Found);
            }
            _ => {}
        }
        let mut before = Vec::new();
        for candidate in &all {
            before.push(wakes(reader, &candidate.waker));
        }
        wake();
        let mut woken = Vec::new();
        for (candidate, &before) in all.iter().zip(&before) {
            if wakes(reader, &candidate.waker) > before {
                woken.push(candidate);
            }
        }
        match *woken {
            [] => EventpollSearch::Unknown,
            [one] => Self::open(one).map_or(EventpollSearch::Unknown, EventpollSearch::Found),
            _ => EventpollSearch::Ambiguous,
        }
    }

    fn open(candidate: &Candidate) -> io::Result<Eventpoll> {
        Ok(Eventpoll {
            info: File::open(format!("/proc/self/fdinfo/{}", candidate.eventpoll))?,
            waker: candidate.waker.clone(),
            current: vec![0; INITIAL_BUFFER],
            length: 0,
            next: vec![0; INITIAL_BUFFER],
        })
    }

    /// How often the runtime has been woken.
    pub(super) fn wakes(&self, reader: &mut Reader) -> Option<u64> {
        wakes(reader, &self.waker)
    }

    /// Reads which descriptors are registered, and returns whether that has changed since the last call.
    ///
    /// # Errors
    /// If it cannot be read, or is too much to be read again and again.
    pub(super) fn has_changed(&mut self, reader: &mut Reader) -> io::Result<bool> {
        let mut length = reader.beginning(&self.info, &mut self.next)?;
        while length == self.next.len() {
            if length >= LONGEST_LIST {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            self.next.resize(2 * length, 0);
            length = reader.beginning(&self.info, &mut self.next)?;
        }
        let has_changed = self.current[..self.length] != self.next[..length];
        std::mem::swap(&mut self.current, &mut self.next);
        self.length = length;
        Ok(has_changed)
    }

    /// The descriptors that were registered at the last call of `has_changed`, without the runtime's own.
    pub(super) fn registered(&self) -> Vec<Registered> {
        let text = String::from_utf8_lossy(&self.current[..self.length]);
        let mut registered = Vec::new();
        for line in text.lines() {
            if let Some(entry) = Entry::parse(line)
                && !is_token_of_tokio(entry.data)
            {
                registered.push(Registered {
                    descriptor: entry.descriptor.to_owned(),
                    inode: entry.inode,
                });
            }
        }
        registered
    }
}

/// The inodes of descriptors.
pub(super) fn inodes(registered: &[Registered]) -> Vec<u64> {
    let mut inodes = Vec::with_capacity(registered.len());
    for one in registered {
        inodes.push(one.inode);
    }
    inodes
}

/// Keeps the inodes for which this holds.
pub(super) fn retain(inodes: &mut Vec<u64>, keeps: &mut dyn FnMut(u64) -> bool) {
    inodes.retain(|inode| keeps(*inode));
}

/// The initial size of the buffer for a list of descriptors, in bytes.
const INITIAL_BUFFER: usize = 1024;

/// The longest list of descriptors that is read, in bytes: some 600 of them.
const LONGEST_LIST: usize = 64 * 1024;

/// The token of the eventfd by which other threads wake a runtime.
const WAKEUP: u64 = 0;

/// The token of the socket that reports signals.
const SIGNAL: u64 = 1;

fn is_token_of_tokio(data: u64) -> bool {
    matches!(data, WAKEUP | SIGNAL)
}

/// A line of `/proc/self/fdinfo` of an eventpoll:
/// `tfd:        5 events: 80002019 data:                0  pos:0 ino:40e sdev:10`.
struct Entry<'t> {
    descriptor: &'t str,
    data: u64,
    inode: u64,
}

impl<'t> Entry<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        let mut words = line.strip_prefix("tfd:")?.split_whitespace();
        let descriptor = words.next()?;
        let hex = |word: &str| u64::from_str_radix(word, 16).ok();
        while words.next()? != "data:" {}
        let data = hex(words.next()?)?;
        loop {
            if let Some(inode) = words.next()?.strip_prefix("ino:") {
                let inode = hex(inode)?;
                return Some(Entry {
                    descriptor,
                    data,
                    inode,
                });
            }
        }
    }
}

/// An eventpoll of this process that may be a runtime's.
struct Candidate {
    eventpoll: String,
    waker: String,
}

/// All candidates, and whether this process has eventpolls at all.
fn candidates(reader: &mut Reader) -> (Vec<Candidate>, bool) {
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut has_eventpolls = false;
    let Ok(descriptors) = fs::read_dir("/proc/self/fd") else {
        return (candidates, has_eventpolls);
    };
    for descriptor in descriptors {
        let Ok(descriptor) = descriptor else { continue };
        let eventpoll = descriptor.file_name().to_string_lossy().into_owned();
        if target(&eventpoll).as_deref() != Some("anon_inode:[eventpoll]") {
            continue;
        }
        has_eventpolls = true;
        let info = reader.text(&format!("/proc/self/fdinfo/{eventpoll}"));
        let Some(entry) = waker_in(&info) else {
            continue;
        };
        // A runtime has two descriptors for its eventpoll. Only one of them is a candidate.
        if candidates.all(&|known| known.waker != entry.descriptor) {
            candidates.push(Candidate {
                waker: entry.descriptor.to_owned(),
                eventpoll,
            });
        }
    }
    (candidates, has_eventpolls)
}

/// The eventfd by which the runtime is woken, among the descriptors of an eventpoll.
fn waker_in(info: &str) -> Option<Entry<'_>> {
    for line in info.lines() {
        if let Some(entry) = Entry::parse(line)
            && entry.data == WAKEUP
        {
            return Some(entry);
        }
    }
    None
}

/// How often an eventfd has been written to.
fn wakes(reader: &mut Reader, eventfd: &str) -> Option<u64> {
    let info = reader.text(&format!("/proc/self/fdinfo/{eventfd}"));
    for line in info.lines() {
        if let Some(count) = line.strip_prefix("eventfd-count:") {
            return u64::from_str_radix(count.trim(), 16).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read_by_its_labels() {
        let line = "tfd:       12 events: 80002019 data:     7f00dead  pos:0 ino:ff27 sdev:9";
        let entry = Entry::parse(line).expect("an entry");
        assert_eq!(
            (entry.descriptor, entry.data, entry.inode),
            ("12", 0x7f00_dead, 0xff27)
        );
        for other in [
            "",
            "pos:\t0",
            "tfd: 1",
            "tfd: 1 data: x ino:1",
            "tfd: 1 data: 1",
        ] {
            assert!(Entry::parse(other).is_none(), "{other}");
        }
    }
}
