#![doc = include_str!("internals.md")]
