//! From codewords to modules: the fixed patterns, the zigzag, and the mask that looks best.

use super::code::Layout;

/// A module: dark or light, and whether data may lie there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Module {
    Free,
    Fixed(bool),
    Data(bool),
}

type Grid = Vec<Vec<Module>>;

/// Centers of alignment patterns, versions 1 to 15 (ISO/IEC 18004, annex E).
const ALIGNMENTS: [&[usize]; 15] = [
    &[],
    &[6, 18],
    &[6, 22],
    &[6, 26],
    &[6, 30],
    &[6, 34],
    &[6, 22, 38],
    &[6, 24, 42],
    &[6, 26, 46],
    &[6, 28, 50],
    &[6, 30, 54],
    &[6, 32, 58],
    &[6, 34, 62],
    &[6, 26, 46, 66],
    &[6, 26, 48, 70],
];

/// The modules of `bytes`, row by row; `true` is dark. `None` when there are too many.
pub(super) fn modules(bytes: &[u8]) -> Option<Vec<Vec<bool>>> {
    let layout = Layout::for_bytes(bytes.len())?;
    let mut grid = patterns(layout.version);
    lay(&mut grid, &layout.codewords(bytes));
    (0..8)
        .map(|mask| masked(&grid, layout.version, mask))
        .min_by_key(|field| penalty(field))
}

/// Finders, separators, timing, alignment, and the places of format and version, held for later.
fn patterns(version: usize) -> Grid {
    let side = 17 + 4 * version;
    let mut grid = vec![vec![Module::Free; side]; side];
    for (x, y) in [(3, 3), (side - 4, 3), (3, side - 4)] {
        for dy in -4_isize..=4 {
            for dx in -4_isize..=4 {
                let ring = dx.abs().max(dy.abs());
                let at = (x.checked_add_signed(dx), y.checked_add_signed(dy));
                if let (Some(x), Some(y)) = at {
                    set(&mut grid, x, y, Module::Fixed(ring != 2 && ring != 4));
                }
            }
        }
    }
    let centers = ALIGNMENTS.get(version - 1).copied().unwrap_or(&[]);
    let last = side - 7;
    for y in centers {
        for x in centers {
            if matches!((*x, *y), (6, 6)) || (*x, *y) == (6, last) || (*x, *y) == (last, 6) {
                continue;
            }
            for dy in 0..5_usize {
                for dx in 0..5_usize {
                    let ring = dx.abs_diff(2).max(dy.abs_diff(2));
                    set(&mut grid, x + dx - 2, y + dy - 2, Module::Fixed(ring != 1));
                }
            }
        }
    }
    for index in 8..side - 8 {
        for (x, y) in [(index, 6), (6, index)] {
            set(&mut grid, x, y, Module::Fixed(index % 2 == 0));
        }
    }
    write_format(&mut grid, 0);
    write_version(&mut grid, version);
    grid
}

fn set(grid: &mut Grid, x: usize, y: usize, module: Module) {
    if let Some(place) = grid.get_mut(y).and_then(|row| row.get_mut(x)) {
        *place = module;
    }
}

/// Format: correction M (00) and the mask, with its BCH code, twice around the finders.
fn write_format(grid: &mut Grid, mask: usize) {
    let side = grid.len();
    let mut rest = mask;
    for _ in 0..10 {
        rest = (rest << 1) ^ ((rest >> 9) * 0x537);
    }
    let bits = ((mask << 10) | rest) ^ 0x5412;
    let bit = |index: usize| Module::Fixed(bits >> index & 1 == 1);
    for index in 0..8 {
        let along = if index < 6 { index } else { index + 1 };
        set(grid, 8, along.min(8), bit(index));
        set(grid, side - 1 - index, 8, bit(index));
    }
    set(grid, 7, 8, bit(8));
    for index in 9..15 {
        set(grid, 14 - index, 8, bit(index));
    }
    for index in 8..15 {
        set(grid, 8, side - 15 + index, bit(index));
    }
    set(grid, 8, side - 8, Module::Fixed(true));
}

