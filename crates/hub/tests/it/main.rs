//! The verbs of the hub on a real store in memory.

#[cfg(test)]
mod ages;
#[cfg(test)]
mod amend;
#[cfg(test)]
mod answered;
#[cfg(test)]
mod batch;
#[cfg(test)]
mod beside;
#[cfg(test)]
mod border;
#[cfg(test)]
mod bring_in;
#[cfg(test)]
mod close;
#[cfg(test)]
mod communities;
#[cfg(test)]
mod count;
#[cfg(test)]
mod custodians;
#[cfg(test)]
mod dialogue;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod draft;
#[cfg(test)]
mod dump;
#[cfg(test)]
mod feedback;
#[cfg(test)]
mod finding;
#[cfg(test)]
mod finding_life;
#[cfg(test)]
mod finding_list;
#[cfg(test)]
mod finding_log;
#[cfg(test)]
mod first_run;
#[cfg(test)]
mod import;
#[cfg(test)]
mod incident;
#[cfg(test)]
mod invitation;
#[cfg(test)]
mod leaving;
#[cfg(test)]
mod log;
#[cfg(test)]
mod mailbox;
#[cfg(test)]
mod members;
#[cfg(test)]
mod near_miss;
#[cfg(test)]
mod networks;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod outside;
#[cfg(test)]
mod own_handling;
#[cfg(test)]
mod phone;
#[cfg(test)]
mod proposal;
#[cfg(test)]
mod question;
#[cfg(test)]
mod rating;
#[cfg(test)]
mod reach;
#[cfg(test)]
mod recall;
#[cfg(test)]
mod receipts;
#[cfg(test)]
mod retention;
#[cfg(test)]
mod roster;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod search;
#[cfg(test)]
mod shared;
#[cfg(test)]
mod sight;
#[cfg(test)]
mod situation;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod told_times;
#[cfg(test)]
mod unopened;
#[cfg(test)]
mod update;
#[cfg(test)]
mod way_down;
#[cfg(test)]
mod way_up;
