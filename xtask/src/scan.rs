//! Rust source as tokens and comments: as much of the language as the tidy checks ask about.
//!
//! A text search would find `todo!` in a string and miss where a function ends. A real parser
//! would be a large dependency for a tool that every commit waits for. This scanner knows
//! strings, raw strings, character literals, lifetimes and nested comments, and nothing else.

pub(crate) mod items;

/// One source file taken apart.
#[derive(Debug, Default)]
pub(crate) struct Source {
    pub(crate) tokens: Vec<Token>,
    pub(crate) comments: Vec<Comment>,
}

/// Takes `text` apart. Text that is not Rust gives some tokens, never an error: the compiler is
/// the one that refuses.
pub(crate) fn scan(text: &str) -> Source {
    let mut scanner = Scanner {
        chars: text.chars().collect(),
        at: 0,
        line: 1,
        source: Source::default(),
    };
    while scanner.step() {}
    scanner.source
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// The identifier, the punctuation mark, or what stands between the quotes (escapes as
    /// written). Empty for character literals.
    pub(crate) text: String,
    /// Line of the first character, from 1.
    pub(crate) line: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Identifier, keyword or number.
    Word,
    /// One punctuation character.
    Mark,
    /// String literal of any sort.
    Text,
    /// Character or byte literal.
    Char,
    /// Lifetime or loop label.
    Lifetime,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Comment {
    /// The comment with its opening mark.
    pub(crate) text: String,
    /// Line of the first character, from 1.
    pub(crate) line: usize,
}

impl Token {
    pub(crate) fn is_word(&self, text: &str) -> bool {
        self.kind == Kind::Word && self.text == text
    }

    pub(crate) fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark && self.text.starts_with(mark)
    }
}

impl Source {
    /// The token at `index`, or `None` past the end.
    pub(crate) fn token(&self, index: usize) -> Option<&Token> {
        self.tokens.get(index)
    }

    /// Whether the tokens from `index` on spell `pattern`, blank-separated: `# [ allow (`.
    pub(crate) fn spells(&self, index: usize, pattern: &str) -> bool {
        pattern.split(' ').enumerate().all(|(step, wanted)| {
            self.token(index + step).is_some_and(|token| {
                matches!(token.kind, Kind::Word | Kind::Mark) && token.text == wanted
            })
        })
    }

    /// Index of the bracket that closes the one at `open`, or the last token when none does.
    pub(crate) fn closing(&self, open: usize) -> usize {
        let mut depth = 0_usize;
        for (index, token) in self.tokens.iter().enumerate().skip(open) {
            if token.kind != Kind::Mark {
                continue;
            }
            match token.text.as_str() {
                "{" | "(" | "[" => depth += 1,
                "}" | ")" | "]" => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return index;
                    }
                }
                _ => {}
            }
        }
        self.tokens.len().saturating_sub(1)
    }

    /// Line ranges (first, last) of the inline modules under `#[cfg(test)]`.
    pub(crate) fn test_lines(&self) -> Vec<(usize, usize)> {
        let mut ranges = Vec::new();
        for index in 0..self.tokens.len() {
            if !self.spells(index, "# [ cfg ( test ) ] mod") {
                continue;
            }
            let open = index + 9;
            if !self.token(open).is_some_and(|token| token.is_mark('{')) {
                continue;
            }
            let close = self.closing(open);
            if let (Some(first), Some(last)) = (self.token(index), self.token(close)) {
                ranges.push((first.line, last.line));
            }
        }
        ranges
    }
}

struct Scanner {
    chars: Vec<char>,
    at: usize,
    line: usize,
    source: Source,
}

impl Scanner {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.peek(0)?;
        self.at += 1;
        if next == '\n' {
            self.line += 1;
        }
        Some(next)
    }

    fn push(&mut self, kind: Kind, text: String, line: usize) {
        self.source.tokens.push(Token { kind, text, line });
    }

    /// Reads one token, comment or blank. False at the end.
    fn step(&mut self) -> bool {
        let Some(next) = self.peek(0) else {
            return false;
        };
        match next {
            '/' if self.peek(1) == Some('/') => self.line_comment(),
            '/' if self.peek(1) == Some('*') => self.block_comment(),
            '"' => self.text(),
            '\'' => self.quote(),
            _ if is_word(next) => self.word(),
            _ if next.is_whitespace() => {
                self.bump();
            }
            _ => {
                let line = self.line;
                self.bump();
                self.push(Kind::Mark, next.to_string(), line);
            }
        }
        true
    }

    fn line_comment(&mut self) {
        let line = self.line;
        let mut text = String::new();
        while let Some(next) = self.peek(0).filter(|next| *next != '\n') {
            text.push(next);
            self.bump();
        }
        self.source.comments.push(Comment { text, line });
    }

    fn block_comment(&mut self) {
        let line = self.line;
        let mut text = String::new();
        let mut depth = 0_usize;
        while let Some(next) = self.bump() {
            text.push(next);
            match (next, self.peek(0)) {
                ('/', Some('*')) => depth += 1,
                ('*', Some('/')) => depth = depth.saturating_sub(1),
                _ => continue,
            }
            text.extend(self.bump());
            if depth == 0 {
                break;
            }
        }
        self.source.comments.push(Comment { text, line });
    }

    /// A string with escapes; the scanner stands on the opening quote.
    fn text(&mut self) {
        let line = self.line;
        let mut text = String::new();
        self.bump();
        while let Some(next) = self.bump() {
            match next {
                '"' => break,
                '\\' => {
                    text.push(next);
                    text.extend(self.bump());
                }
                _ => text.push(next),
            }
        }
        self.push(Kind::Text, text, line);
    }

    /// A raw string; the scanner stands on the first `#` or on the quote.
    fn raw_text(&mut self) {
        let line = self.line;
        let mut hashes = 0;
        while self.peek(0) == Some('#') {
            hashes += 1;
            self.bump();
        }
        self.bump();
        let mut text = String::new();
        while let Some(next) = self.bump() {
            if next == '"' && (0..hashes).all(|ahead| self.peek(ahead) == Some('#')) {
                self.at += hashes;
                break;
            }
            text.push(next);
        }
        self.push(Kind::Text, text, line);
    }

    /// A lifetime or a character literal.
    fn quote(&mut self) {
        let line = self.line;
        self.bump();
        if self.peek(0) != Some('\\') && self.peek(1) != Some('\'') {
            let mut name = String::new();
            while let Some(next) = self.peek(0).filter(|next| is_word(*next)) {
                name.push(next);
                self.bump();
            }
            self.push(Kind::Lifetime, name, line);
            return;
        }
        while let Some(next) = self.bump() {
            match next {
                '\\' => {
                    self.bump();
                }
                '\'' => break,
                _ => {}
            }
            if self.peek(0) == Some('\'') {
                self.bump();
                break;
            }
        }
        self.push(Kind::Char, String::new(), line);
    }

    fn word(&mut self) {
        let line = self.line;
        let mut word = String::new();
        while let Some(next) = self.peek(0).filter(|next| is_word(*next)) {
            word.push(next);
            self.bump();
        }
        let raw_follows = match self.peek(0) {
            Some('"') => true,
            Some('#') => matches!(self.peek(1), Some('"' | '#')),
            _ => false,
        };
        match (word.as_str(), self.peek(0)) {
            ("r" | "br" | "cr", _) if raw_follows => self.raw_text(),
            ("b" | "c", Some('"')) => self.text(),
            ("b", Some('\'')) => self.quote(),
            _ => self.push(Kind::Word, word, line),
        }
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests;
