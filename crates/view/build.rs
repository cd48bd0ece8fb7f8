//! Embeds the locale files and the assets, so that adding a page means adding files and no list.
//!
//! Writes into `OUT_DIR`:
//! - `locales.rs`: `JA` and `EN`, one `(area, text)` per `locales/{ja,en}/AREA.ftl`, sorted;
//! - `assets.rs`: `ASSETS`, one row per file served under `/assets/`, with a content hash in its path.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let room = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=assets");
    println!("cargo::rerun-if-changed=templates");
    fs::write(out.join("locales.rs"), locales(&room)?)?;
    fs::write(out.join("assets.rs"), assets(&room, &out)?)
}

fn locales(room: &Path) -> io::Result<String> {
    let mut code = String::new();
    for language in ["ja", "en"] {
        let name = language.to_uppercase();
        writeln!(code, "pub(super) const {name}: &[(&str, &str)] = &[")
            .map_err(io::Error::other)?;
        for file in files(&room.join("locales").join(language), "ftl")? {
            let area = file
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            writeln!(
                code,
                "    ({area:?}, include_str!({:?})),",
                file.display().to_string()
            )
            .map_err(io::Error::other)?;
        }
        code.push_str("];\n");
    }
    Ok(code)
}

fn assets(room: &Path, out: &Path) -> io::Result<String> {
    let assets = room.join("assets");
    let mut css = fs::read_to_string(assets.join("vendor/dads/tokens.css"))?;
    for file in files(&assets.join("css"), "css")? {
        css.push_str(&fs::read_to_string(file)?);
    }
    fs::write(out.join("app.css"), squeeze_css(&css))?;

    let mut code = String::from("pub(super) const ASSETS: &[Asset] = &[\n");
    write_asset(&mut code, &out.join("app.css"))?;
    for (folder, extension) in [("js", "js"), ("svg", "svg")] {
        for file in files(&assets.join(folder), extension)? {
            write_asset(&mut code, &file)?;
        }
    }
    code.push_str("];\n");
    Ok(code)
}

fn write_asset(code: &mut String, file: &Path) -> io::Result<()> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let extension = file.extension().unwrap_or_default().to_string_lossy();
    let content_type = match &*extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        other => {
            return Err(io::Error::other(format!(
                "no content type for `.{other}` assets"
            )));
        }
    };
    let hash = fnv1a(&fs::read(file)?);
    writeln!(
        code,
        "    Asset {{ name: \"{stem}.{extension}\", path: \"/assets/{stem}.{hash:016x}.{extension}\", \
         content_type: \"{content_type}\", bytes: include_bytes!({:?}) }},",
        file.display().to_string()
    )
    .map_err(io::Error::other)
}

/// Files of `folder` that end in `extension`, sorted so that two builds agree.
fn files(folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Drops comments (except `/*!` licenses), indentation and empty lines. Nothing cleverer: a rule
/// that a reader can check by eye must come out of the browser as he wrote it.
fn squeeze_css(css: &str) -> String {
    let mut kept = String::new();
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        kept.push_str(before);
        let (comment, tail) = after.split_once("*/").unwrap_or((after, ""));
        if comment.starts_with('!') {
            kept.push_str("/*");
            kept.push_str(comment);
            kept.push_str("*/");
        }
        rest = tail;
    }
    kept.push_str(rest);
    let lines: Vec<&str> = kept
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n") + "\n"
}

/// 64-bit FNV-1a: names a content for caches. It protects nothing.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
