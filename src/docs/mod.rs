//! Pages that belong to no single item.

pub mod opentelemetry;
