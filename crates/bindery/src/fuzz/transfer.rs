//! What comes with transfers: ranges, conditions, block lists, names for headers.

use bindery_domain::{FileName, Timestamp};
use bindery_testkit::fuzz;
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;

use crate::transfer::block_list::parse_block_list;
use crate::transfer::conditional::Validators;
use crate::transfer::disposition::content_disposition;
use crate::transfer::range::{Selection, select};

#[test]
fn any_range_selects_bytes_that_the_file_has() {
    fuzz::run("range", |input| {
        let text = String::from_utf8_lossy(input);
        let mut outcome = String::new();
        for size in [0, 1, 1000, 1 << 40, u64::MAX] {
            outcome += match select(&text, size) {
                Selection::Whole => "whole ",
                Selection::Beyond => "beyond ",
                Selection::Part(part) => {
                    assert!(part.start < part.end && part.end <= size, "{part:?} of {size}");
                    "part "
                }
            };
        }
        outcome
    });
}

#[test]
fn any_conditions_come_to_an_outcome() {
    let file = Validators::new(&[0xAB; 32], Timestamp(1_700_000_000_000_000));
    fuzz::run("conditions", |input| {
        let mut headers = HeaderMap::new();
        for line in input.split(|byte| *byte == b'\n') {
            let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
            let name = HeaderName::from_bytes(&line[..colon]);
            let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii());
            if let (Ok(name), Ok(value)) = (name, value) {
                headers.append(name, value);
            }
        }
        format!("{:?}", file.evaluate(&headers))
    });
}

#[test]
fn any_block_list_is_refused_or_has_an_entry_for_each_block() {
    fuzz::run("block-list", |input| match parse_block_list(input) {
        Ok(list) => {
            let ends = input.windows(2).filter(|pair| pair == b"</").count();
            assert!(list.len() <= ends.saturating_sub(1), "{} blocks of {ends} tags", list.len());
            format!("{} blocks", if list.is_empty() { "no" } else { "some" })
        }
        Err(refused) => refused.to_string(),
    });
}

#[test]
fn any_file_name_reads_the_same_from_its_header() {
    fuzz::run("file-name", |input| {
        let Ok(name) = FileName::parse(&String::from_utf8_lossy(input)) else {
            return "no name".to_owned();
        };
        let header = content_disposition(name.as_str());
        let text = header.to_str().unwrap();
        let (kind, rest) = text.split_once("; filename=\"").unwrap();
        let (plain, exact) = rest.split_once('"').unwrap();
        let read = exact
            .strip_prefix("; filename*=UTF-8''")
            .map_or(plain.into(), |exact| percent_decode_str(exact).decode_utf8().unwrap());
        assert_eq!(read, name.as_str());
        format!("{kind} {}", exact.is_empty())
    });
}
