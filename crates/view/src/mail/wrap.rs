//! Breaking lines of mixed full-width and half-width text.

/// Cells of a line: 36 full-width characters.
pub const CELLS_MAX: usize = 72;

/// Characters that may not begin a line (JIS X 4051, the common part).
const NOT_FIRST: &str =
    "、。，．・：；？！ー」』）】〉》〕］｝々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;?!)]}";
/// Characters that may not end a line.
const NOT_LAST: &str = "「『（【〈《〔［｛([{";

/// Cells that `letter` takes on a terminal: two if East Asian wide or full-width.
pub fn cells(letter: char) -> usize {
    match u32::from(letter) {
        0x0300..=0x036f | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// `text` in lines of at most [`CELLS_MAX`] cells; lines after the first of a paragraph begin with
/// `indent`. A word of half-width characters (an address, a host name) is never broken.
pub fn wrap(text: &str, indent: &str) -> String {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for piece in pieces(paragraph) {
            let width = width(&line) + width(piece.trim_end());
            if width > CELLS_MAX && !line.trim().is_empty() {
                lines.push(line.trim_end().to_owned());
                line = format!("{indent}{}", piece.trim_start());
            } else {
                line.push_str(&piece);
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n")
}

fn width(text: &str) -> usize {
    text.chars().map(cells).sum()
}

/// The smallest pieces between which a line may break: half-width words with the spaces after
/// them, and full-width characters with what may not stand at a line's end or beginning.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for letter in text.chars() {
        let joins = pieces
            .last()
            .and_then(|piece| piece.chars().last())
            .is_some_and(|before| {
                let wide = cells(before) == 2 || cells(letter) == 2;
                let word = !wide && (!before.is_whitespace() || letter.is_whitespace());
                word || NOT_FIRST.contains(letter) || NOT_LAST.contains(before) || letter == ' '
            });
        match pieces.last_mut() {
            Some(piece) if joins => piece.push(letter),
            _ => pieces.push(letter.to_string()),
        }
    }
    pieces
}
