//! The test of the current thread, which mocks join when they are made.

use std::borrow::Cow;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::path::PathBuf;
#[cfg(feature = "record")]
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::task::Poll;
use std::time::Duration;

#[cfg(feature = "server")]
use socket2::SockRef;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::chat::raw_answer_reader::RawAnswers;
use crate::engine::Engine;
use crate::engine::draw_chaos::{ChaosPlan, MockChaos};
use crate::environment_variables;
use crate::journal::calls::Call;
use crate::journal::calls_by_script::CallsByScript;
use crate::journal::verdict::Verdict;
use crate::lock::lock;
use crate::report;
use crate::runtime::foreign_io::ForeignIoWatch;
use crate::runtime::latch::Latch;
use crate::runtime::parking_hooks::Parking;
use crate::runtime::probe_whether_clock_advances::{BLOCKED_AFTER, Probe};
use crate::runtime::seed_of_test;
use crate::runtime::spawn::spawn;
use crate::runtime::thread_signals::{self, Signals};
use crate::scenario::Scenario;
use crate::scenario::sweep::Change;
use crate::search::Search;
use crate::shuttle_locks::AtomicUsize;
use crate::sort_and_group::sort_by_time;

/// The change that a run makes in one mock of the test. Mocks are numbered in the order in which the test makes them.
#[derive(Clone)]
pub(crate) struct Variant {
    pub(crate) mock: usize,
    pub(crate) change: Change,
}

/// How mocks read raw answers in process: with the wires of the feature `wire`.
#[cfg(feature = "wire")]
const RAW_ANSWERS: Option<&'static dyn RawAnswers> = Some(&crate::wire::Wires);
#[cfg(not(feature = "wire"))]
const RAW_ANSWERS: Option<&'static dyn RawAnswers> = None;

thread_local! {
    // Weak, so that a thread that outlives the test does not keep the test's mocks and runtime.
    static CURRENT: RefCell<Weak<TestContext>> = const { RefCell::new(Weak::new()) };
}

/// How one of several runs of a test differs from the test as it is written.
#[derive(Default)]
pub(crate) struct RunOptions {
    /// Whether the test runs several times.
    #[cfg_attr(not(feature = "cassette"), allow(dead_code))]
    pub(crate) is_one_of_several: bool,
    /// Whether panics are not printed.
    pub(crate) is_quiet: bool,
    /// The change that the run makes in a mock, if it is a run of a sweep.
    pub(crate) variant: Option<Variant>,
    /// Its seed, and what happens by chance, if the test has several seeds.
    pub(crate) chaos: Option<(u64, ChaosPlan)>,
    /// Whether the test runs with several seeds.
    pub(crate) has_seeds: bool,
}

/// A test that is running, and the mocks that joined it.
#[derive(Default)]
pub(crate) struct TestContext {
    name: &'static str,
    /// The seed of all random choices in the test.
    seed: u64,
    /// When the test began.
    epoch: OnceLock<Instant>,
    /// The runtime that it runs on.
    runtime: OnceLock<Handle>,
    /// Whether the test's body is being polled now.
    is_polled: AtomicBool,
    /// Whether the body has ended, or is given up.
    #[cfg(feature = "server")]
    has_ended: AtomicBool,
    /// The work to do after this poll of the body, unless it is the last poll.
    #[cfg(feature = "server")]
    after_poll: Mutex<Vec<Box<dyn FnOnce() + Send>>>,
    mocks: Mutex<Vec<Arc<Engine>>>,
    folders: Mutex<Vec<PathBuf>>,
    /// The signals of its threads.
    pub(crate) signals: Arc<Signals>,
    problems: Arc<AtomicUsize>,
    ticks: Arc<WatchdogTicks>,
    parking: Arc<Parking>,
    run: RunOptions,
    /// The number of recorders that it has by its own name.
    #[cfg(feature = "cassette")]
    recorders: AtomicUsize,
    /// The recordings that end with the test.
    #[cfg(feature = "record")]
    endings: Mutex<Vec<Arc<dyn EndsWithTest>>>,
}

/// Something of a test that ends with it.
#[cfg(feature = "record")]
pub(crate) trait EndsWithTest: Send + Sync {
    /// Waits until nothing of it is in progress.
    fn settled(&self) -> Pin<Box<dyn Future<Output = ()> + Send>>;

    /// Ends it. `passes` is whether the test passes so far. Returns a note for the report of a failure.
    ///
    /// # Errors
    /// Why the test fails.
    fn end(&self, passes: bool) -> Result<Option<String>, String>;
}

/// Ticks of the guard of a test, in real time.
#[derive(Default)]
pub(crate) struct WatchdogTicks(Notify);

impl WatchdogTicks {
    /// Waits for the next tick.
    #[cfg(feature = "server")]
    pub(crate) async fn next(&self) {
        self.0.notified().await;
    }
}

