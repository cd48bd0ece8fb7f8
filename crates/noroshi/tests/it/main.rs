//! The program as somebody at a console meets it.

#[cfg(test)]
mod admin;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod collector;
#[cfg(test)]
mod custodian;
#[cfg(test)]
mod golden_cli;
#[cfg(test)]
mod kinds;
#[cfg(test)]
mod scan;
