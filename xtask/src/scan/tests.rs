use super::{Comment, Kind, scan};

fn words(text: &str) -> Vec<String> {
    let source = scan(text);
    let words = source.tokens.into_iter();
    words
        .filter(|t| t.kind == Kind::Word)
        .map(|t| t.text)
        .collect()
}

fn texts(text: &str) -> Vec<String> {
    let source = scan(text);
    let texts = source.tokens.into_iter();
    texts
        .filter(|t| t.kind == Kind::Text)
        .map(|t| t.text)
        .collect()
}

#[test]
fn strings_hide_code() {
    assert_eq!(words(r#"let x = "fn a() { todo!() }";"#), ["let", "x"]);
    assert_eq!(texts(r#"f("a\"b", b"c", c"d")"#), [r#"a\"b"#, "c", "d"]);
}

#[test]
fn raw_strings_end_at_their_own_hashes() {
    assert_eq!(
        texts(r###"r"a\" r#"b"c"# br##"d"#e"##"###),
        ["a\\", "b\"c", "d\"#e"]
    );
    assert_eq!(
        words("r#type"),
        ["r", "type"],
        "a raw identifier opens no string"
    );
}

#[test]
fn quotes_are_characters_or_lifetimes() {
    let source = scan(r"fn f<'a>(x: &'a str) { ('{', '\'', b'}', '\u{7b}', '\\') }");
    let count = |kind| source.tokens.iter().filter(|t| t.kind == kind).count();
    assert_eq!((count(Kind::Lifetime), count(Kind::Char)), (2, 5));
    let braces = source
        .tokens
        .iter()
        .filter(|t| t.is_mark('{') || t.is_mark('}'));
    assert_eq!(braces.count(), 2, "braces in characters do not count");
}

#[test]
fn comments_nest_and_keep_their_line() {
    let source = scan("a\n/* x /* y */ z\n*/ b // c\n");
    assert_eq!(
        source.comments,
        [
            Comment {
                text: "/* x /* y */ z\n*/".into(),
                line: 2
            },
            Comment {
                text: "// c".into(),
                line: 3
            },
        ]
    );
    assert_eq!(source.token(1).map(|t| t.line), Some(3));
}

#[test]
fn closing_skips_inner_brackets() {
    let source = scan("{ a(b[0], {}) } c");
    let close = source.closing(0);
    assert!(source.token(close + 1).is_some_and(|t| t.is_word("c")));
}

#[test]
fn test_modules_are_found() {
    let source = scan("fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() {}\n}\nfn c() {}\n");
    assert_eq!(source.test_lines(), [(2, 5)]);
    assert!(scan("#[cfg(test)]\nmod tests;").test_lines().is_empty());
}
