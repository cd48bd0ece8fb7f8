//! Files served under `/assets/`: one style sheet, two scripts that pages can do without, the mark.
//!
//! A path carries a hash of the content, so a browser may keep a file for ever.

/// One file served under `/assets/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// Name in the source tree: `app.css`.
    pub name: &'static str,
    /// Path with content hash: `/assets/app.0123456789abcdef.css`.
    pub path: &'static str,
    /// Value of the `Content-Type` header.
    pub content_type: &'static str,
    /// The file.
    pub bytes: &'static [u8],
}

mod files {
    use super::Asset;
    include!(concat!(env!("OUT_DIR"), "/assets.rs"));
}

/// Every asset, for the route that serves them.
pub fn assets() -> &'static [Asset] {
    files::ASSETS
}

/// The path of the asset called `name`; empty if there is none, which the page tests refuse.
pub fn asset_path(name: &str) -> &'static str {
    files::ASSETS
        .iter()
        .find(|asset| asset.name == name)
        .map_or("", |asset| asset.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 15 KB gzip is the budget of a page's styles; this style sheet packs about 5:1.
    const STYLE_BYTES_MAX: usize = 64 * 1024;
    const SCRIPT_BYTES_MAX: usize = 16 * 1024;

    #[test]
    fn style_and_scripts_stay_small() {
        for asset in assets() {
            let bytes_max = if asset.name == "app.css" {
                STYLE_BYTES_MAX
            } else {
                SCRIPT_BYTES_MAX
            };
            assert!(
                asset.bytes.len() <= bytes_max,
                "{} has {}",
                asset.name,
                asset.bytes.len()
            );
        }
    }

    #[test]
    fn a_path_names_its_content() {
        let style = asset_path("app.css");
        assert!(style.starts_with("/assets/app."), "{style}");
        assert_eq!(style.len(), "/assets/app.0123456789abcdef.css".len());
        assert_eq!(asset_path("absent.css"), "");
    }
}
