//! One score for a text out of what was found in it: of orders to a model, and of harm in any way.

use super::Findings;
use crate::model::Scored;

impl Findings {
    pub(super) fn injection_score(&self) -> f32 {
        self.injections.iter().map(|i| i.1).fold(0.0, f32::max)
    }

    /// One score for "unsafe in any way", to rank by. The classifiers' word counts most; a rule, which knows
    /// words and no sense, moves it by half of its own odds.
    pub(super) fn safety_score(&self) -> f32 {
        const LEAST: f32 = 1e-6;
        let odds = |p: f32| (p.clamp(LEAST, 1.0 - LEAST) / (1.0 - p).max(LEAST)).ln();
        if self.harm.is_none() && self.violations.is_empty() {
            return 0.0;
        }
        let rule = self.violations.iter().map(|v| v.2).fold(0.5, f32::max);
        let learned = self.harm.unwrap_or_default();
        1.0 / (1.0 + (-learned - odds(rule) / 2.0).exp())
    }
}

/// The odds of "unsafe in any way", as a logarithm, from the heads of safety. The best window alone would favour long texts,
/// which have many: the whole text counts beside it. Coarse talk, the last head, counts little: it is no harm in itself.
/// The shares were chosen on halves of sets that nothing was learnt from.
pub(super) fn harm(scored: &[Scored]) -> Option<f32> {
    const WHOLE: f32 = 0.3;
    const COARSE: f32 = 0.3;
    const COARSE_LEAST: f32 = -6.0;
    let (coarse, harms) = scored.split_last()?;
    let raw = |s: &Scored| s.raw + WHOLE * s.whole;
    let none: f32 = harms.iter().map(|s| 1.0 / (1.0 + raw(s).exp())).product();
    let odds = (1.0 - none).max(f32::MIN_POSITIVE).ln() - none.max(f32::MIN_POSITIVE).ln();
    Some(odds + COARSE * raw(coarse).max(COARSE_LEAST))
}
