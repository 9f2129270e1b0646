use super::{explorer::Lock, tasks::OneSeat};

pub struct Seats {
    taken: Lock,
}

impl OneSeat for Seats {
    fn new() -> Self {
        Self { taken: Lock::new("taken") }
    }

    fn take_seat(&self) -> bool {
        let mut taken = self.taken.lock();
        if *taken == 1 {
            return false;
        }
        *taken += 1;
        true
    }
}
