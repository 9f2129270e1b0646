//! The numbers of the format.

/// The version of the format.
pub(super) const VERSION: u32 = 1;
/// Bytes of the header.
pub(super) const HEADER: usize = 128;
/// Bytes of a slot.
pub(super) const SLOT: usize = 128;
/// The most slots of a file, which is then 2 GiB long.
pub(super) const MAX_CAPACITY: usize = 1 << 24;
