//! The parameters of the calls as the OpenAPI document describes them. The extractors read them.
#![expect(dead_code, reason = "describes what the extractors read")]

use utoipa::IntoParams;

/// The organization.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct TenantParameter {
    /// The organization's id (a GUID).
    #[param(rename = "x-ibinder-tenantid", example = "6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e")]
    tenant: String,
}

/// A binder.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct BinderParameters {
    /// 9-character NanoId.
    #[param(example = "Kv4rnen_1")]
    id: String,
}

/// A drive.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct DriveParameters {
    /// Drive domain, most commonly `binders`.
    #[param(example = "binders")]
    domain: String,
    /// For binders, a 9-character NanoId.
    #[param(example = "Kv4rnen_1")]
    id: String,
}

/// A folder in a drive.
#[derive(IntoParams)]
#[into_params(parameter_in = Path, rename_all = "camelCase")]
pub(crate) struct FolderParameters {
    /// Drive domain, most commonly `binders`.
    #[param(example = "binders")]
    domain: String,
    /// For binders, a 9-character NanoId.
    #[param(example = "Kv4rnen_1")]
    id: String,
    /// GUID.
    #[param(example = "0d1c1f0e-3f0e-4b52-9a1f-5a3c7c3f0b11")]
    folder_id: String,
}

/// A document.
#[derive(IntoParams)]
#[into_params(parameter_in = Path, rename_all = "camelCase")]
pub(crate) struct DocumentParameters {
    /// GUID.
    #[param(example = "0d1c1f0e-3f0e-4b52-9a1f-5a3c7c3f0b11")]
    document_id: String,
}

/// A version.
#[derive(IntoParams)]
#[into_params(parameter_in = Path, rename_all = "camelCase")]
pub(crate) struct VersionParameters {
    /// GUID.
    #[param(example = "0d1c1f0e-3f0e-4b52-9a1f-5a3c7c3f0b12")]
    version_id: String,
}
