//! TLS to the database: the server's certificate must be right for its name.

use bindery_store::{Query, Store, StoreError, StoreSettings, params};
use bindery_testkit::PostgresServer;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

/// An authority of the test's own.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

async fn open(url: String) -> Result<Store, StoreError> {
    Store::open(&StoreSettings::Postgres { url }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_believed_only_with_a_certificate_for_its_name_from_a_known_authority() {
    let folder = tempfile::tempdir().unwrap();
    let (known, other) = (authority(), authority());
    let file = |name: &str, pem: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, pem).unwrap();
        path.display().to_string().replace('/', "%2F")
    };
    let (known_file, other_file) = (file("known.pem", known.pem()), file("other.pem", other.pem()));
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &known).unwrap();
    let server = PostgresServer::start_with_tls(&certificate.pem(), &key.serialize_pem());
    let url = |host: &str, root: &str| {
        let port = server.port();
        format!("postgres://bindery@{host}:{port}/postgres?sslmode=verify-full&sslrootcert={root}")
    };

    let store = open(url("localhost", &known_file)).await.unwrap();
    let is_encrypted = "select cast(ssl as int) from pg_stat_ssl where pid = pg_backend_pid()";
    let mut row = store.query_opt(is_encrypted, params![]).await.unwrap().unwrap();
    assert_eq!(row.take::<i64>(0).unwrap(), 1);
    for (host, root) in [("localhost", &other_file), ("127.0.0.1", &known_file)] {
        assert!(open(url(host, root)).await.is_err(), "{host} with {root} is believed");
    }
    // Neither is one believed that does not speak TLS at all.
    let plain = format!(
        "postgres://bindery@%2Fnowhere/postgres?sslmode=verify-full&sslrootcert={known_file}"
    );
    assert!(open(plain).await.is_err());
}
