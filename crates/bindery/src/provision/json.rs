//! JSON with line numbers. Anything that is not strictly JSON is an error without a message: the caller then
//! tries YAML, which has its own.

use super::node::{Content, Entry, MAX_DEPTH, MAX_NODES, Node};

/// The text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotJson;

/// Reads one JSON value.
pub(crate) fn read(text: &str) -> Result<Node, NotJson> {
    let mut reader = Reader { rest: text, line: 1, nodes: 0 };
    let node = reader.value(0)?;
    reader.space();
    if reader.rest.is_empty() { Ok(node) } else { Err(NotJson) }
}

struct Reader<'t> {
    rest: &'t str,
    line: usize,
    nodes: usize,
}

impl<'t> Reader<'t> {
    fn value(&mut self, depth: usize) -> Result<Node, NotJson> {
        self.nodes += 1;
        if depth > MAX_DEPTH || self.nodes > MAX_NODES {
            return Err(NotJson);
        }
        self.space();
        let line = self.line;
        let content = match self.rest.as_bytes().first() {
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Content::Text(self.text()?),
            Some(_) => self.word()?,
            None => return Err(NotJson),
        };
        Ok(Node { line, content })
    }

    fn map(&mut self, depth: usize) -> Result<Content, NotJson> {
        let mut entries = Vec::new();
        self.expect('{')?;
        if self.eat('}') {
            return Ok(Content::Map(entries));
        }
        loop {
            self.space();
            let line = self.line;
            let key = self.text()?;
            self.expect(':')?;
            entries.push(Entry { key, line, value: self.value(depth + 1)? });
            if self.eat('}') {
                return Ok(Content::Map(entries));
            }
            self.expect(',')?;
        }
    }

    fn list(&mut self, depth: usize) -> Result<Content, NotJson> {
        let mut items = Vec::new();
        self.expect('[')?;
        if self.eat(']') {
            return Ok(Content::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.eat(']') {
                return Ok(Content::List(items));
            }
            self.expect(',')?;
        }
    }

    /// A string; its escapes are serde's business.
    fn text(&mut self) -> Result<String, NotJson> {
        let bytes = self.rest.as_bytes();
        if bytes.first() != Some(&b'"') {
            return Err(NotJson);
        }
        let mut end = 1;
        while let Some(&byte) = bytes.get(end) {
            match byte {
                b'"' => {
                    let text = serde_json::from_str(self.take(end + 1)).map_err(|_| NotJson)?;
                    return Ok(text);
                }
                b'\\' => end += 2,
                _ => end += 1,
            }
        }
        Err(NotJson)
    }

    fn word(&mut self) -> Result<Content, NotJson> {
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c));
        let word = self.take(end.unwrap_or(self.rest.len()));
        match serde_json::from_str(word).map_err(|_| NotJson)? {
            serde_json::Value::Null => Ok(Content::Null),
            _ => Ok(Content::Text(word.to_owned())),
        }
    }

    fn space(&mut self) {
        let end = self.rest.find(|c: char| !matches!(c, ' ' | '\t' | '\r' | '\n'));
        let space = self.take(end.unwrap_or(self.rest.len()));
        self.line += space.matches('\n').count();
    }

    fn eat(&mut self, sign: char) -> bool {
        self.space();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, sign: char) -> Result<(), NotJson> {
        if self.eat(sign) { Ok(()) } else { Err(NotJson) }
    }

    fn take(&mut self, end: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }
}
