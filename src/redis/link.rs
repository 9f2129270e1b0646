use std::collections::BTreeMap;
use std::time::Instant;

use ::redis::{Cmd, RedisError, RedisResult, Value};

use super::answer::Answer;
use super::deadline::{halfway, left};
use super::nodes::{Nodes, Redirect};
use super::store::Store;

/// Attempts for one command. A signal or a restart of the store breaks a connection once or twice,
/// and a node of a cluster may redirect the command to another one.
const ATTEMPTS: usize = 5;

/// The connections of one background thread to the store. A broken one is replaced.
pub(super) struct Link(Nodes);

/// A command without a final answer: its number, and the node that another one named.
type Pending = (usize, Option<Redirect>);

impl Link {
    pub(super) fn new(store: Store) -> Self {
        Self(Nodes::new(store))
    }

    /// Sends all `commands`, each with its key, and returns the answer to each. If no node answers,
    /// it returns an error of the whole.
    ///
    /// After a broken connection it sends them again, so the store may execute them twice. All
    /// commands of this module are safe to repeat, and the answer tells it.
    pub(super) fn ask(
        &mut self,
        commands: &[(&str, Cmd)],
        deadline: Instant,
    ) -> RedisResult<Vec<Answer>> {
        let unasked = Answer { result: Ok(Value::Nil), is_repeated: false };
        let mut answers = vec![unasked; commands.len()];
        let mut pending: Vec<Pending> = (0..commands.len()).map(|number| (number, None)).collect();
        let mut has_answered = false;
        for _ in 0..ATTEMPTS {
            let mut groups = self.by_node(std::mem::take(&mut pending), commands).into_iter();
            while let Some((address, group)) = groups.next() {
                // If this node hangs, there is time left for the others.
                let limit = if groups.len() == 0 { deadline } else { halfway(deadline) };
                let result = self.exchange(&address, &group, commands, limit);
                has_answered |= result.is_ok();
                let each = match result {
                    Ok(each) => each,
                    Err(error) => vec![Err(error); group.len()],
                };
                for ((number, _), result) in group.into_iter().zip(each) {
                    let learn = |error| self.0.learn(commands[number].0, &address, error);
                    let redirect = result.as_ref().err().and_then(learn);
                    let answer = &mut answers[number];
                    // A node that names a broken one again says less than the broken one did.
                    let is_known = redirect.is_some() && is_broken(&answer.result);
                    answer.is_repeated |= is_broken(&answer.result);
                    if redirect.is_some() || is_broken(&result) {
                        pending.push((number, redirect));
                    }
                    if !is_known {
                        answer.result = result;
                    }
                }
                self.0.avoid_if_failed(&address);
            }
            if pending.is_empty() || left(deadline).is_err() {
                break;
            }
        }
        match answers.iter().find_map(|answer| answer.result.as_ref().err()) {
            Some(error) if !has_answered => Err(error.clone()),
            _ => Ok(answers),
        }
    }

    /// Groups commands by the node that gets them. Nodes that failed come last.
    fn by_node(
        &mut self,
        pending: Vec<Pending>,
        commands: &[(&str, Cmd)],
    ) -> Vec<(String, Vec<Pending>)> {
        let mut groups = BTreeMap::<String, Vec<Pending>>::new();
        for (number, redirect) in pending {
            // The named node may have failed meanwhile.
            let redirect = redirect.filter(|redirect| self.0.knows(&redirect.address));
            let address = match &redirect {
                Some(redirect) => redirect.address.clone(),
                None => self.0.address_for(commands[number].0),
            };
            groups.entry(address).or_default().push((number, redirect));
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(address, _)| self.0.at(address).failed);
        groups
    }

    /// Sends a group of commands to their node.
    fn exchange(
        &mut self,
        address: &str,
        group: &[Pending],
        commands: &[(&str, Cmd)],
        deadline: Instant,
    ) -> RedisResult<Vec<RedisResult<Value>>> {
        let asking = ::redis::cmd("ASKING");
        let mut sent = Vec::with_capacity(group.len());
        for (number, redirect) in group {
            sent.extend(redirect.iter().filter(|redirect| redirect.asking).map(|_| &asking));
            sent.push(&commands[*number].1);
        }
        let mut answers = self.0.at(address).exchange(&sent, deadline)?.into_iter();
        let mut next = || answers.next().expect("there is an answer to each command");
        let of_command = |(_, redirect): &Pending| match redirect {
            Some(redirect) if redirect.asking => {
                // There are two answers, also when the first one is an error.
                let (asked, answer) = (next(), next());
                asked.and(answer)
            }
            _ => next(),
        };
        Ok(group.iter().map(of_command).collect())
    }
}

/// Whether the connection broke before the answer came.
fn is_broken(answer: &RedisResult<Value>) -> bool {
    answer.as_ref().is_err_and(RedisError::is_io_error)
}
