//! The calls of a mock, in order: [`Calls`].

mod call;

use std::fmt;
use std::ops::{Index, Range};
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};

use crate::plural::count;
use crate::shuttle_locks::AtomicUsize;

pub(crate) use call::End;
pub use call::{Call, Outcome};

/// The number of calls in a block.
const BLOCK: usize = 16;

/// The number of segments, enough for as many calls as a `usize` can count.
const SEGMENTS: usize = (usize::BITS - BLOCK.ilog2()) as usize;

type Block = Arc<[OnceLock<Call>]>;

/// The calls of a mock. The list only grows, and its items do not move, so it can be read while calls are added.
///
/// A block is allocated with its first call. Allocating a whole segment at once would delay that call, and take memory for calls that may
/// never happen.
pub(crate) struct Journal {
    /// Segment n has 2ⁿ blocks.
    segments: [OnceLock<Vec<OnceLock<Block>>>; SEGMENTS],
    len: AtomicUsize,
}

impl Default for Journal {
    fn default() -> Self {
        Journal {
            segments: [const { OnceLock::new() }; SEGMENTS],
            len: AtomicUsize::new(0),
        }
    }
}

impl Journal {
    pub(crate) fn len(&self) -> usize {
        self.len.load(Ordering::Acquire)
    }

    /// Adds a call. Only one thread does this at a time: the engine holds its lock.
    pub(crate) fn push(&self, call: impl FnOnce() -> Call) -> Entry {
        let index = self.len();
        let (block, offset) = self.place(index);
        block[offset].get_or_init(call);
        self.len.store(index + 1, Ordering::Release);
        Entry {
            block: Arc::clone(block),
            offset,
        }
    }

    /// Returns the block of the call at this index, allocated if it is not, and its position in the block.
    #[inline]
    fn place(&self, index: usize) -> (&Block, usize) {
        let (segment, block, offset) = locate(index);
        let blocks = self.segments[segment].get_or_init(|| unset_blocks(1 << segment));
        let block = blocks[block].get_or_init(unset_block);
        (block, offset)
    }

    pub(crate) fn get(&self, index: usize) -> Option<&Call> {
        let (segment, block, offset) = locate(index);
        let blocks = self.segments.get(segment)?.get()?;
        blocks.get(block)?.get()?.get(offset)?.get()
    }
}

/// A call in the journal. Looking it up again and again would cost 2 % of a call.
pub(crate) struct Entry {
    block: Block,
    offset: usize,
}

impl Entry {
    pub(crate) fn call(&self) -> &Call {
        let call = self.block[self.offset].get();
        call.expect("it has been entered, and calls are never removed")
    }
}

/// Made by an iterator, since a list would be moved into the block: that takes 3 % of a call.
fn unset_block() -> Block {
    (0..BLOCK).map(|_| OnceLock::new()).collect()
}

fn unset_blocks(number: usize) -> Vec<OnceLock<Block>> {
    let mut blocks = Vec::new();
    for _ in 0..number {
        blocks.push(OnceLock::new());
    }
    blocks
}

/// Returns the segment of a call, its block in it, and its position in the block.
fn locate(index: usize) -> (usize, usize, usize) {
    let position = index / BLOCK + 1;
    let segment = position.ilog2() as usize;
    (segment, position - (1 << segment), index % BLOCK)
}

/// A snapshot of a mock's calls, in the order in which they started.
///
/// A snapshot is cheap, however many calls there are. A call that is in flight gets its outcome later.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([reply("Hi."), fail(overloaded())]);
/// llm.answer(Request::new("gpt-4o").user("Hello")).await?;
/// assert!(llm.answer(Request::new("gpt-4o").user("Hello?")).await.is_err());
///
/// let calls = llm.calls();
/// assert_eq!(calls.len(), 2);
/// assert_eq!(calls[1].request().user_text().as_deref(), Some("Hello?"));
/// assert_eq!(calls.iter().filter(|call| call.error().is_some()).count(), 1);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Calls {
    journal: Arc<Journal>,
    len: usize,
    /// The indices of the calls in the journal, where not all are in it.
    picked: Option<Arc<Vec<usize>>>,
}

impl Calls {
    pub(crate) fn new(journal: Arc<Journal>) -> Self {
        let len = journal.len();
        Calls {
            journal,
            len,
            picked: None,
        }
    }

    /// Returns the calls for which this holds.
    pub(crate) fn pick(&self, is_picked: impl Fn(&Call) -> bool) -> Calls {
        let mut picked = Vec::new();
        for call in self {
            if is_picked(call) {
                picked.push(call.number - 1);
            }
        }
        Calls {
            journal: Arc::clone(&self.journal),
            len: picked.len(),
            picked: Some(Arc::new(picked)),
        }
    }

