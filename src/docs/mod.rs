//! Pages that belong to no single item.

pub mod internals;
pub mod opentelemetry;
pub mod platforms;
