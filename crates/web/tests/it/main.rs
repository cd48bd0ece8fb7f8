//! The routes as a table that is reviewed when it changes.

#[cfg(test)]
mod events;
#[cfg(test)]
mod golden;