    /// Returns the first call for which this holds.
    pub(crate) fn find(&self, is_it: &dyn Fn(&Call) -> bool) -> Option<&Call> {
        self.iter().find(|call| is_it(call))
    }

    /// Returns the last call for which this holds.
    pub(crate) fn find_last(&self, is_it: &dyn Fn(&Call) -> bool) -> Option<&Call> {
        self.iter().rfind(|call| is_it(call))
    }

    /// Returns the number of calls.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.").times(2)]);
    /// for _ in 0..2 {
    ///     llm.answer(Request::new("gpt-4o")).await?;
    /// }
    ///
    /// assert_eq!(llm.calls().len(), 2);
    /// # Ok(()) }
    /// ```
    pub fn len(&self) -> usize {
        self.len
    }

    /// Returns whether there are no calls.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// let llm = MockProvider::script([reply("Hi.").times(0..=1)]);
    /// assert!(llm.calls().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the call at this index, from 0.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.")]);
    /// llm.answer(Request::new("gpt-4o").user("hello")).await?;
    ///
    /// assert_eq!(llm.calls().get(0).unwrap().number(), 1);
    /// assert!(llm.calls().get(1).is_none());
    /// # Ok(()) }
    /// ```
    pub fn get(&self, index: usize) -> Option<&Call> {
        if index >= self.len {
            return None;
        }
        self.journal.get(match &self.picked {
            Some(picked) => picked[index],
            None => index,
        })
    }

    /// Returns the call with this number among the mock's calls, from 1.
    pub(crate) fn with_number(&self, number: usize) -> Option<&Call> {
        let at = match &self.picked {
            Some(picked) => picked.binary_search(&number.checked_sub(1)?).ok()?,
            None => number.checked_sub(1)?,
        };
        self.get(at)
    }

    /// Returns the number of calls in an earlier snapshot; 0 if the mock has forgotten those since.
    pub(crate) fn known_from(&self, earlier: &Calls) -> usize {
        match Arc::ptr_eq(&self.journal, &earlier.journal) {
            true => earlier.len,
            false => 0,
        }
    }

    /// Returns the first call.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.").times(2)]);
    /// for _ in 0..2 {
    ///     llm.answer(Request::new("gpt-4o")).await?;
    /// }
    ///
    /// assert_eq!(llm.calls().first().unwrap().number(), 1);
    /// # Ok(()) }
    /// ```
    pub fn first(&self) -> Option<&Call> {
        self.get(0)
    }

    /// Returns the last call.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.").times(2)]);
    /// for _ in 0..2 {
    ///     llm.answer(Request::new("gpt-4o")).await?;
    /// }
    ///
    /// assert_eq!(llm.calls().last().unwrap().number(), 2);
    /// # Ok(()) }
    /// ```
    pub fn last(&self) -> Option<&Call> {
        self.get(self.len.checked_sub(1)?)
    }

    /// Iterates over the calls.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.").times(2)]);
    /// for _ in 0..2 {
    ///     llm.answer(Request::new("gpt-4o")).await?;
    /// }
    ///
    /// assert!(llm.calls().iter().all(|call| call.request().model == "gpt-4o"));
    /// # Ok(()) }
    /// ```
    pub fn iter(&self) -> CallsIter<'_> {
        CallsIter {
            calls: self,
            indices: 0..self.len,
        }
    }
}

impl<'a> IntoIterator for &'a Calls {
    type Item = &'a Call;
    type IntoIter = CallsIter<'a>;

    fn into_iter(self) -> CallsIter<'a> {
        self.iter()
    }
}

/// An iterator over the calls of a mock, made by [`Calls::iter`].
#[derive(Clone)]
pub struct CallsIter<'a> {
    calls: &'a Calls,
    indices: Range<usize>,
}

impl<'a> Iterator for CallsIter<'a> {
    type Item = &'a Call;

    fn next(&mut self) -> Option<&'a Call> {
        self.calls.get(self.indices.next()?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.indices.size_hint()
    }
}

impl DoubleEndedIterator for CallsIter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.calls.get(self.indices.next_back()?)
    }
}

impl ExactSizeIterator for CallsIter<'_> {}

impl std::iter::FusedIterator for CallsIter<'_> {}

impl std::fmt::Debug for CallsIter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

/// # Panics
/// If there is no call at this index.
impl Index<usize> for Calls {
    type Output = Call;

    #[track_caller]
    fn index(&self, index: usize) -> &Call {
        match self.get(index) {
            Some(call) => call,
            None => panic!(
                "there is no call at index {index}: the mock was called {}",
                count(self.len, "time")
            ),
        }
    }
}

impl fmt::Debug for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

#[cfg(test)]
mod tests;
