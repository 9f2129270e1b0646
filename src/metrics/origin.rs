use metrics::{Level, Metadata};

/// Where a counter was registered. The inner recorder gets it again at each registration.
///
/// Counters share it, because one place in a program can count under many label values.
pub(super) struct Origin {
    target: String,
    level: Level,
    module_path: Option<String>,
}

impl Origin {
    pub(super) fn new(metadata: &Metadata<'_>) -> Self {
        Self {
            target: metadata.target().to_owned(),
            level: *metadata.level(),
            module_path: metadata.module_path().map(str::to_owned),
        }
    }

    pub(super) fn is(&self, metadata: &Metadata<'_>) -> bool {
        self.target == metadata.target()
            && self.level == *metadata.level()
            && self.module_path.as_deref() == metadata.module_path()
    }

    pub(super) fn metadata(&self) -> Metadata<'_> {
        Metadata::new(&self.target, self.level, self.module_path.as_deref())
    }
}
