use std::sync::Arc;

/// What the maps keep.
pub(crate) trait Hashed {
    /// The hash of the key. It is kept, so that a table that grows calls no code of the key.
    fn hash(&self) -> u64;
}

impl<T: Hashed> Hashed for Arc<T> {
    fn hash(&self) -> u64 {
        (**self).hash()
    }
}