/// Version with its Golay code, twice, from version 7 on.
fn write_version(grid: &mut Grid, version: usize) {
    if version < 7 {
        return;
    }
    let side = grid.len();
    let mut rest = version;
    for _ in 0..12 {
        rest = (rest << 1) ^ ((rest >> 11) * 0x1F25);
    }
    let bits = (version << 12) | rest;
    for index in 0..18 {
        let module = Module::Fixed(bits >> index & 1 == 1);
        let (near, far) = (index / 3, side - 11 + index % 3);
        set(grid, far, near, module);
        set(grid, near, far, module);
    }
}

/// Bits from the lower right corner in columns of two, up and down, around what is fixed.
fn lay(grid: &mut Grid, codewords: &[u8]) {
    let side = grid.len();
    let mut bits = codewords
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1));
    let columns = (0..side).rev().filter(|x| *x != 6).collect::<Vec<_>>();
    for (turn, pair) in columns.chunks(2).enumerate() {
        for step in 0..side {
            let y = if turn % 2 == 0 { side - 1 - step } else { step };
            for x in pair {
                let place = grid.get_mut(y).and_then(|row| row.get_mut(*x));
                if let Some(place) = place
                    && *place == Module::Free
                {
                    *place = Module::Data(bits.next().unwrap_or(false));
                }
            }
        }
    }
}

fn masked(grid: &Grid, version: usize, mask: usize) -> Vec<Vec<bool>> {
    let mut grid = grid.clone();
    write_format(&mut grid, mask);
    write_version(&mut grid, version);
    let shown = |(y, row): (usize, &Vec<Module>)| {
        row.iter()
            .enumerate()
            .map(|(x, module)| match module {
                Module::Fixed(dark) => *dark,
                Module::Data(dark) => *dark != flips(mask, x, y),
                Module::Free => false,
            })
            .collect()
    };
    grid.iter().enumerate().map(shown).collect()
}

fn flips(mask: usize, x: usize, y: usize) -> bool {
    let sum = match mask {
        0 => (x + y) % 2,
        1 => y % 2,
        2 => x % 3,
        3 => (x + y) % 3,
        4 => (x / 3 + y / 2) % 2,
        5 => x * y % 2 + x * y % 3,
        6 => (x * y % 2 + x * y % 3) % 2,
        _ => ((x + y) % 2 + x * y % 3) % 2,
    };
    sum == 0
}

/// How much a field could mislead a reader: long runs, blocks, false finders, uneven darkness.
fn penalty(field: &[Vec<bool>]) -> usize {
    let side = field.len();
    let columns: Vec<Vec<bool>> = (0..side)
        .map(|x| field.iter().filter_map(|row| row.get(x).copied()).collect())
        .collect();
    let lines: usize = field.iter().chain(&columns).map(|line| of_line(line)).sum();
    let blocks = field
        .windows(2)
        .flat_map(|two| match two {
            [upper, lower] => upper.windows(2).zip(lower.windows(2)).collect(),
            _ => Vec::new(),
        })
        .filter(|(upper, lower)| upper == lower && upper.first() == upper.last())
        .count();
    let dark = field.iter().flatten().filter(|dark| **dark).count();
    let uneven = (dark * 20).abs_diff(side * side * 10) / (side * side);
    lines + 3 * blocks + 10 * uneven
}

fn of_line(line: &[bool]) -> usize {
    const FINDER: [bool; 7] = [true, false, true, true, true, false, true];
    let runs: usize = line
        .chunk_by(|one, other| one == other)
        .map(|run| if run.len() >= 5 { run.len() - 2 } else { 0 })
        .sum();
    let light = |range: Option<&[bool]>| range.is_some_and(|four| !four.contains(&true));
    let finders = (0..line.len())
        .filter(|at| line.get(*at..at + 7) == Some(&FINDER))
        .filter(|at| {
            let before = at.checked_sub(4).and_then(|from| line.get(from..*at));
            light(before) || light(line.get(at + 7..at + 11))
        })
        .count();
    runs + 40 * finders
}
