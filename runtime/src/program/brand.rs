//! Brands: how the pages look for a host, and which flows it offers.

use std::collections::BTreeMap;

use gatewright_compiler::models::brands::Brand;
use gatewright_compiler::models::flows::Designation;
use gatewright_reconciler::snapshot::Snapshot;
use uuid::Uuid;

/// What pages need to know of a brand. Flows are slugs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrandInfo {
    /// Title of the site.
    pub title: String,
    /// URL of the logo.
    pub logo: String,
    /// URL of the icon.
    pub favicon: String,
    /// URL of the picture behind flows that name none.
    pub background: String,
    /// Flow that logs in.
    pub flow_authentication: Option<String>,
    /// Flow that logs out.
    pub flow_invalidation: Option<String>,
    /// Flow for forgotten passwords.
    pub flow_recovery: Option<String>,
    /// Flow that gives the account up.
    pub flow_unenrollment: Option<String>,
    /// Flow for one's own data.
    pub flow_user_settings: Option<String>,
}

impl BrandInfo {
    pub(super) fn flow_for(&self, designation: Designation) -> Option<&str> {
        match designation {
            Designation::Authentication => self.flow_authentication.as_deref(),
            Designation::Invalidation => self.flow_invalidation.as_deref(),
            Designation::Recovery => self.flow_recovery.as_deref(),
            Designation::Unenrollment => self.flow_unenrollment.as_deref(),
            Designation::StageConfiguration => self.flow_user_settings.as_deref(),
            Designation::Authorization | Designation::Enrollment => None,
        }
    }

    /// Where no brand was declared.
    fn bare() -> BrandInfo {
        BrandInfo {
            title: "Gatewright".to_owned(),
            logo: "/static/logo.svg".to_owned(),
            favicon: "/static/favicon.svg".to_owned(),
            background: "/static/background.svg".to_owned(),
            flow_authentication: None,
            flow_invalidation: None,
            flow_recovery: None,
            flow_unenrollment: None,
            flow_user_settings: None,
        }
    }
}

/// A brand and the hosts that it is for.
#[derive(Debug)]
pub(super) struct BrandProgram {
    domain: String,
    default: bool,
    info: BrandInfo,
}

pub(super) fn compile(snapshot: &Snapshot, slugs: &BTreeMap<Uuid, String>) -> Vec<BrandProgram> {
    let brands = snapshot.of_model("authentik_brands.brand").filter_map(super::read::<Brand>);
    brands.map(|brand| program(brand, slugs)).collect()
}

fn program(brand: Brand, slugs: &BTreeMap<Uuid, String>) -> BrandProgram {
    let slug = |flow: Option<Uuid>| flow.and_then(|id| slugs.get(&id).cloned());
    let info = BrandInfo {
        flow_authentication: slug(brand.flow_authentication.map(|flow| flow.key())),
        flow_invalidation: slug(brand.flow_invalidation.map(|flow| flow.key())),
        flow_recovery: slug(brand.flow_recovery.map(|flow| flow.key())),
        flow_unenrollment: slug(brand.flow_unenrollment.map(|flow| flow.key())),
        flow_user_settings: slug(brand.flow_user_settings.map(|flow| flow.key())),
        title: brand.branding_title,
        logo: brand.branding_logo,
        favicon: brand.branding_favicon,
        background: brand.branding_default_flow_background,
    };
    BrandProgram { domain: brand.domain.to_ascii_lowercase(), default: brand.default, info }
}

pub(super) fn choose(brands: &[BrandProgram], host: &str) -> BrandInfo {
    let host = host.to_ascii_lowercase();
    let fits = |domain: &str| {
        host.strip_suffix(domain).is_some_and(|rest| !domain.is_empty() && (rest.is_empty() || rest.ends_with('.')))
    };
    let fitting = brands.iter().filter(|brand| fits(&brand.domain)).max_by_key(|brand| brand.domain.len());
    let chosen = fitting.map(|brand| &brand.info).or_else(|| default_brand(brands));
    chosen.cloned().unwrap_or_else(BrandInfo::bare)
}

pub(super) fn default_brand(brands: &[BrandProgram]) -> Option<&BrandInfo> {
    brands.iter().find(|brand| brand.default).map(|brand| &brand.info)
}
