//! Counters with one fault each, and the model that finds it: what a promise costs to keep.

mod columns;
mod folds;
mod groups;
mod hand_overs;
mod limits;
mod one_pass;
mod orderings;
mod sections;
mod words;
