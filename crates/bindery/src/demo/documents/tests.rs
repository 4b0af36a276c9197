use std::collections::{HashMap, HashSet};

use super::*;

#[test]
fn the_same_number_gives_the_same_documents() {
    let print = |documents: Documents| -> Vec<String> {
        let line = |document: Document| {
            let versions: Vec<String> = document
                .versions
                .iter()
                .map(|version| {
                    format!(
                        "{} {} {} {}",
                        version.label,
                        version.file,
                        version.created,
                        version.metadata.to_json()
                    )
                })
                .collect();
            format!(
                "{} {} {} {}",
                document.binder,
                document.path,
                document.name,
                versions.join(" | ")
            )
        };
        documents.map(line).collect()
    };
    let first = print(Documents::new(300));
    assert_eq!(first, print(Documents::new(300)));
    insta::assert_snapshot!(first[..12].join("\n"));
}

#[test]
fn names_differ_within_their_folder_and_times_rise() {
    let mut names = HashSet::new();
    let mut last = Timestamp(0);
    let mut binders = [0; BINDERS.len()];
    for document in Documents::new(60_000) {
        let name = (document.binder, document.path.clone(), document.name.identity());
        assert!(names.insert(name), "{} comes twice", document.name);
        for version in &document.versions {
            assert!(version.created > last);
            last = version.created;
        }
        binders[document.binder] += 1;
    }
    assert_eq!(binders[0], 7929);
}

#[test]
fn every_document_has_a_folder_and_the_pool_stays_small() {
    let (_, folders) = super::super::structure::plan();
    let mut documents = Documents::new(20_000);
    for document in documents.by_ref() {
        assert!(
            folders.contains_key(&(document.binder, document.path.clone())),
            "{}",
            document.path
        );
    }
    assert!(documents.pool.is_full());
    assert_eq!(documents.pool.sheets.len(), 306);
}

#[test]
fn no_two_files_of_the_pool_are_equal() {
    let mut documents = Documents::new(600);
    documents.by_ref().for_each(drop);
    let mut seen = HashMap::new();
    for (place, sheet) in documents.pool.sheets.iter().enumerate() {
        if let Some(earlier) = seen.insert(sheet.render(), place) {
            panic!("files {earlier} and {place} are equal");
        }
    }
}
