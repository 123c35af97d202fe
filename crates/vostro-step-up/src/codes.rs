//! One-time codes by time (RFC 6238): six digits, SHA-1, steps of 30 seconds, one step early or late.
//!
//! These are the parameters that every authenticator app understands. That a step counts once is the store's.

use jiff::Timestamp;
use totp_rs::{Algorithm, Builder, Totp};
use vostro_dialogue::ports::CodeCheck;
use vostro_types::{CustomerId, Entropy};
use zeroize::Zeroizing;

use crate::key::FactorKey;

/// Bytes of a secret: as many as SHA-1 gives (RFC 4226, section 4, asks for them).
const SECRET_BYTES: usize = 20;
/// The name that apps show beside the account.
const ISSUER: &str = "Vostro";

/// Checks codes.
#[derive(Debug)]
pub struct Codes {
    key: FactorKey,
}

/// A new secret: sealed for the store, and as the address that an authenticator app reads. The address is shown
/// once, to who enrols.
#[derive(Clone)]
#[allow(missing_debug_implementations, reason = "it holds a secret")]
pub struct Enrolment {
    /// For the store.
    pub sealed: Vec<u8>,
    /// `otpauth://totp/…`, with the secret.
    pub address: Zeroizing<String>,
}

fn totp(secret: &[u8], account: &str) -> Option<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(secret)
        .with_issuer(Some(ISSUER))
        .with_account_name(account)
        .build()
        .ok()
}

impl Codes {
    /// With the key that secrets are sealed with.
    pub fn new(key: FactorKey) -> Self {
        Self { key }
    }

    /// Makes a secret for a customer; `None` where their id cannot stand in an address.
    pub fn enrol(&self, customer: &CustomerId, entropy: &dyn Entropy) -> Option<Enrolment> {
        let mut secret = Zeroizing::new([0; SECRET_BYTES]);
        entropy.fill(secret.as_mut());
        // A colon would end the issuer's part.
        let account = customer.as_str().replace(':', "_");
        let address = totp(secret.as_ref(), &account)?.to_url().ok()?;
        Some(Enrolment {
            sealed: self.key.seal(customer, secret.as_ref(), entropy),
            address: Zeroizing::new(address),
        })
    }
}

impl CodeCheck for Codes {
    fn step_of(
        &self,
        customer: &CustomerId,
        sealed: &[u8],
        code: &str,
        at: Timestamp,
    ) -> Option<i64> {
        let secret = self.key.open(customer, sealed)?;
        let second = u64::try_from(at.as_second()).ok()?;
        let step = totp(&secret, "")?.check(code, second)?;
        i64::try_from(step).ok()
    }
}

#[cfg(test)]
mod tests {
    use vostro_testkit::SeededEntropy;

    use super::*;

    fn codes() -> Codes {
        let key = "8f1d2c3b4a5968778695a4b3c2d1e0f00f1e2d3c4b5a69788796a5b4c3d2e1f0";
        Codes::new(FactorKey::read(key.as_bytes()).unwrap())
    }

    /// The secret of RFC 6238, appendix B; its codes have eight digits, of which the last six are these.
    #[test]
    fn the_standards_codes_are_known_one_step_early_and_late() {
        let (codes, ada) = (codes(), CustomerId::new("ada").unwrap());
        let entropy = SeededEntropy::new(1);
        let sealed = codes.key.seal(&ada, b"12345678901234567890", &entropy);
        let step = |code: &str, second: i64| {
            let at = Timestamp::from_second(second).unwrap();
            codes.step_of(&ada, &sealed, code, at)
        };
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let own = second / 30;
            assert_eq!(step(code, second), Some(own), "{second}");
            assert_eq!(step(code, second + 30), Some(own), "{second} late");
            assert_eq!(step(code, second - 30), Some(own), "{second} early");
            assert_eq!(step(code, second + 60), None, "{second} too late");
            assert_eq!(step(code, second - 60), None, "{second} too early");
        }
        for code in ["", "28708", "2870820", "abcdef", "２８７０８２", "287082\0"] {
            assert_eq!(step(code, 59), None, "{code:?}");
        }
        assert_eq!(step("287082", -1), None);
    }

    #[test]
    fn what_is_enrolled_is_what_is_checked() {
        let (codes, ada) = (codes(), CustomerId::new("ada:1").unwrap());
        let made = codes.enrol(&ada, &SeededEntropy::new(3)).unwrap();
        assert!(
            made.address
                .starts_with("otpauth://totp/Vostro:ada_1?secret=")
        );
        let app = Totp::from_url(made.address.as_str()).unwrap();
        let at = Timestamp::from_second(1_700_000_000).unwrap();
        let shown = app.generate(1_700_000_000).to_string();
        let step = codes.step_of(&ada, &made.sealed, &shown, at);
        assert_eq!(step, Some(1_700_000_000 / 30));
        let eve = CustomerId::new("eve").unwrap();
        assert_eq!(codes.step_of(&eve, &made.sealed, &shown, at), None);
    }
}
