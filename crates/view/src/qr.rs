//! QR codes (ISO/IEC 18004) for what a phone reads off a page: the key of an authenticator app, a
//! link on paper.
//!
//! Byte mode, error correction M, versions 1 to 15: up to 412 bytes. Longer texts have no code.

mod code;
mod field;

use crate::html::Html;

/// Most bytes that a code holds.
pub const QR_BYTES_MAX: usize = 412;

/// Modules of the quiet zone on each side, as the standard asks.
const QUIET: usize = 4;

/// The code of `text` as SVG with `label` for those who see no picture; `None` when it is too long.
pub fn qr(text: &str, label: &str) -> Option<Html> {
    let modules = field::modules(text.as_bytes())?;
    let side = modules.len() + 2 * QUIET;
    let mut html = Html::new();
    html.markup("<svg class=\"qr\" role=\"img\" aria-label=\"")
        .text(label)
        .markup(&format!(
            "\" viewBox=\"0 0 {side} {side}\" width=\"232\" height=\"232\" shape-rendering=\"crispEdges\">\
             <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path fill=\"#000\" d=\""
        ));
    for (y, row) in modules.iter().enumerate() {
        for (x, dark) in row.iter().enumerate() {
            if *dark {
                html.markup(&format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET));
            }
        }
    }
    html.markup("\"/></svg>");
    Some(html)
}

#[cfg(test)]
mod tests;
