/// Bytes that a name may have; a zero always follows them.
pub(super) const MAX: usize = 111;
/// Words of a slot that hold a name: one for its length and checksum, the others for its bytes.
pub(super) const WORDS: usize = 15;

/// A counter's name, in the words of a slot.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Name {
    words: [u64; WORDS],
}

impl Name {
    /// The name, unless it is empty or too long.
    pub(super) fn new(name: &str) -> Option<Self> {
        (1..=MAX).contains(&name.len()).then(|| Self::encode(name))
    }

    /// The name in these words of a slot, if they hold one.
    pub(super) fn from_words(words: [u64; WORDS]) -> Option<String> {
        let length = usize::try_from(words[0] & 0xFFFF_FFFF).ok()?;
        let bytes: Vec<u8> = words[1..].iter().flat_map(|word| word.to_ne_bytes()).collect();
        let name = std::str::from_utf8(bytes.get(..length)?).ok()?;
        (Self::new(name)?.words == words).then(|| name.into())
    }

    /// The words. The first one, length and checksum, is never zero.
    pub(super) fn words(&self) -> [u64; WORDS] {
        self.words
    }

    fn encode(name: &str) -> Self {
        let mut words = [0; WORDS];
        let checksum = crc32fast::hash(name.as_bytes());
        words[0] = u64::from(checksum) << 32 | name.len() as u64;
        for (word, bytes) in words[1..].iter_mut().zip(name.as_bytes().chunks(8)) {
            let mut padded = [0; 8];
            padded[..bytes.len()].copy_from_slice(bytes);
            *word = u64::from_ne_bytes(padded);
        }
        Self { words }
    }
}
