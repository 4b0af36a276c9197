//! YAML, from the parser's events: so that anchors and aliases unfold under a limit.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::Mistake;
use super::node::{Content, Entry, MAX_DEPTH, MAX_NODES, Node};

/// Reads one YAML document.
pub(crate) fn read(text: &str) -> Result<Node, Mistake> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            Mistake::new(error.marker().line(), format!("this is no YAML: {}", error.info()))
        })?;
        builder.take(event, span)?;
    }
    builder.root.ok_or_else(|| Mistake::new(1, "the file is empty: it needs the key organizations"))
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: HashMap<usize, Anchor>,
    nodes: usize,
    documents: usize,
    root: Option<Node>,
}

/// A list or map whose end has not come yet.
struct Open {
    node: Node,
    anchor: usize,
    nodes_before: usize,
    key: Option<(String, usize)>,
}

/// A finished node that aliases may repeat, and how many nodes it unfolds to.
struct Anchor {
    node: Node,
    nodes: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Mistake> {
        let line = span.start.line();
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(Mistake::new(line, "a second YAML document: one file holds one"));
                }
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                let is_null = style == ScalarStyle::Plain
                    && tag.is_none()
                    && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let content =
                    if is_null { Content::Null } else { Content::Text(text.into_owned()) };
                let before = self.nodes;
                self.count(line, weight(&content))?;
                self.finish(Node { line, content }, anchor, before)
            }
            Event::SequenceStart(anchor, _) => self.open(line, Content::List(Vec::new()), anchor),
            Event::MappingStart(anchor, _) => self.open(line, Content::Map(Vec::new()), anchor),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => self.finish(open.node, open.anchor, open.nodes_before),
                None => Ok(()),
            },
            Event::Alias(anchor) => {
                let Some((nodes, copy)) = self.anchors.get(&anchor).map(|a| (a.nodes, &a.node))
                else {
                    return Err(Mistake::new(line, "an alias within its own anchor"));
                };
                if self.nodes + nodes > MAX_NODES {
                    return Err(too_many(line));
                }
                self.nodes += nodes;
                // Mistakes beneath an alias keep the lines of the anchor, where they are corrected.
                let copy = Node { line, content: copy.content.clone() };
                self.finish(copy, 0, self.nodes)
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        }
    }

    fn count(&mut self, line: usize, nodes: usize) -> Result<(), Mistake> {
        self.nodes += nodes;
        if self.nodes > MAX_NODES { Err(too_many(line)) } else { Ok(()) }
    }

    fn open(&mut self, line: usize, content: Content, anchor: usize) -> Result<(), Mistake> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Mistake::new(line, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        let nodes_before = self.nodes;
        self.count(line, 1)?;
        self.open.push(Open { node: Node { line, content }, anchor, nodes_before, key: None });
        Ok(())
    }

    /// Puts a finished node where it belongs: into the list or map around it, or at the root.
    fn finish(&mut self, node: Node, anchor: usize, before: usize) -> Result<(), Mistake> {
        if anchor != 0 {
            // What is kept for aliases counts too: anchors within anchors would multiply the file.
            let nodes = self.nodes - before;
            self.count(node.line, nodes)?;
            self.anchors.insert(anchor, Anchor { node: node.clone(), nodes });
        }
        let Some(around) = self.open.last_mut() else {
            self.root.get_or_insert(node);
            return Ok(());
        };
        match (&mut around.node.content, around.key.take()) {
            (Content::List(items), _) => items.push(node),
            (Content::Map(entries), Some((key, line))) => {
                entries.push(Entry { key, line, value: node });
            }
            (_, _) => match node.content {
                Content::Text(key) => around.key = Some((key, node.line)),
                Content::Null => around.key = Some(("null".to_owned(), node.line)),
                Content::List(_) | Content::Map(_) => {
                    return Err(Mistake::new(
                        node.line,
                        "a key must be a word, not a list or a map",
                    ));
                }
            },
        }
        Ok(())
    }
}

/// Long texts weigh more, so that repeating one is bounded in bytes as well.
fn weight(content: &Content) -> usize {
    match content {
        Content::Text(text) => 1 + text.len() / 32,
        _ => 1,
    }
}

fn too_many(line: usize) -> Mistake {
    Mistake::new(line, format!("the file unfolds to more than {MAX_NODES} values"))
}
