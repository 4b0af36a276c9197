//! The XML list that puts the blocks of an upload together, as Azure's clients send it.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bindery_blobs::{BlockId, MAX_BLOCKS};
use quick_xml::Reader;
use quick_xml::events::Event;

/// The most bytes of a list: room for as many blocks as an upload may have, with the longest ids.
pub const MAX_LIST_BYTES: usize = 8 * 1024 * 1024;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a list is refused; says what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidBlockList(pub &'static str);

/// Reads the id of a block: base64 of 1 to 64 bytes. Ids are the same when these bytes are.
#[must_use]
pub fn parse_block_id(text: &str) -> Option<BlockId> {
    BlockId::new(&BASE64.decode(text.trim()).ok()?)
}

/// Reads a block list, in its order. Whether an id stands under `Latest`, `Uncommitted` or `Committed` is all one:
/// an upload is committed as a whole, once.
///
/// # Errors
/// When it is no such list.
pub fn parse_block_list(xml: &[u8]) -> Result<Vec<BlockId>, InvalidBlockList> {
    let xml = std::str::from_utf8(xml).map_err(|_| InvalidBlockList("it is not UTF-8"))?;
    let mut reader = Reader::from_str(xml.strip_prefix('\u{feff}').unwrap_or(xml));
    let mut place = Place::Before;
    let mut id = String::new();
    let mut list = Vec::new();
    loop {
        let event =
            reader.read_event().map_err(|_| InvalidBlockList("it is not well-formed XML"))?;
        place = match (place, event) {
            (Place::Before, Event::Start(tag)) if tag.local_name().as_ref() == "BlockList" => {
                Place::List
            }
            (Place::Before, Event::Empty(tag)) if tag.local_name().as_ref() == "BlockList" => {
                Place::After
            }
            (Place::List, Event::Start(tag)) if is_entry(tag.local_name().as_ref()) => {
                id.clear();
                Place::Entry
            }
            (Place::Entry, Event::Text(text)) => {
                id.push_str(text.as_ref());
                Place::Entry
            }
            (Place::Entry, Event::End(_)) => {
                list.push(
                    parse_block_id(&id)
                        .ok_or(InvalidBlockList("a block id is not base64 of 1 to 64 bytes"))?,
                );
                if list.len() > MAX_BLOCKS {
                    return Err(InvalidBlockList("it names more than 50000 blocks"));
                }
                Place::List
            }
            (Place::List, Event::End(_)) => Place::After,
            (Place::After, Event::Eof) => return Ok(list),
            (place, Event::Comment(_)) => place,
            (Place::Before, Event::Decl(_)) => Place::Before,
            (place @ (Place::Before | Place::List | Place::After), Event::Text(text))
                if is_space(text.as_ref()) =>
            {
                place
            }
            // Everything else, documents that declare types or entities first of all.
            _ => return Err(InvalidBlockList("it is not a block list")),
        };
    }
}

/// Where in the document the reader is.
enum Place {
    Before,
    List,
    Entry,
    After,
}

fn is_entry(name: &str) -> bool {
    matches!(name, "Latest" | "Uncommitted" | "Committed")
}

fn is_space(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use base64::prelude::BASE64_STANDARD;
    use proptest::prelude::*;

    use super::*;

    fn id(bytes: &[u8]) -> BlockId {
        BlockId::new(bytes).unwrap()
    }

    #[test]
    fn a_list_is_read_in_its_order_whatever_the_tags() {
        let xml = b"\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<BlockList>\n <Latest>Yg==</Latest>\n\
            <Committed>\n  YQ==\n</Committed><!-- again --><Uncommitted>Yg</Uncommitted></BlockList>\n";
        assert_eq!(parse_block_list(xml), Ok(vec![id(b"b"), id(b"a"), id(b"b")]));
    }

    #[test]
    fn an_empty_list_is_an_empty_file() {
        for xml in ["<BlockList/>", "<BlockList></BlockList>", "<?xml version='1.0'?><BlockList />"]
        {
            assert_eq!(parse_block_list(xml.as_bytes()), Ok(vec![]));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let long =
            format!("<BlockList><Latest>{}</Latest></BlockList>", BASE64_STANDARD.encode([0; 65]));
        for xml in [
            "",
            "not xml",
            "<BlockList>",
            "<BlockList><Latest>YQ==</BlockList></Latest>",
            "<BlockList><Latest></Latest></BlockList>",
            "<BlockList><Latest>Y Q</Latest></BlockList>",
            "<BlockList><Other>YQ==</Other></BlockList>",
            "<BlockList>text</BlockList>",
            "<BlockList><Latest><b>YQ==</b></Latest></BlockList>",
            "<BlockList/><BlockList/>",
            "<Blocks><Latest>YQ==</Latest></Blocks>",
            "<!DOCTYPE a [<!ENTITY e 'YQ=='>]><BlockList><Latest>&e;</Latest></BlockList>",
            &long,
        ] {
            assert!(parse_block_list(xml.as_bytes()).is_err(), "{xml}");
        }
    }

    #[test]
    fn a_list_of_more_blocks_than_allowed_is_refused() {
        let list =
            |n: usize| format!("<BlockList>{}</BlockList>", "<Latest>YQ==</Latest>".repeat(n));
        assert_eq!(
            parse_block_list(list(MAX_BLOCKS).as_bytes()).map(|list| list.len()),
            Ok(MAX_BLOCKS)
        );
        assert!(parse_block_list(list(MAX_BLOCKS + 1).as_bytes()).is_err());
        let longest = format!("<Uncommitted>{}</Uncommitted>\n", BASE64_STANDARD.encode([0; 64]));
        assert!(longest.len() * MAX_BLOCKS < MAX_LIST_BYTES);
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(ids in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..=64), 0..20)) {
            let entries: String = ids.iter().map(|id| format!("<Latest>{}</Latest>", BASE64_STANDARD.encode(id))).collect();
            let list = parse_block_list(format!("<BlockList>{entries}</BlockList>").as_bytes()).unwrap();
            prop_assert_eq!(list, ids.iter().map(|bytes| id(bytes)).collect::<Vec<_>>());
        }

        #[test]
        fn no_bytes_make_the_parser_panic(xml in prop::collection::vec(any::<u8>(), 0..200), text in "<?[BlockList/>a-z&;! ]{0,80}") {
            _ = parse_block_list(&xml);
            _ = parse_block_list(text.as_bytes());
        }
    }
}
