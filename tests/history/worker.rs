use std::cell::RefCell;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use hotcount::{Counter, UpDownCounter};

use crate::ledger::Ledger;

/// A counter under test.
pub(crate) trait Subject: Counter + From<u64> + 'static {}

impl<C: Counter + From<u64> + 'static> Subject for C {}

/// A gauge under test.
pub(crate) trait Gauge: Default + Send + Sync + 'static {
    fn up(&self);
    fn down(&self);
    fn get(&self) -> i64;
}

impl Gauge for UpDownCounter {
    fn up(&self) {
        self.increment();
    }
    fn down(&self) {
        self.decrement();
    }
    fn get(&self) -> i64 {
        self.get()
    }
}

/// The threads at once. Each lives several times, one life after the other.
const THREADS: usize = 6;
const LIVES: u64 = 10;
const COUNTERS: usize = 3;

/// The counters start here, so they overflow.
const START: u64 = u64::MAX - 1_000;

/// Where a thread finds everything.
struct World<C, G> {
    counters: [C; COUNTERS],
    ledgers: [Ledger<THREADS>; COUNTERS],
    gauge: G,
    ups: Ledger<THREADS>,
    downs: Ledger<THREADS>,
    /// The first fault that was found.
    fault: Mutex<Option<String>>,
}

/// What a thread tells another.
enum Message {
    /// A read: later reads return at least as much.
    Read { counter: usize, total: u64 },
    /// One that is in flight: the receiver takes it down.
    InFlight,
}

/// What a thread takes from one life to the next.
struct Worker<C, G> {
    me: usize,
    world: Arc<World<C, G>>,
    random: u64,
    inbox: Receiver<Message>,
    others: Vec<Sender<Message>>,
    /// What later reads have to return at least, from reads that happened before.
    read: [u64; COUNTERS],
    in_flight: u64,
}

/// Adds when it is destroyed with its thread's other locals.
struct Late(RefCell<Option<Box<dyn FnOnce()>>>);

impl Drop for Late {
    fn drop(&mut self) {
        if let Some(add) = self.0.take() {
            add();
        }
    }
}

thread_local! {
    static MADE_FIRST: Late = const { Late(RefCell::new(None)) };
    static MADE_LAST: Late = const { Late(RefCell::new(None)) };
}

