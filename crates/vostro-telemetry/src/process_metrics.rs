//! The process's figures as metrics, under the names of the Prometheus client guidelines.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;

use crate::process::ProcessReader;

/// Reads the process's figures when they are asked for.
#[derive(Debug)]
pub(crate) struct ProcessCollector(pub(crate) ProcessReader);

impl Collector for ProcessCollector {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), fmt::Error> {
        let figures = self.0.read();
        if let Some(seconds) = figures.cpu_seconds {
            let counter = ConstCounter::new(seconds);
            let encoder = encoder.encode_descriptor(
                "process_cpu",
                "Processor time used, user and system",
                Some(&Unit::Seconds),
                counter.metric_type(),
            )?;
            counter.encode(encoder)?;
        }
        let bytes = Some(Unit::Bytes);
        #[expect(
            clippy::cast_precision_loss,
            reason = "gauges are floats by definition"
        )]
        let gauges = [
            (
                "process_resident_memory",
                "Resident memory",
                &bytes,
                figures.resident_bytes.map(|v| v as f64),
            ),
            (
                "process_virtual_memory",
                "Virtual memory",
                &bytes,
                figures.virtual_bytes.map(|v| v as f64),
            ),
            (
                "process_open_fds",
                "Open file descriptors",
                &None,
                figures.open_fds.map(|v| v as f64),
            ),
            (
                "process_max_fds",
                "The most file descriptors that may be open",
                &None,
                figures.max_fds.map(|v| v as f64),
            ),
            (
                "process_threads",
                "Threads",
                &None,
                figures.threads.map(|v| v as f64),
            ),
            (
                "process_start_time",
                "Start, in Unix time",
                &Some(Unit::Seconds),
                figures.start_seconds,
            ),
        ];
        for (name, help, unit, value) in gauges {
            let Some(value) = value else { continue };
            let gauge = ConstGauge::new(value);
            let encoder =
                encoder.encode_descriptor(name, help, unit.as_ref(), gauge.metric_type())?;
            gauge.encode(encoder)?;
        }
        Ok(())
    }
}
