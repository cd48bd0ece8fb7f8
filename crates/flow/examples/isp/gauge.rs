//! What a run costs, as the kernel tells it: time of the processor, and memory.

/// Seconds of the processor that this process has used; 0 where nobody tells.
pub(crate) fn cpu_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanos = told
        .split(' ')
        .next()
        .and_then(|text| text.parse::<f64>().ok());
    nanos.unwrap_or(0.0) / 1e9
}

/// Memory that is in use, in MB; 0 where nobody tells.
pub(crate) fn resident_mb() -> f64 {
    let told = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1_024.0
}

/// Seconds of the processor, stage by stage.
#[derive(Default)]
pub(crate) struct Costs {
    pub(crate) make: f64,
    pub(crate) decode: f64,
    pub(crate) seal: f64,
    pub(crate) take: f64,
    pub(crate) judge: f64,
    last: f64,
}

impl Costs {
    /// Begins a stage.
    pub(crate) fn begin(&mut self) {
        self.last = cpu_seconds();
    }

    /// What was used since the last stage began or ended.
    pub(crate) fn lap(&mut self) -> f64 {
        let now = cpu_seconds();
        let used = now - self.last;
        self.last = now;
        used
    }
}
