//! Only the benches of this package are of use.
