//! The plans on one machine and on several, with programs that really run, and one that really dies.

#[cfg(test)]
mod machines;
#[cfg(test)]
mod made;
#[cfg(test)]
mod plans;
