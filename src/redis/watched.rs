use super::answer::{Answer, count};
use super::error::Error;
use super::request::{Code, Request, code};
use crate::counter::Counter;

static PUBLISH: Code = code!("decimal.lua", "life.lua", "publish.lua");

/// A watched counter, and what its process knows of its life in the store.
///
/// The counter's value is `base` + the amount of the present life. `base` is 0 until the store
/// forgets a life of this counter. From then on it is the amount that the forgotten lives sent.
pub(super) struct Watched {
    key: String,
    counter: Box<dyn Counter>,
    life: Life,
    base: u64,
    /// The amount that the store has confirmed.
    confirmed: u64,
    /// The largest amount sent, and the largest before the last request.
    sent: u64,
    sent_before: u64,
}

enum Life {
    /// Of this process. `heard` is the latest time of the store that the life heard, 0 at first.
    Process { name: String, heard: u64 },
    /// Of a counter that outlives its processes. The store never forgets it.
    Persistent { name: String },
}

/// What an answer means for the counter.
pub(super) enum Learned {
    /// The store counts the value; this is the new total.
    Total(u64),
    /// Send again: the store does not know the life, or has forgotten it. The caller reports the
    /// error.
    Again(Option<Error>),
}

impl Watched {
    pub(super) fn new(key: String, counter: Box<dyn Counter>, label: &str) -> Self {
        let life = match counter.persistent_id() {
            Some(id) => Life::Persistent { name: format!("file:{id:032x}") },
            None => Life::Process { name: process_life(label), heard: 0 },
        };
        Self { key, counter, life, base: 0, confirmed: 0, sent: 0, sent_before: 0 }
    }

    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// The request that publishes the counter's value, and ends the life if it is the `last` one.
    pub(super) fn request(&mut self, last: bool) -> Result<Request, Error> {
        let amount = self.counter.get().checked_sub(self.base);
        let Some(amount) = amount.filter(|amount| *amount >= self.sent) else {
            return Err(Error::Overflow { key: self.key.clone() });
        };
        let (name, heard) = match &self.life {
            Life::Process { name, heard } => (name, heard.to_string()),
            Life::Persistent { name } => (name, String::new()),
        };
        // A life that has heard no time only asks for it: the store counts nothing.
        if heard != "0" {
            self.sent_before = std::mem::replace(&mut self.sent, amount);
        }
        let last = u8::from(last).to_string();
        let args = vec![name.clone(), amount.to_string(), heard, last];
        Ok(Request::script(&PUBLISH, totals(&self.key), args))
    }

    /// Applies the store's answer to the request.
    pub(super) fn learn(&mut self, answer: Answer, label: &str) -> Result<Learned, Error> {
        let is_repeated = answer.is_repeated;
        let (stored, time, total): (Option<String>, u64, String) = answer.parse(&self.key)?;
        let Some(stored) = stored else {
            return Ok(Learned::Again(self.begin_a_life(time, is_repeated, label)));
        };
        if let Life::Process { heard, .. } = &mut self.life {
            *heard = time.max(*heard);
        }
        self.confirmed = count(&self.key, &stored)?;
        count(&self.key, &total).map(Learned::Total)
    }

    /// Introduces the life, or begins another one after the store has forgotten it.
    fn begin_a_life(&mut self, time: u64, is_repeated: bool, label: &str) -> Option<Error> {
        let Life::Process { name, heard } = &mut self.life else {
            return None;
        };
        if std::mem::replace(heard, time) == 0 {
            return None;
        }
        *name = process_life(label);
        // An earlier request or attempt may have counted, so its amount is not sent again.
        let counted = if is_repeated { self.sent } else { self.sent_before };
        self.base += counted;
        let missing = counted.saturating_sub(self.confirmed);
        (self.sent, self.sent_before, self.confirmed) = (0, 0, 0);
        (missing > 0).then(|| Error::Forgotten { key: self.key.clone(), missing })
    }
}

/// A name that no other life has: the label and 128 random bits.
fn process_life(label: &str) -> String {
    let random = || getrandom::u64().expect("the system has random numbers");
    format!("life:{label}:{:016x}{:016x}", random(), random())
}

/// The name in the store of what belongs to a counter.
pub(super) fn totals(key: &str) -> String {
    format!("hotcount:totals:{key}")
}
