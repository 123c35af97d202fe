//! The machine that a report speaks of: without it no figure means anything.

use serde::{Deserialize, Serialize};

/// A machine, and how busy it was.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// The processor's name.
    pub processor: String,
    /// Processors that may be used.
    pub processors: usize,
    /// Memory in MB.
    pub memory_mb: u64,
    /// The system and its version.
    pub system: String,
    /// Processes that wanted a processor in the last minute, before the load.
    pub load_before: String,
    /// The same after it.
    pub load_after: String,
}

impl Machine {
    /// This machine; what it does not tell is empty.
    pub fn this() -> Self {
        let read = |path| std::fs::read_to_string(path).unwrap_or_default();
        let field = |text: &str, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name));
            let value = line.and_then(|line| line.split_once(':'));
            value.map(|(_, value)| value.trim().to_owned())
        };
        let memory = field(&read("/proc/meminfo"), "MemTotal").unwrap_or_default();
        let kilobytes: u64 = memory
            .split(' ')
            .next()
            .and_then(|number| number.parse().ok())
            .unwrap_or_default();
        Self {
            processor: field(&read("/proc/cpuinfo"), "model name").unwrap_or_default(),
            processors: std::thread::available_parallelism().map_or(0, usize::from),
            memory_mb: kilobytes / 1_024,
            system: format!("Linux {}", read("/proc/sys/kernel/osrelease").trim()),
            load_before: load(),
            load_after: String::new(),
        }
    }

    /// Notes how busy it is now.
    pub fn finish(&mut self) {
        self.load_after = load();
    }
}

fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or_default().to_owned()
}
