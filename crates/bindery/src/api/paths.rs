//! What a path names: ids parsed once, the impossible refused before any SQL, each kind owning its own "not found".

use std::str::FromStr;

use axum::extract::{FromRequestParts, RawPathParams};
use bindery_domain::{BinderId, DocumentId, FolderId, Kind, Refusal, Scope, VersionId};
use bindery_store::binders::{self, BinderRow};
use bindery_store::documents::{self, DocumentRow};
use bindery_store::folders::{self, FolderRow};
use bindery_store::versions::{self, VersionRow};
use bindery_store::{Query, StoreError};
use http::request::Parts;

use super::ApiError;

/// The only domain that has drives.
const BINDERS: &str = "binders";

/// A binder: `{id}`.
#[derive(Debug)]
pub(crate) struct BinderPath(BinderId);

/// The drive of a binder: `{domain}/{id}`.
#[derive(Debug)]
pub(crate) struct DrivePath(BinderId);

/// A folder in a drive: `{domain}/{id}/{folderId}`.
#[derive(Debug)]
pub(crate) struct FolderPath {
    binder: BinderId,
    folder: FolderId,
}

/// A document: `{documentId}`.
#[derive(Debug)]
pub(crate) struct DocumentPath(DocumentId);

/// A version of a document: `{documentId}` and `{versionId}`.
#[derive(Debug)]
pub(crate) struct VersionPath {
    document: DocumentId,
    version: VersionId,
}

impl BinderPath {
    /// The binder.
    pub(crate) async fn load(&self, db: &impl Query, scope: &Scope) -> Result<BinderRow, ApiError> {
        found(binders::find(db, scope, &self.0).await, Kind::Binder)
    }
}

impl DrivePath {
    /// The binder whose drive it is.
    pub(crate) async fn load(&self, db: &impl Query, scope: &Scope) -> Result<BinderRow, ApiError> {
        found(binders::find(db, scope, &self.0).await, Kind::Drive)
    }
}

impl FolderPath {
    /// The folder, if it is one of this drive.
    pub(crate) async fn load(&self, db: &impl Query, scope: &Scope) -> Result<FolderRow, ApiError> {
        found(folders::find(db, scope, &self.binder, self.folder).await, Kind::Folder)
    }
}

impl DocumentPath {
    /// The document.
    pub(crate) async fn load(
        &self,
        db: &impl Query,
        scope: &Scope,
    ) -> Result<DocumentRow, ApiError> {
        found(documents::find(db, scope, self.0).await, Kind::Document)
    }
}

impl VersionPath {
    /// The version, if it is one of this document.
    pub(crate) async fn load(
        &self,
        db: &impl Query,
        scope: &Scope,
    ) -> Result<VersionRow, ApiError> {
        found(versions::find(db, scope, self.document, self.version).await, Kind::Version)
    }
}

fn found<T>(row: Result<Option<T>, StoreError>, kind: Kind) -> Result<T, ApiError> {
    row?.ok_or_else(|| Refusal::NotFound(kind).into())
}

/// The values of a path by name. One that is not UTF-8 names nothing.
struct Named(Vec<(String, String)>);

impl Named {
    async fn of(parts: &mut Parts, kind: Kind) -> Result<Self, ApiError> {
        let raw = RawPathParams::from_request_parts(parts, &()).await;
        let raw = raw.map_err(|_| ApiError::from(Refusal::NotFound(kind)))?;
        Ok(Self(raw.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()))
    }

    fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// An id, or "not found" when the text cannot be one.
    fn id<T: FromStr>(&self, name: &str, kind: Kind) -> Result<T, ApiError> {
        self.text(name).parse().map_err(|_| Refusal::NotFound(kind).into())
    }

    fn drive(&self) -> Result<BinderId, ApiError> {
        if !self.text("domain").eq_ignore_ascii_case(BINDERS) {
            return Err(Refusal::NotFound(Kind::Drive).into());
        }
        self.id("id", Kind::Drive)
    }
}

impl<S: Sync> FromRequestParts<S> for BinderPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Named::of(parts, Kind::Binder).await?.id("id", Kind::Binder).map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for DrivePath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Named::of(parts, Kind::Drive).await?.drive().map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for FolderPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let named = Named::of(parts, Kind::Folder).await?;
        Ok(Self { binder: named.drive()?, folder: named.id("folderId", Kind::Folder)? })
    }
}

impl<S: Sync> FromRequestParts<S> for DocumentPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Named::of(parts, Kind::Document).await?.id("documentId", Kind::Document).map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for VersionPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let named = Named::of(parts, Kind::Version).await?;
        let document = named.id("documentId", Kind::Document)?;
        Ok(Self { document, version: named.id("versionId", Kind::Version)? })
    }
}
