//! The document that describes the API.

mod examples;

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::security::{
    ClientCredentials, Flow, OAuth2, Scopes, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Response as ResponseDoc,
    ResponseBuilder, Server,
};
use utoipa::{IntoResponses, PartialSchema, ToSchema};

use crate::api::problem::ProblemKind;
use crate::app::App;

/// Name of the security scheme, as in the contract.
pub const SCHEME: &str = "IBinderOAuth2";
/// The scope that every call needs.
pub const SCOPE: &str = "ibinder_public";

/// Problem details (RFC 9457), the body of every error.
#[derive(Debug, ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "describes the body that the shell writes")]
pub struct ProblemDoc {
    /// Which kind of error it is.
    #[schema(format = "uri-reference", example = "/docs/errors/invalid")]
    r#type: String,
    /// The same in words.
    #[schema(example = "some fields are not valid")]
    title: String,
    /// The status of the answer.
    #[schema(example = 400)]
    status: u16,
    /// More about this very error.
    #[schema(nullable = false)]
    detail: Option<String>,
    /// W3C trace id; the logs carry it, too.
    #[schema(rename = "traceId", example = "4bf92f3577b34da6a3ce929d0e0e4736")]
    trace_id: String,
    /// On validation failures: each offending field and what is wrong with it.
    #[schema(nullable = false)]
    errors: Option<BTreeMap<String, Vec<String>>>,
}

/// The errors that every call of the API may answer. Used as `responses(.., Problems)`.
#[derive(Debug)]
pub struct Problems;

const PROBLEMS: [(&str, &str, Option<ProblemKind>); 7] = [
    ("400", "Invalid", Some(ProblemKind::Invalid)),
    ("401", "Unauthenticated", Some(ProblemKind::Unauthenticated)),
    ("403", "Forbidden", Some(ProblemKind::Forbidden)),
    ("404", "NotFound", Some(ProblemKind::NotFound)),
    ("429", "Throttled", Some(ProblemKind::Throttled)),
    ("503", "Unavailable", Some(ProblemKind::Unavailable)),
    ("default", "Problem", None),
];

/// Name of the list of all kinds of problems, for programs that read the document.
const PROBLEM_TYPES: &str = "x-problem-types";

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<ResponseDoc>> {
        let reference = |name| RefOr::Ref(Ref::from_response_name(name));
        PROBLEMS.iter().map(|(status, name, _)| ((*status).to_owned(), reference(*name))).collect()
    }
}

/// The document without any route.
#[must_use]
pub fn base(public_url: &str) -> OpenApi {
    let description = "Documents and binders of property owners and construction projects. \
        Speaks the public API of iBinder; not affiliated with its makers.";
    let info = InfoBuilder::new()
        .title("Bindery")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(description));
    let mut document = OpenApiBuilder::new()
        .info(info.build())
        .servers(Some([Server::new(format!("{public_url}/api"))]))
        .security(Some([SecurityRequirement::new(SCHEME, [SCOPE])]))
        .build();
    let components = document.components.get_or_insert_default();
    let scopes = Scopes::from_iter([(SCOPE, "The public API.")]);
    let flow = ClientCredentials::new(format!("{public_url}/connect/token"), scopes);
    let scheme = SecurityScheme::OAuth2(OAuth2::new([Flow::ClientCredentials(flow)]));
    components.security_schemes.insert(SCHEME.to_owned(), scheme.into());
    components.schemas.insert("Problem".to_owned(), ProblemDoc::schema());
    for (_, name, kind) in PROBLEMS {
        let description = kind.map_or("RFC 9457 problem details.", ProblemKind::meaning);
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = ResponseBuilder::new()
            .description(description)
            .content("application/problem+json", content);
        components.responses.insert(name.to_owned(), RefOr::T(response.build()));
    }
    document.extensions = Some(Extensions::from_iter([(PROBLEM_TYPES, problem_types())]));
    document
}

/// Every kind of problem, each with the URI that leads to its page.
fn problem_types() -> serde_json::Value {
    let kind = |kind: &ProblemKind| {
        serde_json::json!({
            "slug": kind.slug(), "type": kind.uri(), "status": kind.status().as_u16(),
            "title": kind.title(), "description": kind.meaning(),
        })
    };
    ProblemKind::ALL.iter().map(kind).collect()
}

/// Adds what follows from the routes, once all are there.
pub(crate) fn complete(mut document: OpenApi) -> OpenApi {
    examples::add(&mut document);
    document
}

/// Describes the API.
#[utoipa::path(get, path = "/openapi.json", operation_id = "Operation_getOpenApi", tag = "Operation", security(()),
    responses((status = 200, description = "This document.", content_type = "application/json")))]
pub async fn get_openapi(State(app): State<App>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], app.openapi_json()).into_response()
}

/// Describes the API in YAML: the same document.
#[utoipa::path(get, path = "/openapi.yaml", operation_id = "Operation_getOpenApiYaml", tag = "Operation", security(()),
    responses((status = 200, description = "This document.", content_type = "application/yaml")))]
pub async fn get_openapi_yaml(State(app): State<App>) -> Response {
    // RFC 9512, section 2.1.
    ([(header::CONTENT_TYPE, "application/yaml")], app.openapi_yaml()).into_response()
}
