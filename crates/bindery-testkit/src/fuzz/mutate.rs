//! How an input becomes another one.

/// Texts that parsers stumble over.
const NASTY: &[&str] = &[
    "",
    "\0",
    "%00",
    "%",
    "%%",
    "_",
    "*",
    "'",
    "\"",
    "\\",
    "/",
    "../",
    ";",
    ",",
    "=",
    "&",
    "#",
    ":",
    "-",
    "--",
    "\r\n",
    "\n",
    "\t",
    " ",
    "\u{a0}",
    "\u{feff}",
    "\u{202e}",
    "\u{2066}",
    "\u{fffd}",
    "\u{10ffff}",
    "\u{301}",
    "e\u{301}",
    "å",
    "ä",
    "ö",
    "Å",
    "ẞ",
    "İ",
    "ﬁ",
    "\u{1d160}",
    "\u{0344}",
    "日本",
    "👨\u{200d}👩\u{200d}👧",
    "null",
    "true",
    "false",
    "{}",
    "[]",
    "{",
    "}",
    "[",
    "]",
    "[[[[[[[[",
    "{\"a\":",
    "<",
    ">",
    "<!--",
    "]]>",
    "<![CDATA[",
    "&amp;",
    "&#0;",
    "&lol;",
    "<!DOCTYPE a [<!ENTITY lol \"lol\">]>",
    "\\u0000",
    "\\ud800",
    "bytes=",
    "0-0",
    "*1",
    "&a",
    "*a",
    "<<:",
    "!!",
    "---",
    "...",
    "~",
];

/// Numbers at the edges of the types that hold them.
const EDGES: &[&str] = &[
    "0",
    "-0",
    "1",
    "-1",
    "00",
    "127",
    "128",
    "255",
    "256",
    "32767",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
    "1e309",
    "1e-400",
    "0.1",
    ".5",
    "5.",
    "+5",
    "0x10",
    "NaN",
    "inf",
];

/// Makes inputs of inputs; the same seed always makes the same.
pub(crate) struct Mutator {
    state: u64,
}

impl Mutator {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// One of the corpus.
    pub(crate) fn pick<'a>(&mut self, corpus: &'a [Vec<u8>]) -> &'a [u8] {
        &corpus[self.below(corpus.len())]
    }

    /// Changes an input in one to eight places.
    pub(crate) fn mutate(&mut self, input: &mut Vec<u8>, corpus: &[Vec<u8>]) {
        for _ in 0..=self.below(8).min(self.below(8)) {
            self.step(input, corpus);
        }
    }

    fn step(&mut self, input: &mut Vec<u8>, corpus: &[Vec<u8>]) {
        match self.below(11) {
            0 => self.flip_bit(input),
            1 => {
                let (start, end) = self.span(input);
                input.drain(start..end);
            }
            2 => {
                let (start, end) = self.span(input);
                let part = input[start..end].to_vec();
                self.insert(input, &part);
            }
            3 => {
                let (start, end) = self.span(input);
                let times = 2 << self.below(10);
                let part = input[start..end.min(start + 32)].repeat(times);
                input.splice(start..start, part);
            }
            4 => {
                let other = self.pick(corpus).to_vec();
                let (start, end) = self.span(&other);
                self.insert(input, &other[start..end]);
            }
            5 => {
                let other = self.pick(corpus).to_vec();
                let (from, here) = (self.below(other.len() + 1), self.below(input.len() + 1));
                input.truncate(here);
                input.extend_from_slice(&other[from..]);
            }
            6 | 7 => {
                let text = NASTY[self.below(NASTY.len())];
                self.insert(input, text.as_bytes());
            }
            8 => self.replace_number(input),
            9 => {
                let byte = u8::try_from(self.below(256)).unwrap();
                self.insert(input, &[byte]);
            }
            _ => {
                let here = self.below(input.len() + 1);
                input.truncate(here);
            }
        }
    }

    fn flip_bit(&mut self, input: &mut [u8]) {
        if !input.is_empty() {
            let here = self.below(input.len());
            input[here] ^= 1 << self.below(8);
        }
    }

    fn insert(&mut self, input: &mut Vec<u8>, part: &[u8]) {
        let here = self.below(input.len() + 1);
        input.splice(here..here, part.iter().copied());
    }

    /// Puts an edge in the place of a run of digits.
    fn replace_number(&mut self, input: &mut Vec<u8>) {
        let digits: Vec<usize> = (0..input.len()).filter(|i| input[*i].is_ascii_digit()).collect();
        if digits.is_empty() {
            return;
        }
        let mut start = digits[self.below(digits.len())];
        while start > 0 && input[start - 1].is_ascii_digit() {
            start -= 1;
        }
        let end = (start..input.len()).find(|i| !input[*i].is_ascii_digit()).unwrap_or(input.len());
        let edge = EDGES[self.below(EDGES.len())];
        input.splice(start..end, edge.bytes());
    }

    /// A part of the input, mostly a short one.
    fn span(&mut self, input: &[u8]) -> (usize, usize) {
        let start = self.below(input.len() + 1);
        let longest = input.len() - start;
        let length = if self.below(4) == 0 { longest } else { longest.min(16) };
        (start, start + self.below(length + 1))
    }

    fn below(&mut self, bound: usize) -> usize {
        // SplitMix64: each state gives one well-mixed number, and any seed will do.
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let bound = u64::try_from(bound).unwrap();
        usize::try_from((mixed ^ (mixed >> 31)) % bound).unwrap()
    }
}
