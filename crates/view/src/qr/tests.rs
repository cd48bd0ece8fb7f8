use super::*;

fn picture(text: &str) -> Vec<String> {
    let row = |row: Vec<bool>| {
        row.iter()
            .map(|dark| if *dark { '#' } else { '.' })
            .collect()
    };
    field::modules(text.as_bytes())
        .unwrap()
        .into_iter()
        .map(row)
        .collect()
}

#[test]
fn sizes_follow_the_standard() {
    for (bytes, side) in [
        (14, 21),
        (15, 25),
        (122, 45),
        (180, 53),
        (181, 57),
        (412, 77),
    ] {
        assert_eq!(picture(&"x".repeat(bytes)).len(), side, "{bytes}");
    }
    assert!(qr(&"x".repeat(QR_BYTES_MAX + 1), "").is_none());
}

/// Read back with another program's decoder when it was written, as were all versions.
#[test]
fn a_code_that_a_decoder_has_read() {
    assert_eq!(picture("noroshi").join("\n"), GOLDEN);
}

const GOLDEN: &str = "\
#######..##.#.#######
#.....#....#..#.....#
#.###.#.#.#.#.#.###.#
#.###.#.##.##.#.###.#
#.###.#.###.#.#.###.#
#.....#.####..#.....#
#######.#.#.#.#######
........###..........
#.#####....#..#####..
###.##.##..#####.#..#
#.#####.#.#.#.##.#.#.
####...#.#.####..##.#
#.....##.#..#..###.##
........#...#..##.#.#
#######..#.#.#.....#.
#.....#.#......#.####
#.###.#.####.#.##..#.
#.###.#.##.#######...
#.###.#.#.#.#.#..#...
#.....#...#####.###..
#######.##..#..#.#.#.";
