//! Amounts of money: whole minor units (cents) with their currency, never a float.
//!
//! Arithmetic is checked: it gives [`MoneyError`] where a figure would overflow or where two
//! currencies would be mixed. Reading amounts out of free text ("fifty bucks") is the
//! understanding's work; this module only knows exact decimals.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An ISO 4217 currency.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// United States dollar.
    pub const USD: Self = Self(iso_currency::Currency::USD);
    /// Euro.
    pub const EUR: Self = Self(iso_currency::Currency::EUR);
    /// Pound sterling.
    pub const GBP: Self = Self(iso_currency::Currency::GBP);
    /// Japanese yen (no minor unit).
    pub const JPY: Self = Self(iso_currency::Currency::JPY);

    /// The currency with this ISO 4217 code, in any case.
    pub fn from_code(code: &str) -> Option<Self> {
        iso_currency::Currency::from_code(&code.to_ascii_uppercase()).map(Self)
    }

    /// The three-letter code.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimal places the minor unit takes: 2 for cents, 0 for yen.
    pub fn exponent(self) -> u32 {
        u32::from(self.0.exponent().unwrap_or(0))
    }

    fn scale(self) -> u64 {
        10_u64.pow(self.exponent())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;
    fn try_from(code: String) -> Result<Self, MoneyError> {
        Self::from_code(&code).ok_or(MoneyError::UnknownCurrency)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

/// Why a computation with money gave no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The result does not fit 64 bits of minor units.
    #[error("the amount is too large")]
    Overflow,
    /// Two currencies met.
    #[error("amounts of different currencies cannot be combined")]
    CurrencyMismatch,
    /// Not a plain decimal number.
    #[error("not an amount")]
    NotANumber,
    /// More decimal places than the currency has.
    #[error("more decimal places than the currency has")]
    TooPrecise,
    /// No such ISO 4217 code.
    #[error("unknown currency")]
    UnknownCurrency,
}

/// An amount in minor units, positive or negative, with its currency.
///
/// Shown with the currency's symbol, grouped thousands and all its decimals:
///
/// ```
/// use vostro_types::{Currency, Money};
/// assert_eq!(Money::new(125_050, Currency::USD).to_string(), "$1,250.50");
/// assert_eq!(Money::new(-8_200, Currency::USD).to_string(), "-$82.00");
/// assert_eq!(Money::new(1_000, Currency::JPY).to_string(), "¥1,000");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units: cents for USD.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// An amount of so many minor units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in this currency.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Whether the amount is more than zero.
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// The sum.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, i64::checked_add)
    }

    /// The difference.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, i64::checked_sub)
    }

    /// The amount with its sign turned.
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_neg().ok_or(MoneyError::Overflow)?;
        Ok(Self::new(minor, self.currency))
    }

    /// The amount without its sign (saturating at the largest amount).
    #[must_use]
    pub const fn abs(self) -> Self {
        Self::new(self.minor.saturating_abs(), self.currency)
    }

    fn combine(
        self,
        other: Self,
        operation: impl Fn(i64, i64) -> Option<i64>,
    ) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch);
        }
        let minor = operation(self.minor, other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self::new(minor, self.currency))
    }

    /// Reads a plain decimal with an optional sign: `1250.5`, `-3`, `.5`. Grouping, symbols and
    /// exponents are not taken.
    ///
    /// ```
    /// use vostro_types::{Currency, Money, MoneyError};
    /// assert_eq!(Money::parse_decimal("1250.5", Currency::USD), Ok(Money::new(125_050, Currency::USD)));
    /// assert_eq!(Money::parse_decimal("0.005", Currency::USD), Err(MoneyError::TooPrecise));
    /// assert_eq!(Money::parse_decimal("1e9", Currency::USD), Err(MoneyError::NotANumber));
    /// ```
    pub fn parse_decimal(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction)
        {
            return Err(MoneyError::NotANumber);
        }
        let places = currency.exponent() as usize;
        let (kept, extra) = fraction.split_at(fraction.len().min(places));
        if extra.bytes().any(|byte| byte != b'0') {
            return Err(MoneyError::TooPrecise);
        }
        let padded = format!("{}{whole}{kept:0<places$}", if negative { "-" } else { "" });
        let minor = if padded.is_empty() || padded == "-" {
            Ok(0)
        } else {
            padded.parse()
        };
        minor
            .map(|minor| Self::new(minor, currency))
            .map_err(|_| MoneyError::Overflow)
    }

    /// The amount as a plain decimal without symbol or grouping: `1250.50`.
    pub fn to_decimal(self) -> String {
        self.render("", false)
    }

    fn render(self, symbol: &str, grouped: bool) -> String {
        let scale = self.currency.scale();
        let (whole, fraction) = (
            self.minor.unsigned_abs() / scale,
            self.minor.unsigned_abs() % scale,
        );
        let sign = if self.minor < 0 { "-" } else { "" };
        let whole = if grouped {
            group_thousands(whole)
        } else {
            whole.to_string()
        };
        match self.currency.exponent() as usize {
            0 => format!("{sign}{symbol}{whole}"),
            places => format!("{sign}{symbol}{whole}.{fraction:0places$}"),
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let symbol = self.currency.0.symbol().to_string();
        f.pad(&self.render(&symbol, true))
    }
}

fn group_thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly_or_refused() {
        let cases = [
            ("50", Ok(5_000)),
            ("50.5", Ok(5_050)),
            ("50.500", Ok(5_050)),
            ("-3", Ok(-300)),
            (".5", Ok(50)),
            ("92233720368547758.07", Ok(i64::MAX)),
            ("92233720368547758.08", Err(MoneyError::Overflow)),
            ("99999999999999999999999999", Err(MoneyError::Overflow)),
            ("0.001", Err(MoneyError::TooPrecise)),
            ("", Err(MoneyError::NotANumber)),
            (".", Err(MoneyError::NotANumber)),
            ("-", Err(MoneyError::NotANumber)),
            ("1,000", Err(MoneyError::NotANumber)),
            ("１２", Err(MoneyError::NotANumber)),
            ("NaN", Err(MoneyError::NotANumber)),
        ];
        for (text, expected) in cases {
            let read = Money::parse_decimal(text, Currency::USD).map(|money| money.minor);
            assert_eq!(read, expected, "{text:?}");
        }
    }

    #[test]
    fn arithmetic_is_checked() {
        let most = Money::new(i64::MAX, Currency::USD);
        let cent = Money::new(1, Currency::USD);
        assert_eq!(most.checked_add(cent), Err(MoneyError::Overflow));
        assert_eq!(
            Money::new(i64::MIN, Currency::USD).checked_neg(),
            Err(MoneyError::Overflow)
        );
        assert_eq!(
            cent.checked_add(Money::new(1, Currency::EUR)),
            Err(MoneyError::CurrencyMismatch)
        );
        assert_eq!(
            Money::new(i64::MIN, Currency::USD).to_string(),
            "-$92,233,720,368,547,758.08"
        );
    }

    #[test]
    fn shown_and_read_again_is_the_same() {
        for minor in [0, 1, -1, 99, 100, 123_456_789, i64::MAX, i64::MIN + 1] {
            for currency in [Currency::USD, Currency::JPY, Currency::EUR] {
                let money = Money::new(minor, currency);
                assert_eq!(
                    Money::parse_decimal(&money.to_decimal(), currency),
                    Ok(money)
                );
            }
        }
    }
}
