//! The test that runs on this thread: mocks join it when they are made.

use std::borrow::Cow;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::Waker;
use std::time::Duration;

#[cfg(feature = "server")]
use socket2::SockRef;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::engine::{Engine, seed_of};
use crate::environment;
use crate::harness::foreign::Watch;
use crate::scenario::Scenario;
use crate::sync::AtomicUsize;
use crate::verdict::Verdict;

thread_local! {
    static CURRENT: RefCell<Option<Arc<Running>>> = const { RefCell::new(None) };
}

/// How long a runtime has to run a task before it counts as blocked. It takes microseconds, but for a machine that has much else to do.
const ANSWERS: Duration = Duration::from_secs(1);

/// A test that is running, and the mocks that joined it.
pub(crate) struct Running {
    name: &'static str,
    /// The seed of all chance in the test.
    seed: u64,
    /// When the test began.
    epoch: OnceLock<Instant>,
    /// The runtime that it runs on.
    runtime: OnceLock<Handle>,
    /// Whether its body is being polled.
    is_polled: AtomicBool,
    mocks: Mutex<Vec<Arc<Engine>>>,
    problems: Arc<AtomicUsize>,
    looks: Arc<Looks>,
    /// What watches the I/O of the runtime, if its clock is paused.
    watch: Option<Watch>,
}

/// The looks that the guard of a test takes at it, from time to time on the clock on the wall.
#[derive(Default)]
pub(crate) struct Looks(Notify);

impl Looks {
    /// Waits for the next look.
    #[cfg(feature = "server")]
    pub(crate) async fn next(&self) {
        self.0.notified().await;
    }
}

impl Running {
    /// # Panics
    /// If the environment sets a seed that is none.
    pub(crate) fn new(name: &'static str) -> Self {
        Running {
            name,
            seed: seed_from_environment().unwrap_or_else(|| seed_of(&[name])),
            epoch: OnceLock::new(),
            runtime: OnceLock::new(),
            is_polled: AtomicBool::new(false),
            mocks: Mutex::default(),
            problems: Arc::default(),
            looks: Arc::default(),
            watch: None,
        }
    }

    /// The same, with its I/O watched.
    pub(crate) fn watched(self, watch: Option<Watch>) -> Self {
        Running { watch, ..self }
    }

    /// Every task of the test waits, and its clock may jump.
    pub(crate) fn before_park(&self) {
        if let Some(watch) = &self.watch {
            watch.before_park();
        }
    }

    /// Takes the waker of the runtime's root future.
    pub(crate) fn offer_root(&self, root: &Waker) {
        if let Some(watch) = &self.watch {
            watch.offer_root(root);
        }
    }

    /// This socket belongs to a server of a mock: it is not foreign, and neither is its client.
    #[cfg(all(feature = "server", target_os = "linux"))]
    fn note_served(&self, socket: &SockRef<'_>) {
        if let Some(watch) = &self.watch {
            watch.note_served(socket);
        }
    }

    /// How the clock jumped beside foreign I/O, now that the test has ended.
    pub(crate) fn jumps(&self) -> Vec<String> {
        self.watch.as_ref().map(Watch::end).unwrap_or_default()
    }

    /// The test's path.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// The seed of all chance in the test.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// Notes that the test begins, on the clock of the runtime that this is called in.
    pub(crate) fn start(&self) {
        self.epoch.get_or_init(Instant::now);
        self.runtime.get_or_init(Handle::current);
    }

    /// Polls the body of the test.
    pub(crate) fn poll_body<T>(&self, poll: impl FnOnce() -> T) -> T {
        self.is_polled.store(true, Ordering::Relaxed);
        let polled = poll();
        self.is_polled.store(false, Ordering::Relaxed);
        polled
    }

    /// Whether something blocks the thread of the test: its runtime does not run a task that comes now. On a runtime of several threads
    /// others would, so that there the body itself must not be at it.
    pub(crate) fn is_blocked(&self) -> bool {
        let Some(runtime) = self.runtime.get() else {
            return true;
        };
        let (tell, told) = channel();
        runtime.spawn(async move { tell.send(()) });
        let several = runtime.runtime_flavor() != RuntimeFlavor::CurrentThread;
        told.recv_timeout(ANSWERS).is_err() || (several && self.is_polled.load(Ordering::Relaxed))
    }

