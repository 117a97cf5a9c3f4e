//! A self-signed key pair of the installation's own.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};
use zeroize::Zeroizing;

const YEARS: i32 = 10;

/// The certificate and the private key, both PEM.
pub(super) fn generate(now: Timestamp) -> Result<(String, Zeroizing<String>), rcgen::Error> {
    let key = KeyPair::generate()?;
    let date = now.to_zoned(TimeZone::UTC).date();
    let (year, month, day) = (i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs());
    let mut params = CertificateParams::default();
    params.not_before = date_time_ymd(year, month, day);
    // 29 February has no like in the year that it ends in.
    params.not_after = date_time_ymd(year + YEARS, month, day.min(28));
    params.distinguished_name.push(DnType::OrganizationName, "Gatewright");
    params.distinguished_name.push(DnType::CommonName, "Gatewright Self-signed Certificate");
    let certificate = params.self_signed(&key)?;
    Ok((certificate.pem(), Zeroizing::new(key.serialize_pem())))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_new_each_time_and_never_shares_its_key() {
        let (certificate, key) = generate("2024-02-29T12:00:00Z".parse().unwrap()).unwrap();
        assert!(certificate.starts_with("-----BEGIN CERTIFICATE-----"), "{certificate}");
        assert!(key.starts_with("-----BEGIN PRIVATE KEY-----"));
        assert_ne!(generate(Timestamp::UNIX_EPOCH).unwrap().0, certificate);
    }
}