/// Runs about `operations` operations, and returns the first fault.
pub(crate) fn history<C: Subject, G: Gauge>(operations: u64, seed: u64) -> Result<(), String> {
    let world = Arc::new(World {
        counters: [(); COUNTERS].map(|()| C::from(START)),
        ledgers: [(); COUNTERS].map(|()| Ledger::new()),
        gauge: G::default(),
        ups: Ledger::new(),
        downs: Ledger::new(),
        fault: Mutex::new(None),
    });
    let (others, inboxes): (Vec<_>, Vec<_>) = (0..THREADS).map(|_| channel()).unzip();
    let lives: Vec<_> = inboxes
        .into_iter()
        .enumerate()
        .map(|(me, inbox)| {
            let mut worker = Worker {
                me,
                world: world.clone(),
                random: (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ ((me as u64 + 1) << 32),
                inbox,
                others: others.clone(),
                read: [0; COUNTERS],
                in_flight: 0,
            };
            thread::spawn(move || {
                for _ in 0..LIVES {
                    let life = thread::spawn(move || {
                        worker.live(operations / LIVES / THREADS as u64);
                        worker
                    });
                    worker = life.join().expect("no addition panics");
                }
                worker
            })
        })
        .collect();
    let workers: Vec<_> =
        lives.into_iter().map(|life| life.join().expect("no thread panics")).collect();
    let unread = |worker: &Worker<C, G>| {
        worker.inbox.try_iter().filter(|message| matches!(message, Message::InFlight)).count()
    };
    let in_flight: u64 =
        workers.iter().map(|worker| worker.in_flight + unread(worker) as u64).sum();
    if let Some(fault) = world.fault.lock().expect("no thread panics").take() {
        return Err(fault);
    }
    for (counter, ledger) in world.counters.iter().zip(&world.ledgers) {
        let (total, added) = (counter.get().wrapping_sub(START), ledger.at_most());
        if total != added {
            return Err(format!("conservation: {total} at the end, {added} were added"));
        }
    }
    let left = world.gauge.get();
    if u64::try_from(left) != Ok(in_flight) {
        return Err(format!("conservation: the gauge is at {left}, {in_flight} are in flight"));
    }
    Ok(())
}

impl<C: Subject, G: Gauge> Worker<C, G> {
    /// A number below `end`, by Marsaglia's xorshift.
    fn below(&mut self, end: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        usize::try_from(self.random >> 33).expect("31 bits fit") % end
    }

    /// One life of the thread.
    fn live(&mut self, operations: u64) {
        self.add_at_the_end(&MADE_FIRST);
        for operation in 0..operations {
            if operation % 64 == 0 && self.world.fault.lock().expect("no thread panics").is_some() {
                return;
            }
            let mut outcome = Ok(());
            match self.below(1_000) {
                0 => outcome = self.use_counters_of_its_own(),
                1..=20 => self.send(),
                21..=60 => self.receive(),
                61..=200 => outcome = self.read_the_gauge(),
                201..=300 => self.go_up_or_down(),
                301..=500 => outcome = self.read(),
                _ => self.add(),
            }
            if let Err(fault) = outcome {
                let mut first = self.world.fault.lock().expect("no thread panics");
                first.get_or_insert(fault);
                return;
            }
        }
        self.add_at_the_end(&MADE_LAST);
    }

    fn add(&mut self) {
        let (counter, n) = (self.below(COUNTERS), self.below(100) as u64);
        let world = &self.world;
        world.ledgers[counter].of(self.me).note(n, || world.counters[counter].add(n));
    }

    /// Leaves an addition to the destructor of a thread-local.
    fn add_at_the_end(&mut self, local: &'static thread::LocalKey<Late>) {
        let (world, me, counter) = (self.world.clone(), self.me, self.below(COUNTERS));
        let late = move || world.ledgers[counter].of(me).note(7, || world.counters[counter].add(7));
        local.with(|local| local.0.replace(Some(Box::new(late))));
    }

    /// Brackets, publication and monotony.
    fn read(&mut self) -> Result<(), String> {
        let counter = self.below(COUNTERS);
        let ledger = &self.world.ledgers[counter];
        let least = ledger.at_least().max(self.read[counter]);
        let total = self.world.counters[counter].get().wrapping_sub(START);
        let most = ledger.at_most();
        if !(least..=most).contains(&total) {
            return Err(format!("a read of {total} is not in {least}..={most}"));
        }
        self.read[counter] = total;
        Ok(())
    }

    /// Tells another thread what this one has read, or leaves it one that is in flight.
    fn send(&mut self) {
        let (other, counter) = (self.below(THREADS), self.below(COUNTERS));
        let message = if self.in_flight > 0 && self.below(2) == 0 {
            self.in_flight -= 1;
            Message::InFlight
        } else {
            Message::Read { counter, total: self.read[counter] }
        };
        self.others[other].send(message).expect("the thread lives, or its next life does");
    }

    fn receive(&mut self) {
        match self.inbox.try_recv() {
            Ok(Message::Read { counter, total }) => {
                self.read[counter] = self.read[counter].max(total);
            }
            Ok(Message::InFlight) => {
                let world = &self.world;
                world.downs.of(self.me).note(1, || world.gauge.down());
            }
            Err(_) => {}
        }
    }

    fn go_up_or_down(&mut self) {
        let world = self.world.clone();
        if self.in_flight > 0 && self.below(2) == 0 {
            self.in_flight -= 1;
            world.downs.of(self.me).note(1, || world.gauge.down());
        } else {
            self.in_flight += 1;
            world.ups.of(self.me).note(1, || world.gauge.up());
        }
    }

    /// Not below zero, and not above what can have been in flight at any moment of the read.
    fn read_the_gauge(&mut self) -> Result<(), String> {
        let downs = self.world.downs.at_least();
        let read = self.world.gauge.get();
        let most = self.world.ups.at_most() - downs;
        match u64::try_from(read) {
            Ok(value) if value <= most => Ok(()),
            _ => Err(format!("a read of the gauge, {read}, is not in 0..={most}")),
        }
    }

    /// Makes enough counters that the thread's row grows, and drops them.
    fn use_counters_of_its_own(&mut self) -> Result<(), String> {
        let (count, start) = (self.below(200), self.below(1_000) as u64);
        let counters: Vec<_> = (0..count).map(|_| C::from(start)).collect();
        for counter in &counters {
            (0..20).for_each(|_| counter.add(3));
        }
        match counters.iter().map(C::get).find(|total| *total != start + 60) {
            Some(total) => Err(format!("a counter of one thread: {total}, not {}", start + 60)),
            None => Ok(()),
        }
    }
}