impl TestContext {
    /// # Panics
    /// If the environment sets a seed that is not a number.
    pub(crate) fn new(
        name: &'static str,
        signals: Signals,
        parking: Parking,
        run: RunOptions,
    ) -> Self {
        let of_test = seed_of_test::test_seed(name);
        TestContext {
            name,
            seed: run.chaos.as_ref().map_or(of_test, |(seed, _)| *seed),
            signals: Arc::new(signals),
            parking: Arc::new(parking),
            run,
            ..TestContext::default()
        }
    }

    /// Whether the test runs several times.
    #[cfg(feature = "cassette")]
    pub(crate) fn is_one_of_several(&self) -> bool {
        let run = &self.run;
        run.is_one_of_several || run.variant.is_some() || run.chaos.is_some()
    }

    /// Counts a recorder by the name of the test, and returns its number, from 1.
    #[cfg(feature = "cassette")]
    pub(crate) fn count_recorder(&self) -> usize {
        self.recorders.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The recordings that end with the test. While there are any, the clock is real and the time limit longer.
    #[cfg(feature = "record")]
    pub(crate) fn endings(&self) -> Vec<Arc<dyn EndsWithTest>> {
        lock(&self.endings).clone()
    }

    /// Whether a recorder of the test sends requests to a real provider.
    pub(crate) fn is_recording(&self) -> bool {
        #[cfg(feature = "record")]
        return !self.endings().is_empty();
        #[cfg(not(feature = "record"))]
        false
    }

    /// Returns the change that a sweep makes in this run, if it makes one.
    pub(crate) fn variant(&self) -> Option<&Variant> {
        self.run.variant.as_ref()
    }

    /// Returns whether a mock has answered otherwise than it is written, by chance.
    pub(crate) fn has_chance_faults(&self) -> bool {
        self.mocks().any(&|mock| !mock.happened().is_empty())
    }

    /// The data of the hooks of the test's runtime.
    pub(crate) fn parking(&self) -> &Arc<Parking> {
        &self.parking
    }

    fn watch(&self) -> Option<&ForeignIoWatch> {
        self.parking.watch.as_ref()
    }

    /// Returns a number that differs each time the runtime parks; `None` while it is not parked.
    pub(crate) fn parked(&self) -> Option<usize> {
        self.parking.parked()
    }

    /// Returns whether the runtime waits for foreign I/O, as far as is known.
    pub(crate) fn waits_for_others(&self) -> bool {
        self.watch().is_none_or(ForeignIoWatch::is_waiting)
    }

    /// Whether a mock has a server.
    pub(crate) fn serves(&self) -> bool {
        self.mocks().any(&|mock| mock.is_served())
    }

    /// Asks the runtime whether its clock is paused and advances.
    pub(crate) fn probe(&self) -> Probe {
        let Some(runtime) = self.runtime.get() else {
            return Probe::Runs;
        };
        let parks = self.parking.parks();
        match Probe::new(runtime) {
            // The runtime has run the task of the probe, but has not parked since. So other tasks keep it busy.
            Probe::Held if self.parking.parks() == parks => Probe::Busy,
            probe => probe,
        }
    }

    /// Returns whether a call waits for a timer on a thread that holds the clock.
    pub(crate) fn has_blocking_caller(&self) -> bool {
        let due = self.signals.blocking_caller();
        let _context = self.runtime.get().map(Handle::enter);
        due.is_some_and(|due| due > Instant::now())
    }

    /// This socket belongs to a server of a mock: it is not foreign, and neither is its client.
    #[cfg(all(feature = "server", target_os = "linux"))]
    fn note_served(&self, socket: &SockRef<'_>) {
        if let Some(watch) = self.watch() {
            watch.note_served(socket);
        }
    }

    /// Returns notes about anything that may have misled the test, after its end.
    pub(crate) fn notes(&self) -> Vec<String> {
        let mut notes = self.watch().map(ForeignIoWatch::end).unwrap_or_default();
        notes.extend(self.proxy_note());
        for folder in &self.folders() {
            notes.push(report::folder_kept(folder));
        }
        notes
    }

    /// Returns what the guard against the network objects to, if it does.
    pub(crate) fn denied(&self) -> Option<String> {
        let connections = self.parking.network.as_ref()?.connections();
        report::denied(self.name, &connections)
    }

    /// The proxy that may have taken the requests for a mock, if a mock has a server that nobody reached.
    fn proxy_note(&self) -> Option<String> {
        let mocks = self.mocks();
        let unreached = mocks.find(&|mock| mock.is_served() && !mock.is_reached())?;
        let variable = environment_variables::proxy_for_loopback(&|name| std::env::var(name).ok())?;
        Some(report::proxied(unreached.label(), variable))
    }

    /// The folders of the test.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        lock(&self.folders).clone()
    }

