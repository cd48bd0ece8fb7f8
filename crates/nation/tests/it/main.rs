//! The nation on a real store in memory, and its texts against the detector.

#[cfg(test)]
mod built;
#[cfg(test)]
mod detector;
