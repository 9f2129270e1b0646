use std::collections::BTreeSet;
use std::io::BufRead;

use super::Run;

/// Lets the input choose which thread takes the next step, with the letters A, B, and so on. Returns
/// the run that this leads to, or nothing if the input ends before the threads do.
pub fn play<T>(runs: &BTreeSet<Run<T>>, input: impl BufRead) -> Option<&Run<T>> {
    let mut letters = input.bytes().map_while(Result::ok).map(char::from);
    // The runs that begin with the steps taken so far.
    let mut possible: Vec<&Run<T>> = runs.iter().collect();
    for taken in 0.. {
        let next: BTreeSet<&str> =
            possible.iter().filter_map(|run| run.steps.get(taken)).map(|it| &*it.by).collect();
        let by = match next.len() {
            0 => break,
            1 => next.into_iter().next()?,
            _ => choose(&next, &mut letters)?,
        };
        possible.retain(|run| run.steps.get(taken).is_some_and(|step| step.by == by));
        println!("  {by} {}", possible[0].steps[taken].what);
    }
    possible.first().copied()
}

/// Asks until the answer is the last letter of a thread's name.
fn choose<'a>(
    threads: &BTreeSet<&'a str>,
    letters: &mut impl Iterator<Item = char>,
) -> Option<&'a str> {
    let names: Vec<&str> = threads.iter().map(|name| &name[name.len() - 1..]).collect();
    loop {
        println!("Which thread goes on, {}?", names.join(" or "));
        let letter = letters.find(|letter| !letter.is_whitespace())?.to_ascii_uppercase();
        if let Some(name) = threads.iter().find(|name| name.ends_with(letter)) {
            return Some(name);
        }
    }
}
