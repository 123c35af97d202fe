//! Figures of this process, read from `/proc` (Linux): memory, processor time, open files, start.
//!
//! Read directly: four small files with a documented layout (`man 5 proc`). Where there is no `/proc`
//! a figure is absent, never made up.

use std::sync::Mutex;
use std::time::{Duration, Instant};

/// The unit of processor times in `/proc/*/stat`: `sysconf(_SC_CLK_TCK)`, 100 on every Linux since 2.6.
const TICKS_PER_SECOND: f64 = 100.0;

/// Figures of this process at one moment. What the system does not tell is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ProcessFigures {
    /// Resident memory, in bytes.
    pub resident_bytes: Option<u64>,
    /// Virtual memory, in bytes.
    pub virtual_bytes: Option<u64>,
    /// Processor time used so far by all threads, user and system, in seconds.
    pub cpu_seconds: Option<f64>,
    /// Open file descriptors.
    pub open_fds: Option<u64>,
    /// The most file descriptors that may be open.
    pub max_fds: Option<u64>,
    /// Threads.
    pub threads: Option<u64>,
    /// When the process started, in Unix seconds.
    pub start_seconds: Option<f64>,
}

/// Reads [`ProcessFigures`].
#[derive(Debug, Clone, Copy, Default)]
pub struct ProcessReader;

impl ProcessReader {
    /// The figures now. Costs some ten microseconds.
    pub fn read(self) -> ProcessFigures {
        let status = read("/proc/self/status");
        let kilobytes = |name| field(&status, name).map(|value| value * 1024);
        let stat = read("/proc/self/stat");
        let stat = Stat::parse(&stat);
        ProcessFigures {
            resident_bytes: kilobytes("VmRSS:"),
            virtual_bytes: kilobytes("VmSize:"),
            threads: field(&status, "Threads:"),
            cpu_seconds: stat.map(|stat| stat.cpu_seconds),
            open_fds: std::fs::read_dir("/proc/self/fd")
                .ok()
                // One of them is the directory being read.
                .map(|entries| (entries.count() as u64).saturating_sub(1)),
            max_fds: read("/proc/self/limits")
                .lines()
                .find_map(|line| line.strip_prefix("Max open files"))
                .and_then(|rest| rest.split_whitespace().next()?.parse().ok()),
            start_seconds: stat
                .and_then(|stat| Some(boot_seconds(&read("/proc/stat"))? + stat.started_after)),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Stat {
    cpu_seconds: f64,
    /// Seconds between the system's boot and the start of the process.
    started_after: f64,
}

impl Stat {
    /// Fields 14 (utime), 15 (stime) and 22 (starttime) of `/proc/*/stat`. The second field is the
    /// program's name in parentheses and may itself hold spaces and parentheses.
    fn parse(text: &str) -> Option<Self> {
        let (_, rest) = text.rsplit_once(')')?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let ticks = |number: usize| fields.get(number - 3)?.parse::<f64>().ok();
        Some(Self {
            cpu_seconds: (ticks(14)? + ticks(15)?) / TICKS_PER_SECOND,
            started_after: ticks(22)? / TICKS_PER_SECOND,
        })
    }
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

fn field(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

fn boot_seconds(stat: &str) -> Option<f64> {
    let line = stat.lines().find_map(|line| line.strip_prefix("btime "))?;
    line.trim().parse().ok()
}

/// Measures how busy the processor was on this process's behalf.
///
/// [`CpuMeter::percent`] is over the time since the last reading, at least [`CpuMeter::SHORTEST`] long
/// (asked more often, it repeats the last figure); the first is since the meter was made. 100 is one
/// core; two busy cores are 200.
#[derive(Debug)]
pub struct CpuMeter {
    last: Mutex<Reading>,
}

#[derive(Debug, Clone, Copy)]
struct Reading {
    at: Instant,
    cpu_seconds: f64,
    percent: Option<f64>,
}

impl CpuMeter {
    /// The shortest time that is measured over: processor time is counted in hundredths of a second.
    pub const SHORTEST: Duration = Duration::from_secs(1);

    /// Begins to measure.
    pub fn start(at: Instant, cpu_seconds: f64) -> Self {
        let reading = Reading {
            at,
            cpu_seconds,
            percent: None,
        };
        Self {
            last: Mutex::new(reading),
        }
    }

    /// Percent of one core, given the time and the processor time used so far.
    pub fn percent(&self, at: Instant, cpu_seconds: f64) -> f64 {
        let mut last = match self.last.lock() {
            Ok(last) => last,
            Err(poisoned) => poisoned.into_inner(),
        };
        let elapsed = at.saturating_duration_since(last.at);
        if let Some(percent) = last.percent
            && elapsed < Self::SHORTEST
        {
            return percent;
        }
        let used = (cpu_seconds - last.cpu_seconds).max(0.0);
        let percent = if elapsed.is_zero() {
            0.0
        } else {
            used / elapsed.as_secs_f64() * 100.0
        };
        // A first figure over a very short time is given, but the measurement goes on from the start.
        if elapsed >= Self::SHORTEST {
            *last = Reading {
                at,
                cpu_seconds,
                percent: Some(percent),
            };
        }
        percent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stat_survives_any_program_name() {
        let tail = "S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 3 0 1000 0 0";
        for name in ["vostro", "a b", "a) (b", ")))", ""] {
            let stat = Stat::parse(&format!("42 ({name}) {tail}")).unwrap();
            assert_eq!(
                stat,
                Stat {
                    cpu_seconds: 2.0,
                    started_after: 10.0
                },
                "{name:?}"
            );
        }
        for broken in [
            "",
            "42",
            "42 (x) S",
            "42 (x) S a b c d e f g h i j k l m n o p q r s",
        ] {
            assert_eq!(Stat::parse(broken), None, "{broken:?}");
        }
    }

    #[test]
    fn percent_is_measured_over_the_time_between() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let meter = CpuMeter::start(start, 1.0);
        let cases = [
            (0, 1.0, 0.0),       // no time has passed
            (500, 1.25, 50.0),   // short, but the first
            (2_000, 3.0, 100.0), // over the two seconds since the start
            (2_500, 9.0, 100.0), // asked again too soon: the last figure
            (4_000, 7.0, 200.0), // two cores
            (9_000, 7.0, 0.0),   // idle
        ];
        for (ms, cpu, expected) in cases {
            let percent = meter.percent(at(ms), cpu);
            assert!((percent - expected).abs() < 1e-9, "{ms} ms: {percent}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_figures_that_move() {
        let before = ProcessReader.read();
        let memory = vec![1_u8; 64 << 20];
        let files: Vec<_> = (0..8)
            .map(|_| std::fs::File::open("/proc/self/stat"))
            .collect();
        let after = ProcessReader.read();
        assert!(after.resident_bytes.unwrap() >= before.resident_bytes.unwrap() + (48 << 20));
        assert!(after.open_fds.unwrap() >= before.open_fds.unwrap() + 8);
        assert!(after.cpu_seconds.unwrap() >= before.cpu_seconds.unwrap());
        assert!(after.start_seconds.unwrap() > 1e9);
        assert!(after.max_fds.unwrap() > 8 && after.threads.unwrap() >= 1);
        drop((memory, files));
    }
}
