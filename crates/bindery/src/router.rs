//! Every route. Nothing registers itself elsewhere.

use axum::Router;
use axum::routing::{MethodRouter, get, post, put};
use utoipa::openapi::{OpenApi, Server};
use utoipa_axum::router::UtoipaMethodRouter;
use utoipa_axum::routes;

use crate::api::{binders, documents, drives, health, home, openapi, sandboxes, uploads};
use crate::app::App;
use crate::identity::endpoints::{discovery, introspect, jwks, paths, revoke, token};
use crate::portal;
use crate::transfer::{self, download, preview, upload};

/// The routes of a server, their paths, and the document that describes them.
pub struct Routes {
    /// Takes a request whose path is spelled as in [`Routes::paths`].
    pub router: Router,
    /// The paths of all routes, as patterns.
    pub paths: Vec<String>,
    /// Those of them that are taken as they are spelled.
    pub exact_paths: Vec<String>,
}

/// The routes of a server.
#[must_use]
pub fn routes(app: &App) -> Routes {
    let list = list(&app.config.server.public_url);
    match app.config.server.metrics_listen {
        None => list.hidden(METRICS, get(health::get_metrics)).finish(app),
        Some(_) => list.finish(app),
    }
}

/// What is served at the address of the metrics, when they have one of their own.
#[must_use]
pub fn metrics_routes(app: &App) -> Routes {
    RouteList::new(OpenApi::default()).hidden(METRICS, get(health::get_metrics)).finish(app)
}

/// Describes the API of a server with this public URL.
#[must_use]
pub fn document(public_url: &str) -> OpenApi {
    openapi::complete(list(public_url).document)
}

const METRICS: &str = "/metrics";

/// Lists every route.
fn list(public_url: &str) -> RouteList {
    RouteList::new(openapi::base(public_url))
        // The API, below /api.
        .api(routes!(binders::list_binders::list_binders))
        .api(routes!(binders::list_metadata_elements::list_metadata_elements))
        .api(routes!(documents::search_documents::search_documents))
        .api(routes!(drives::list_drive_folders::list_drive_folders))
        .api(routes!(drives::list_folder_folders::list_folder_folders))
        .api(routes!(drives::list_folder_documents::list_folder_documents))
        .api(routes!(documents::commit_upload::commit_upload))
        .api(routes!(uploads::get_presigned_upload::get_presigned_upload))
        .api(routes!(documents::get_document::get_document))
        .api(routes!(documents::list_versions::list_versions))
        .api(routes!(documents::get_version::get_version))
        .api(routes!(documents::get_version_download_link::get_version_download_link))
        .api(routes!(documents::get_version_preview::get_version_preview))
        .hidden(
            "/api/documents/{documentId}/versions/{versionId}/downloadlink",
            get(documents::get_version_download_link::get_version_download_link),
        )
        // Sandboxes, an extension.
        .root(routes!(sandboxes::get_sandbox_offer::get_sandbox_offer))
        .root(routes!(sandboxes::open_sandbox::open_sandbox))
        .root(routes!(sandboxes::reset_sandbox::reset_sandbox))
        // The identity provider. Not in the OpenAPI document: its own discovery describes it.
        .hidden(paths::TOKEN, post(token::create_token))
        .hidden(paths::REVOCATION, post(revoke::revoke_token))
        .hidden(paths::INTROSPECTION, post(introspect::introspect_token))
        .hidden(paths::OPENID_CONFIGURATION, get(discovery::get_discovery))
        .hidden(paths::OAUTH_SERVER, get(discovery::get_discovery))
        .hidden(paths::JWKS, get(jwks::list_public_keys))
        // Presigned URLs.
        .hidden(transfer::UPLOAD_PATH, put(upload::put_upload))
        .hidden(transfer::DOWNLOAD_PATH, get(download::get_download))
        .hidden(transfer::PREVIEW_PATH, get(preview::get_preview))
        // Operation, for people and machines.
        .root(routes!(health::get_health))
        .root(routes!(health::get_readiness))
        .root(routes!(openapi::get_openapi))
        .root(routes!(openapi::get_openapi_yaml))
        .hidden("/", get(home::get_home))
        // The developer portal.
        .exact("/docs", get(portal::redirect_to_index))
        .exact("/docs/", get(portal::get_index))
        .exact("/docs/{*page}", get(portal::get_page))
}

/// Collects routes with their documentation.
struct RouteList {
    router: Router<App>,
    paths: Vec<String>,
    exact_paths: Vec<String>,
    document: OpenApi,
}

impl RouteList {
    fn new(document: OpenApi) -> Self {
        Self { router: Router::new(), paths: Vec::new(), exact_paths: Vec::new(), document }
    }

    /// Adds a documented route below `/api`.
    fn api(self, routes: UtoipaMethodRouter<App>) -> Self {
        self.documented("/api", None, routes)
    }

    /// Adds a documented route beside `/api`.
    fn root(self, routes: UtoipaMethodRouter<App>) -> Self {
        let server = self.document.servers.iter().flatten().next();
        let root = server.map(|api| Server::new(api.url.trim_end_matches("/api")));
        self.documented("", root, routes)
    }

    fn documented(
        mut self,
        prefix: &str,
        server: Option<Server>,
        routes: UtoipaMethodRouter<App>,
    ) -> Self {
        let (schemas, paths, methods) = routes;
        for (path, mut item) in paths.paths {
            self = self.hidden(&format!("{prefix}{path}"), methods.clone());
            item.servers = server.clone().map(|server| vec![server]);
            match self.document.paths.paths.get_mut(&path) {
                Some(known) => known.merge_operations(item),
                None => _ = self.document.paths.paths.insert(path, item),
            }
        }
        self.document.components.get_or_insert_default().schemas.extend(schemas);
        self
    }

    /// Adds a route that the OpenAPI document leaves out.
    fn hidden(mut self, path: &str, methods: MethodRouter<App>) -> Self {
        self.paths.push(path.to_owned());
        self.router = self.router.route(path, methods);
        self
    }

    /// Adds a route whose path is taken as it is spelled, slash at the end included.
    fn exact(mut self, path: &str, methods: MethodRouter<App>) -> Self {
        self.exact_paths.push(path.to_owned());
        self.router = self.router.route(path, methods);
        self
    }

    fn finish(self, app: &App) -> Routes {
        let router = self.router.with_state(app.clone());
        Routes { router, paths: self.paths, exact_paths: self.exact_paths }
    }
}
