//! `POST /api/documents`

use axum::extract::State;
use axum::response::Response;
use bindery_domain::{FieldErrors, Filter, SearchRequest, SortKey};
use bindery_store::search::{self, SearchError};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::body::{DocumentBody, write_document};
use crate::access::Reader;
use crate::api::json::JsonText;
use crate::api::openapi::Problems;
use crate::api::parameters::TenantParameter;
use crate::api::query::QueryParameters;
use crate::api::{ApiError, Body};
use crate::app::App;

/// What to search for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = SearchRequest)]
pub(crate) struct SearchBody {
    /// All must hold; at most 100.
    #[serde(rename = "MetadataFilters")]
    #[schema(nullable = false)]
    metadata_filters: Option<Vec<FilterBody>>,
    /// The primary key first; at most 10. None: the most recently created first.
    #[serde(rename = "SortBy")]
    #[schema(nullable = false)]
    sort_by: Option<Vec<SortKeyBody>>,
}

/// One filter: the element must have this value.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = MetadataFilter)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FilterBody {
    /// The element.
    #[schema(required, nullable = false, example = "GLOBAL_Status")]
    metadata_element_id: Option<String>,
    /// The allowed value's id, or the value of a free-form element.
    #[schema(nullable = false, example = "active")]
    value_id: Option<String>,
    /// Accepted in place of `valueId` for free-form elements.
    #[schema(nullable = false)]
    value: Option<String>,
}

/// One sort key.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SortKey)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SortKeyBody {
    /// The element; any but those of type `text`.
    #[schema(required, nullable = false, example = "GLOBAL_FileName")]
    metadata_element_id: Option<String>,
    /// `asc` or `desc`, in any case; `asc` when absent.
    #[schema(nullable = false, example = "asc")]
    direction: Option<String>,
}

/// One page of what was found.
#[derive(ToSchema)]
#[schema(as = DocumentPage)]
#[expect(dead_code, reason = "describes what the handler writes")]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageBody {
    /// The documents of the page.
    items: Vec<DocumentBody>,
    /// How many documents match in all; exact.
    #[schema(example = 1)]
    total_count: i64,
    /// The page, from 1.
    #[schema(example = 1)]
    page_number: i64,
    /// How many documents a page holds at most.
    #[schema(example = 50)]
    page_size: i64,
}

/// Which page, and the text to look for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes what is read from the query")]
pub(crate) struct PageParameters {
    /// Documents on a page.
    #[param(minimum = 1, maximum = 1000, default = 50, nullable = false)]
    page_size: Option<i32>,
    /// 1-based.
    #[param(minimum = 1, maximum = 2_147_483_647, default = 1, nullable = false)]
    page_number: Option<i32>,
    /// Free text on document names; at most 200 characters, and all words must occur.
    #[param(max_length = 200, nullable = false, example = "plan 1")]
    search_term: Option<String>,
}

/// Search/filter documents
///
/// Documents of the organization by filters on metadata and free text on names, in any order, page by page. Any role.
#[utoipa::path(post, path = "/documents", operation_id = "Documents_searchDocuments", tag = "Documents",
    params(TenantParameter, PageParameters), request_body = Option<SearchBody>,
    responses((status = 200, description = "One page of matching documents and the total count.", body = PageBody), Problems))]
pub(crate) async fn search_documents(
    State(app): State<App>,
    reader: Reader,
    query: QueryParameters,
    body: Body<SearchBody>,
) -> Result<Response, ApiError> {
    let request = body.optional()?.unwrap_or_default().into_request(&query)?;
    let (number, size) = (request.page_number, request.page_size);
    let page = search::run(&app.store, reader.scope(), &reader.visible(), &request).await?;
    let mut text = JsonText::with_capacity(page.rows.len() * 1024 + 128);
    text.raw("{\"items\":[").items(&page.rows, write_document);
    text.raw("],\"totalCount\":").number(page.total);
    text.raw(",\"pageNumber\":").number(number).raw(",\"pageSize\":").number(size).raw("}");
    Ok(text.into_answer())
}

impl SearchBody {
    /// Brings body and query together and checks both, naming all that is wrong at once.
    pub(crate) fn into_request(
        self,
        query: &QueryParameters,
    ) -> Result<bindery_domain::CheckedSearch, ApiError> {
        let mut errors = FieldErrors::default();
        let page_size = query.number("pageSize", 1..=1000, &mut errors);
        let page_number = query.number("pageNumber", 1..=2_147_483_647, &mut errors);
        let term = query.text("searchTerm", &mut errors).map(str::to_owned);
        let (filters, sort) =
            (self.metadata_filters.unwrap_or_default(), self.sort_by.unwrap_or_default());
        for (n, _) in
            filters.iter().enumerate().filter(|(_, filter)| filter.metadata_element_id.is_none())
        {
            errors.add(
                format!("MetadataFilters[{n}].metadataElementId"),
                "the id of an element is needed",
            );
        }
        for (n, _) in sort.iter().enumerate().filter(|(_, key)| key.metadata_element_id.is_none()) {
            errors.add(format!("SortBy[{n}].metadataElementId"), "the id of an element is needed");
        }
        errors.into_result()?;
        let request = SearchRequest {
            filters: filters.into_iter().map(Filter::from).collect(),
            sort: sort.into_iter().map(SortKey::from).collect(),
            term,
            page_number: page_number.map(i64::from),
            page_size: page_size.map(i64::from),
        };
        Ok(request.check()?)
    }
}

impl From<FilterBody> for Filter {
    fn from(body: FilterBody) -> Self {
        let element = body.metadata_element_id.unwrap_or_default();
        Self { element, value_id: body.value_id, value: body.value }
    }
}

impl From<SortKeyBody> for SortKey {
    fn from(body: SortKeyBody) -> Self {
        Self { element: body.metadata_element_id.unwrap_or_default(), direction: body.direction }
    }
}

impl From<SearchError> for ApiError {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Refused(refusal) => refusal.into(),
            SearchError::Store(error) => error.into(),
        }
    }
}
