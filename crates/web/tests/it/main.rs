//! The routes as a table that is reviewed when it changes, and pages as a browser receives them.

#[cfg(test)]
mod attempts;
#[cfg(test)]
mod compose;
#[cfg(test)]
mod events;
#[cfg(test)]
mod folds;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod offered;
#[cfg(test)]
mod question;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod scene;
