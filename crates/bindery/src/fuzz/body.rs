//! The JSON bodies of the calls, and the query that goes with one.

use bindery_domain::Refusal;
use bindery_testkit::fuzz;

use crate::api::ApiError;
use crate::api::body::read;
use crate::api::documents::commit_upload::CommitUploadBody;
use crate::api::documents::search_documents::SearchBody;
use crate::api::query::QueryParameters;

/// The first line is a query, the rest a body.
#[test]
fn any_search_is_refused_with_its_fields_or_keeps_its_limits() {
    const FIELDS: &[&str] =
        &["$", "MetadataFilters", "SortBy", "pageSize", "pageNumber", "searchTerm"];
    fuzz::run("search", |input| {
        let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
        let query = QueryParameters::parse(&String::from_utf8_lossy(&input[..end]));
        let search = read::<SearchBody>(&input[end..])
            .map_err(ApiError::from)
            .and_then(|body| body.unwrap_or_default().into_request(&query));
        match search {
            Ok(checked) => {
                assert!(checked.filters.len() <= 100 && checked.sort.len() <= 10);
                assert!((1..=1000).contains(&checked.page_size));
                assert!(checked.offset() >= 0);
                assert!(checked.words.iter().all(|word| !word.is_empty()), "{:?}", checked.words);
                format!("{} words", if checked.words.is_empty() { "no" } else { "some" })
            }
            Err(error) => refused(error, FIELDS),
        }
    });
}

#[test]
fn any_commit_is_refused_with_its_fields_or_read() {
    const FIELDS: &[&str] = &["$", "fileName", "version", "uploadId", "additionalMetadata"];
    fuzz::run("commit", |input| {
        let commit = read::<CommitUploadBody>(input)
            .map_err(ApiError::from)
            .and_then(|body| body.map(CommitUploadBody::check).transpose());
        match commit {
            Ok(commit) => format!("{:?}", commit.map(|_| "a commit")),
            Err(error) => refused(error, FIELDS),
        }
    });
}

/// What a refusal says; every message belongs to a field that the call has.
fn refused(error: ApiError, fields: &[&str]) -> String {
    let errors = match error {
        ApiError::Refused(Refusal::Invalid(errors)) => errors,
        // An upload's id that cannot exist is as one that does not.
        ApiError::Refused(Refusal::NotFound(kind)) => return format!("{kind:?}"),
        other => panic!("{other:?}"),
    };
    assert!(!errors.0.is_empty(), "refused without a word");
    for field in errors.0.keys() {
        let known = field.split(['[', '.']).next().unwrap();
        assert!(fields.contains(&known), "{field}");
    }
    let mut kinds: Vec<String> = errors
        .0
        .into_values()
        .flatten()
        .map(|message| message.chars().take(24).collect())
        .collect();
    kinds.sort();
    kinds.dedup();
    kinds.join(" ")
}
