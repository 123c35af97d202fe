//! What stands in the masked text instead of a value.
//!
//! The five masks of the HTTP contract are fixed; the others follow their manner. No mask is itself
//! taken for a value, so masking twice changes nothing.

use crate::verdict::PiiKind;

/// How values are masked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MaskStyle {
    /// Nothing of the value is left.
    #[default]
    Full,
    /// Cards and accounts keep their last four digits.
    LastFour,
}

/// The mask of a value.
pub(crate) fn mask(kind: PiiKind, value: &str, style: MaskStyle) -> String {
    if style == MaskStyle::LastFour && matches!(kind, PiiKind::CreditCard | PiiKind::AccountNumber)
    {
        let digits: Vec<char> = value.chars().filter(char::is_ascii_digit).collect();
        if let Some(last) = digits.len().checked_sub(4).and_then(|n| digits.get(n..)) {
            let last: String = last.iter().collect();
            return match kind {
                PiiKind::CreditCard => format!("**** **** **** {last}"),
                _ => format!("Account #****{last}"),
            };
        }
    }
    fixed(kind).to_owned()
}

/// The mask that says nothing of the value.
pub(crate) fn fixed(kind: PiiKind) -> &'static str {
    match kind {
        PiiKind::Ssn | PiiKind::Itin => "***-**-****",
        PiiKind::CreditCard => "**** **** **** ****",
        PiiKind::Cvv => "***",
        PiiKind::Pin => "****",
        PiiKind::Iban => "[IBAN]",
        PiiKind::RoutingNumber => "*********",
        PiiKind::Swift => "[BIC]",
        PiiKind::AccountNumber => "Account #********",
        PiiKind::Email => "***@***.***",
        PiiKind::Phone => "***-***-****",
        PiiKind::IpAddress => "***.***.***.***",
        PiiKind::Url => "[URL]",
        PiiKind::DateOfBirth => "**/**/****",
        PiiKind::DriversLicence => "[DRIVER'S LICENCE]",
        PiiKind::Passport => "[PASSPORT]",
        PiiKind::Address => "[ADDRESS]",
        PiiKind::Person => "[NAME]",
        PiiKind::Organization => "[ORGANIZATION]",
        PiiKind::Location => "[PLACE]",
        PiiKind::DateTime => "[DATE]",
        PiiKind::ApiKey => "[KEY]",
        PiiKind::Password => "********",
        PiiKind::OneTimeCode => "******",
    }
}
