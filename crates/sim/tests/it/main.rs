//! The promise, tested: no canary in the wrong hands, no difference between twins.

#[cfg(test)]
mod alike;
#[cfg(test)]
mod api;
#[cfg(test)]
mod attack;
#[cfg(test)]
mod broken;
#[cfg(test)]
mod cost;
#[cfg(test)]
mod crossed;
#[cfg(test)]
mod fields;
#[cfg(test)]
mod forged;
#[cfg(test)]
mod full;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod leaks;
#[cfg(test)]
mod other_hands;
#[cfg(test)]
mod shared;
#[cfg(test)]
mod staged;
#[cfg(test)]
mod stored;
#[cfg(test)]
mod sweep;
#[cfg(test)]
mod twins;
#[cfg(test)]
mod unlogged;

#[cfg(test)]
pub(crate) fn reference() -> std::sync::Arc<domain::reference::ReferenceData> {
    std::sync::Arc::new(exchange::reference::shipped().unwrap())
}
