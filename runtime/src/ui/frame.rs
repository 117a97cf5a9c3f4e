//! What every page has around its content: brand, pictures, style sheet.

use std::sync::LazyLock;

/// Path of our own logo; also answered under the peer's path.
const OWN_LOGOS: [&str; 2] = ["/static/logo.svg", "/static/dist/assets/icons/icon_left_brand.svg"];

/// Path of our own background; also answered under the peer's path.
const OWN_BACKGROUNDS: [&str; 2] = ["/static/background.svg", "/static/dist/assets/images/flow_background.jpg"];

/// The name of the product, as the default brand has it too.
const PRODUCT: &str = "Gatewright";

/// Where the style sheet is, with a mark of its content, so that browsers may keep it for good.
static STYLESHEET: LazyLock<String> = LazyLock::new(|| {
    let hash = blake3::hash(include_bytes!("../../assets/gatewright.css")).to_hex();
    format!("/static/gatewright.css?v={}", hash.get(..12).unwrap_or_default())
});

/// How a brand looks. Empty pictures are ours.
#[derive(Clone, Debug, Default)]
pub(crate) struct BrandLook {
    /// Name.
    pub(crate) title: String,
    /// Picture beside or in place of the name.
    pub(crate) logo: String,
    /// Picture of the browser's tab.
    pub(crate) favicon: String,
    /// Picture behind the card.
    pub(crate) background: String,
}

/// What every page has around its content.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// Name of the brand.
    pub(crate) brand: String,
    /// Its logo.
    pub(crate) logo: String,
    /// Picture of the browser's tab.
    pub(crate) favicon: String,
    /// Picture behind the card.
    pub(crate) background: String,
    /// Layout of the flow: where the card stands.
    pub(crate) layout: &'static str,
    /// The style sheet.
    pub(crate) stylesheet: &'static str,
}

impl Frame {
    /// A frame in a brand's look, with a flow's own background and layout where it has them.
    pub(crate) fn new(look: &BrandLook, background: Option<&str>, layout: Option<&str>) -> Frame {
        let background = background.filter(|url| !url.is_empty()).unwrap_or(&look.background);
        Frame {
            brand: or(&look.title, PRODUCT),
            logo: or(&look.logo, "/static/logo.svg"),
            favicon: or(&look.favicon, "/static/favicon.svg"),
            background: or(background, "/static/background.svg"),
            layout: known_layout(layout.unwrap_or_default()),
            stylesheet: STYLESHEET.as_str(),
        }
    }

    /// Whether the name stands beside the logo: other people's logos usually contain it.
    pub(crate) fn names_brand(&self) -> bool {
        OWN_LOGOS.contains(&self.logo.as_str())
    }

    /// Whether the background is ours, which has a dark form too.
    pub(crate) fn has_own_background(&self) -> bool {
        OWN_BACKGROUNDS.contains(&self.background.as_str())
    }

    /// Whether the foot of the page names the product besides the brand.
    pub(crate) fn names_product(&self) -> bool {
        self.brand != PRODUCT
    }

    /// The pictures, for the Content-Security-Policy.
    pub(crate) fn pictures(&self) -> [&str; 3] {
        [&self.logo, &self.favicon, &self.background]
    }
}

fn or(text: &str, default: &str) -> String {
    if text.is_empty() { default.to_owned() } else { text.to_owned() }
}

/// The layout as a class name; never text of a database.
fn known_layout(layout: &str) -> &'static str {
    match layout {
        "content_left" => "content_left",
        "content_right" => "content_right",
        "sidebar_left" => "sidebar_left",
        "sidebar_right" => "sidebar_right",
        _ => "stacked",
    }
}
