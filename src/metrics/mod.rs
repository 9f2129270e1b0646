//! Sharded counters behind the `metrics` facade (feature `metrics`).
//!
//! A program that counts through the facade speeds up by two lines where it installs its recorder,
//! and by none elsewhere:
//!
//! ```diff
//!  fn main() -> Result<(), Box<dyn std::error::Error>> {
//!      let recorder = PrometheusBuilder::new().build_recorder();
//!      let handle = recorder.handle();
//! -    metrics::set_global_recorder(recorder)?;
//! +    let sharded = hotcount::metrics::Sharded::new(recorder);
//! +    let flush = sharded.flush_handle();
//! +    metrics::set_global_recorder(sharded)?;
//!      serve("/metrics", move || {
//! +        flush.flush();
//!          handle.render()
//!      })
//!  }
//! ```
//!
//! An exporter that serves or pushes by itself is kept fresh by [`FlushHandle::every`] instead.

mod flush_handle;
mod handles;
mod sharded;
mod stored;

pub use flush_handle::FlushHandle;
pub use sharded::Sharded;