    #[inline]
    pub(crate) fn add_folder(&self, folder: PathBuf) {
        lock(&self.folders).push(folder);
    }

    /// The test's path.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// The seed of all random choices in the test.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// Records the beginning of the test on the clock of the current runtime.
    pub(crate) fn start(&self) {
        self.epoch.get_or_init(Instant::now);
        self.runtime.get_or_init(Handle::current);
        if let Some(network) = &self.parking.network {
            network.begin();
        }
    }

    /// Polls the body of the test.
    pub(crate) fn poll_body<T>(&self, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
        self.is_polled.store(true, Ordering::Relaxed);
        self.parking.has_been_polled.store(true, Ordering::Relaxed);
        let polled = poll();
        self.is_polled.store(false, Ordering::Relaxed);
        #[cfg(feature = "server")]
        if polled.is_pending() {
            let after = std::mem::take(&mut *lock(&self.after_poll));
            after.into_iter().for_each(|act| act());
        }
        polled
    }

    /// Records that the body has ended, or is given up.
    pub(crate) fn note_body_ended(&self) {
        #[cfg(feature = "server")]
        self.has_ended.store(true, Ordering::Relaxed);
    }

    /// Returns how far the clock of the current runtime has advanced since the test began.
    pub(crate) fn elapsed(&self) -> Duration {
        self.epoch.get().map(Instant::elapsed).unwrap_or_default()
    }

    /// Returns whether something blocks the thread of the test, so that its runtime does not run a new task. On a multi-threaded runtime
    /// other threads would run it, so there the body itself must be blocked.
    pub(crate) fn is_blocked(&self) -> bool {
        let Some(runtime) = self.runtime.get() else {
            return true;
        };
        let has_run = Arc::new(Latch::default());
        let runs = Arc::clone(&has_run);
        drop(spawn(runtime, Box::pin(async move { runs.open() })));
        let several = runtime.runtime_flavor() != RuntimeFlavor::CurrentThread;
        !has_run.wait(BLOCKED_AFTER) || (several && self.is_polled.load(Ordering::Relaxed))
    }

    /// Makes this the current test of the thread, until the guard is dropped.
    pub(crate) fn enter(self: &Arc<Self>) -> ContextGuard {
        ContextGuard {
            before: CURRENT.replace(Arc::downgrade(self)),
            signals: thread_signals::replace(Arc::downgrade(&self.signals)),
            thread: PhantomData,
        }
    }

    /// A mock of this test. `argument` is the name of the test's argument that it is for.
    #[track_caller]
    pub(crate) fn join(
        &self,
        scenario: Cow<'static, Scenario>,
        argument: Option<&str>,
    ) -> Arc<Engine> {
        let mut mocks = lock(&self.mocks);
        let scenario = self.varied(mocks.len(), scenario);
        let label = label(&scenario, argument);
        if !self.run.has_seeds && scenario.has_chaos() {
            panic!("{}", report::chaos_without_seeds(&label));
        }
        let mut same = 0;
        for mock in mocks.iter() {
            same += usize::from(mock.label() == label);
        }
        let of_test = seed_of_test::mock_seed(self.seed, &label, same);
        let seed = scenario.seed.unwrap_or(of_test);
        let chaos = self.run.chaos.as_ref();
        let chaos = chaos.map(|(_, plan)| MockChaos::new(of_test, mocks.len(), &scenario, plan));
        let engine = Engine::new(
            scenario.into(),
            label,
            seed,
            *self.epoch.get_or_init(Instant::now),
            Arc::clone(&self.problems),
            RAW_ANSWERS,
        );
        let engine = Arc::new(engine.with_chaos(chaos));
        mocks.push(Arc::clone(&engine));
        engine
    }

