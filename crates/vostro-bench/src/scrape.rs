//! What a deployment says of itself: its Prometheus metrics, read before and after, and what changed.
//!
//! The text is our own servers', so the reader knows the sample line alone and skips what it cannot read:
//! a foreign or broken page makes figures absent, never wrong.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::figures::rounded;

/// A page of metrics: a series with its labels as it stands in the text, and its value.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Page(BTreeMap<String, f64>);

/// What a histogram took up between two pages.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Spent {
    /// The value of the label that tells the series apart.
    pub name: String,
    /// How often.
    pub count: u64,
    /// Seconds in all.
    pub seconds: f64,
    /// The mean, in milliseconds.
    pub mean_ms: f64,
    /// 95 %, in milliseconds, read off the buckets.
    pub p95_ms: f64,
}

impl Page {
    /// Reads the text format.
    pub(crate) fn parse(text: &str) -> Self {
        let samples = text.lines().filter(|line| !line.starts_with('#'));
        let pairs = samples.filter_map(|line| {
            // Labels of ours hold no spaces; a timestamp would stand behind the value and is not written.
            let (series, value) = line.rsplit_once(' ')?;
            Some((series.to_owned(), value.parse().ok()?))
        });
        Self(pairs.collect())
    }

    /// A series without labels.
    pub(crate) fn value(&self, name: &str) -> Option<f64> {
        self.0.get(name).copied()
    }

    /// Adds another process's page, series by series.
    pub(crate) fn add(&mut self, other: &Self) {
        for (series, value) in &other.0 {
            *self.0.entry(series.clone()).or_default() += value;
        }
    }

    /// The growth of all series of a counter since an earlier page, by the value of one of its labels.
    pub(crate) fn growth(&self, before: &Self, name: &str, label: &str) -> BTreeMap<String, f64> {
        let mut grown = BTreeMap::new();
        for (series, value) in &self.0 {
            let Some(labels) = series
                .strip_prefix(name)
                .filter(|rest| rest.starts_with('{'))
            else {
                continue;
            };
            let Some(key) = label_value(labels, label) else {
                continue;
            };
            let earlier = before.0.get(series).copied().unwrap_or(0.0);
            *grown.entry(key.to_owned()).or_default() += value - earlier;
        }
        grown.retain(|_, value| *value > 0.0);
        grown
    }

    /// What a histogram took up since an earlier page, by the value of one of its labels; most time first.
    pub(crate) fn spent(&self, before: &Self, name: &str, label: &str) -> Vec<Spent> {
        let counts = self.growth(before, &format!("{name}_count"), label);
        let sums = self.growth(before, &format!("{name}_sum"), label);
        let mut all: Vec<Spent> = counts
            .into_iter()
            .map(|(key, count)| {
                let seconds = sums.get(&key).copied().unwrap_or(0.0);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a counter that grew"
                )]
                Spent {
                    count: count as u64,
                    seconds: rounded(seconds),
                    mean_ms: rounded(seconds * 1_000.0 / count),
                    p95_ms: rounded(self.quantile(before, name, (label, &key), 0.95) * 1_000.0),
                    name: key,
                }
            })
            .collect();
        all.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
        all
    }

    /// A quantile between the bounds of a histogram's buckets, as Prometheus' `histogram_quantile` has it.
    fn quantile(&self, before: &Self, name: &str, of: (&str, &str), quantile: f64) -> f64 {
        let bucket = format!("{name}_bucket");
        let mut buckets: BTreeMap<u64, (f64, f64)> = BTreeMap::new();
        for (series, value) in &self.0 {
            let Some(labels) = series.strip_prefix(&bucket) else {
                continue;
            };
            if label_value(labels, of.0) != Some(of.1) {
                continue;
            }
            let bound = label_value(labels, "le").and_then(|le| match le {
                "+Inf" => Some(f64::INFINITY),
                le => le.parse().ok(),
            });
            let Some(bound) = bound else { continue };
            let earlier = before.0.get(series).copied().unwrap_or(0.0);
            // Bounds are positive: their bits are in their order.
            let entry = buckets.entry(bound.to_bits()).or_insert((bound, 0.0));
            entry.1 += value - earlier;
        }
        let total = buckets.values().map(|bucket| bucket.1).fold(0.0, f64::max);
        let wanted = total * quantile;
        let (mut lower, mut below) = (0.0, 0.0);
        for (bound, count) in buckets.into_values() {
            if count >= wanted && count > below {
                let reach = if bound.is_finite() { bound } else { lower };
                return lower + (reach - lower) * (wanted - below) / (count - below);
            }
            (lower, below) = (bound, count);
        }
        lower
    }
}

/// The value of a label in `{a="x",b="y"}`.
fn label_value<'a>(labels: &'a str, name: &str) -> Option<&'a str> {
    let inner = labels.strip_prefix('{')?.strip_suffix('}')?;
    inner.split("\",").find_map(|pair| {
        let (key, value) = pair.split_once("=\"")?;
        (key == name).then(|| value.trim_end_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "# TYPE s histogram\n\
        s_sum{step=\"act\"} 1\ns_count{step=\"act\"} 10\n\
        s_bucket{le=\"0.1\",step=\"act\"} 10\ns_bucket{le=\"0.2\",step=\"act\"} 10\n\
        s_bucket{le=\"+Inf\",step=\"act\"} 10\n\
        up_total{kind=\"a\",role=\"x\"} 5\nprocess_cpu_seconds_total 1.5\n";
    const AFTER: &str = "s_sum{step=\"act\"} 3\ns_count{step=\"act\"} 30\n\
        s_bucket{le=\"0.1\",step=\"act\"} 20\ns_bucket{le=\"0.2\",step=\"act\"} 30\n\
        s_bucket{le=\"+Inf\",step=\"act\"} 30\ns_sum{step=\"new\"} 5\ns_count{step=\"new\"} 1\n\
        up_total{kind=\"a\",role=\"x\"} 5\nup_total{kind=\"b\",role=\"x\"} 2\n\
        process_cpu_seconds_total 2.5\nnonsense\nbroken{ 1 2 x\n";

    #[test]
    fn what_changed_is_read_off_two_pages() {
        let (before, after) = (Page::parse(BEFORE), Page::parse(AFTER));
        assert_eq!(after.value("process_cpu_seconds_total"), Some(2.5));
        let grown = after.growth(&before, "up_total", "kind");
        assert_eq!(grown, BTreeMap::from([("b".to_owned(), 2.0)]));
        let spent = after.spent(&before, "s", "step");
        let names: Vec<&str> = spent.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["new", "act"], "most time first");
        assert_eq!((spent[1].count, spent[1].mean_ms), (20, 100.0));
        // 10 of 20 below 0.1, all below 0.2: 95 % is nine tenths of the way between
        assert!((spent[1].p95_ms - 190.0).abs() < 1e-6, "{spent:?}");
    }

    #[test]
    fn any_page_can_be_read() {
        for text in [
            "",
            "\n\n",
            "<html>\n<body class=\"x\">1</body>",
            "a{b=\"c} 1",
            "{} 1",
        ] {
            let page = Page::parse(text);
            assert!(
                page.spent(&Page::default(), "a", "b").is_empty(),
                "{text:?}"
            );
        }
    }
}
