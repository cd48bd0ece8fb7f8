//! Writes every sample page in both languages into a folder, to be looked at in a browser.
//!
//! `cargo run -p view --example gallery -- DIR`

use std::path::PathBuf;
use std::{env, fs, io};

use view::asset::assets;
use view::page::samples;
use view::words::{Language, Words};

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or_else(|| io::Error::other("say which folder to write to"))?;
    fs::create_dir_all(folder.join("assets"))?;
    for asset in assets() {
        fs::write(folder.join(asset.path.trim_start_matches('/')), asset.bytes)?;
    }
    for language in Language::ALL {
        for sample in samples(Words::new(language)) {
            let html = sample.html.replace("\"/assets/", "\"assets/");
            fs::write(
                folder.join(format!("{}.{}.html", sample.name, language.tag())),
                html,
            )?;
        }
    }
    Ok(())
}