    /// The scenario of the mock with this number in this run.
    fn varied(&self, mock: usize, scenario: Cow<'static, Scenario>) -> Cow<'static, Scenario> {
        let varied = match &self.run.variant {
            Some(Variant { mock: of, change }) if *of == mock => Some(change.applied(&scenario)),
            Some(Variant { change, .. }) => change.beside(&scenario),
            None => None,
        };
        match varied {
            Some(varied) => Cow::Owned(varied),
            None => scenario,
        }
    }

    /// The time on the test's clock in which no call of a mock was in flight, and none was about to be retried.
    pub(crate) fn idle_time(&self) -> Duration {
        let elapsed = self.elapsed();
        let mut calls = Vec::new();
        for mock in &self.mocks() {
            let of_mock = mock.calls();
            let by_script = CallsByScript::new(&of_mock);
            for call in &of_mock {
                let failed = by_script.retried_by(call).and_then(Call::ended_at);
                let start = failed.unwrap_or(call.started_at());
                calls.push((start, call.ended_at().unwrap_or(elapsed)));
            }
        }
        let mut by_start = Vec::from_iter(0..calls.len());
        sort_by_time(&mut by_start, &|index| calls[index].0);
        let (mut idle, mut busy_until) = (Duration::ZERO, Duration::ZERO);
        for &index in &by_start {
            let (start, end) = calls[index];
            idle += start.saturating_sub(busy_until);
            busy_until = busy_until.max(end);
        }
        idle + elapsed.saturating_sub(busy_until)
    }

    /// The mocks of the test, in the order in which it made them.
    pub(crate) fn mocks(&self) -> Vec<Arc<Engine>> {
        lock(&self.mocks).clone()
    }

    /// Wakes what waits for the next tick of the guard.
    pub(crate) fn tick(&self) {
        self.ticks.0.notify_waiters();
    }

    /// Records the mocks for which a client waits while it blocks the thread of their servers.
    pub(crate) fn note_clients_left(&self) {
        self.mocks().iter().for_each(|mock| mock.look_for_clients());
    }

    /// Ends the test for its mocks, and collects their reports.
    pub(crate) fn end(&self) -> Vec<Verdict> {
        self.mocks().iter().for_each(|mock| mock.end(self.name()));
        self.verdicts()
    }

    /// Collects the reports of all mocks so far.
    pub(crate) fn verdicts(&self) -> Vec<Verdict> {
        // Copy the list, so that it is not locked: a verdict runs the user's closures, which may create a mock or ask for the mocks.
        let mut verdicts = Vec::new();
        for mock in &self.mocks() {
            verdicts.push(mock.verdict());
        }
        verdicts
    }
}

/// The name of a mock in reports.
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
    if let Some(running) = current() {
        running.note_served(socket);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = socket;
}

/// Does something now, or, while the body of the test on this thread is polled, after this poll. After the last poll it is never done: the
/// tasks that the body leaves are not told what it drops at its end.
#[cfg(feature = "server")]
pub(crate) fn unless_the_body_ends(act: Box<dyn FnOnce() + Send>) {
    let Some(running) = current() else {
        return act();
    };
    let is_polled = running.is_polled.load(Ordering::Relaxed);
    if !is_polled && !running.has_ended.load(Ordering::Relaxed) {
        return act();
    }
    lock(&running.after_poll).push(act);
}

/// The test that runs on this thread.
fn current() -> Option<Arc<TestContext>> {
    CURRENT.with_borrow(Weak::upgrade)
}

/// The path of the test that runs on this thread, without its crate.
#[cfg(feature = "cassette")]
pub(crate) fn name() -> Option<&'static str> {
    let name = current()?.name();
    Some(name.split_once("::").map_or(name, |(_, name)| name))
}

/// Lets the test that runs on this thread end something. Returns whether there is one.
#[cfg(feature = "record")]
pub(crate) fn end_with_test(ending: Arc<dyn EndsWithTest>) -> bool {
    let Some(running) = current() else {
        return false;
    };
    lock(&running.endings).push(ending);
    true
}

/// The ticks of the guard of the test that runs on this thread.
#[cfg(feature = "server")]
pub(crate) fn watchdog_ticks() -> Option<Arc<WatchdogTicks>> {
    Some(Arc::clone(&current()?.ticks))
}

/// A new engine: one that belongs to the test on this thread, or, as the `Err`, one that belongs to no test.
#[track_caller]
pub(crate) fn engine(scenario: Cow<'static, Scenario>) -> Result<Arc<Engine>, Arc<Engine>> {
    match current() {
        Some(running) => Ok(running.join(scenario, None)),
        None => {
            let label = label(&scenario, None);
            if scenario.has_chaos() {
                panic!("{}", report::chaos_without_seeds(&label));
            }
            let seed = seed_of_test::mock_seed_outside_test(&scenario, &label);
            Err(Arc::new(Engine::new(
                scenario.into(),
                label,
                seed,
                Instant::now(),
                Arc::default(),
                RAW_ANSWERS,
            )))
        }
    }
}

/// Makes this the current test of a thread that the test's runtime starts.
pub(crate) fn enter_thread(running: &Weak<TestContext>) {
    CURRENT.set(Weak::clone(running));
    if let Some(running) = running.upgrade() {
        thread_signals::replace(Arc::downgrade(&running.signals));
    }
}

/// Puts back what was current before. It stays on its thread.
pub(crate) struct ContextGuard {
    before: Weak<TestContext>,
    signals: Weak<Signals>,
    thread: PhantomData<*const ()>,
}

impl Drop for ContextGuard {
    fn drop(&mut self) {
        CURRENT.set(std::mem::take(&mut self.before));
        thread_signals::replace(std::mem::take(&mut self.signals));
    }
}