    /// Makes this the current test of the thread, until the guard is dropped.
    pub(crate) fn enter(self: &Arc<Self>) -> Entered {
        Entered {
            before: CURRENT.replace(Some(Arc::clone(self))),
            thread: PhantomData,
        }
    }

    /// A mock of this test. `argument` is the name of the test's argument that it is for.
    pub(crate) fn join(
        &self,
        scenario: Cow<'static, Scenario>,
        argument: Option<&str>,
    ) -> Arc<Engine> {
        let mut mocks = self.mocks.lock().unwrap_or_else(PoisonError::into_inner);
        let label = label(&scenario, argument);
        let same = mocks.iter().filter(|mock| mock.label() == label).count();
        let of_test = || seed_of(&[&self.seed.to_string(), &label, &same.to_string()]);
        let seed = scenario.seed.unwrap_or_else(of_test);
        let engine = Arc::new(Engine::new(
            scenario,
            label,
            seed,
            *self.epoch.get_or_init(Instant::now),
            Arc::clone(&self.problems),
        ));
        mocks.push(Arc::clone(&engine));
        engine
    }

    /// Tells what waits that the guard looks at the test.
    pub(crate) fn look(&self) {
        self.looks.0.notify_waiters();
    }

    /// Notes which mocks a client waits for that blocks the thread of their servers.
    #[cfg(feature = "server")]
    pub(crate) fn note_clients_left(&self) {
        let mocks = self.mocks.lock().unwrap_or_else(PoisonError::into_inner);
        mocks.iter().for_each(|mock| mock.note_client_left());
    }

    /// Ends the test for its mocks, and asks each what it has to say.
    pub(crate) fn end(&self) -> Vec<Verdict> {
        let mocks = self.mocks.lock().unwrap_or_else(PoisonError::into_inner);
        mocks.iter().for_each(|mock| mock.end());
        drop(mocks);
        self.verdicts()
    }

    /// Asks each mock what it has to say up to now.
    pub(crate) fn verdicts(&self) -> Vec<Verdict> {
        let mocks = self.mocks.lock().unwrap_or_else(PoisonError::into_inner);
        mocks.iter().map(|mock| mock.verdict()).collect()
    }
}

fn seed_from_environment() -> Option<u64> {
    match environment::seed() {
        Ok(seed) => seed,
        Err(error) => panic!("{error}"),
    }
}

/// What reports call a mock.
fn label(scenario: &Scenario, argument: Option<&str>) -> String {
    match (argument, &scenario.name) {
        (Some(argument), Some(name)) => format!("{argument}: {name}"),
        (Some(argument), None) => argument.to_owned(),
        (None, Some(name)) => name.to_string(),
        (None, None) => scenario.profile.name().to_owned(),
    }
}

/// This socket belongs to a server of a mock of the test that runs on this thread.
#[cfg(feature = "server")]
pub(crate) fn note_served(socket: &SockRef<'_>) {
    #[cfg(target_os = "linux")]
    CURRENT.with_borrow(|running| {
        if let Some(running) = running {
            running.note_served(socket);
        }
    });
    #[cfg(not(target_os = "linux"))]
    let _ = socket;
}

/// The looks that are taken at the test that runs on this thread.
#[cfg(feature = "server")]
pub(crate) fn looks() -> Option<Arc<Looks>> {
    CURRENT.with_borrow(|running| Some(Arc::clone(&running.as_ref()?.looks)))
}

/// A new engine: of the test that runs on this thread, or, as the `Err`, of none.
pub(crate) fn engine(scenario: Cow<'static, Scenario>) -> Result<Arc<Engine>, Arc<Engine>> {
    let running = CURRENT.with_borrow(Clone::clone);
    match running {
        Some(running) => Ok(running.join(scenario, None)),
        None => {
            let label = label(&scenario, None);
            let from_environment = seed_from_environment();
            let seed = scenario
                .seed
                .or(from_environment)
                .unwrap_or_else(|| seed_of(&[&label]));
            Err(Arc::new(Engine::new(
                scenario,
                label,
                seed,
                Instant::now(),
                Arc::default(),
            )))
        }
    }
}

/// Puts back what was current before. It stays on its thread.
pub(crate) struct Entered {
    before: Option<Arc<Running>>,
    thread: PhantomData<*const ()>,
}

impl Entered {
    /// Puts nothing back: the thread belongs to the test.
    pub(crate) fn stay(mut self) {
        self.before = CURRENT.take();
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(self.before.take());
    }
}
