//! Ways to a storage: its buckets as hosts, and HTTPS with an authority of one's own.

use std::fs;
use std::path::Path;

use bindery_testkit::{Client, Organization, S3Server, Server, ServerOptions, run_with};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use super::pattern;
use crate::support::PROGRAM;

/// Runs a program in a namespace of its own in which `$HOSTS` says where hosts are.
const HOSTS: &str = r#"mount --bind "$HOSTS" /etc/hosts && exec "$0" "$@""#;

#[tokio::test]
async fn a_bucket_may_be_a_host_below_the_address_of_the_storage() {
    let storage = S3Server::start_with_domain("storage.test");
    let (_, port) = storage.place().endpoint.rsplit_once(':').unwrap();
    let folder = tempfile::tempdir().unwrap();
    let hosts = folder.path().join("hosts");
    // The storage itself has no address: whoever named the bucket in the path would get nowhere.
    fs::write(&hosts, "127.0.0.1 localhost bindery.storage.test\n").unwrap();
    let url = storage.place().url("a");
    assert!(url.ends_with("&path-style=true"), "{url}");
    let mut env = storage.place().environment("a");
    env.push(("BINDERY_STORAGE".to_owned(), url.replace("&path-style=true", "")));
    env.push(("HOSTS".to_owned(), hosts.display().to_string()));
    let mut wrapper: Vec<String> =
        "unshare --user --map-root-user --mount sh -c".split(' ').map(str::to_owned).collect();
    wrapper.push(HOSTS.to_owned());
    let options = ServerOptions { env, wrapper, ..Default::default() };
    let server = Server::start(PROGRAM, options);
    let organization = Organization::new(&server);
    let creator = organization.creator();
    // In one request, and in several.
    for (name, len) in [("small", 1_000), ("large", 9 << 20)] {
        let bytes = pattern(len);
        let upload = organization.upload(&creator, &bytes).await;
        let tab = organization.tab(0);
        let version = organization.commit(&creator, &tab, &upload, name, &[]).await.expect(200);
        let link = version.json()["downloadUrl"].as_str().unwrap().to_owned();
        assert!(link.starts_with(&format!("http://bindery.storage.test:{port}/a/")), "{link}");
        let caller = reqwest::Client::builder()
            .resolve("bindery.storage.test", ([127, 0, 0, 1], 0).into())
            .build()
            .unwrap();
        let answer = caller.get(&link).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert!(answer.bytes().await.unwrap() == bytes, "{name} differs");
    }
}

/// A storage that speaks HTTPS, and the file with the certificate of its authority.
fn private(folder: &Path) -> (S3Server, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let file = folder.join("authority.pem");
    fs::write(&file, authority.pem()).unwrap();
    let storage = S3Server::start_with_tls(&certificate.pem(), &key.serialize_pem());
    (storage, file.display().to_string())
}

#[tokio::test]
async fn a_storage_is_believed_with_a_certificate_of_an_authority_that_was_named() {
    let folder = tempfile::tempdir().unwrap();
    let (storage, authority) = private(folder.path());
    let (_other, other_authority) = private(&{
        let other = folder.path().join("other");
        fs::create_dir(&other).unwrap();
        other
    });
    let place = storage.place();
    let with = |name: &str, value: String| {
        let mut env = place.environment("a");
        env.push((name.to_owned(), value));
        env
    };
    let named = |file: &str| with("BINDERY_STORAGE", format!("{}&ca={file}", place.url("a")));
    for env in [named(&authority), with("AWS_CA_BUNDLE", authority.clone())] {
        let args = ["--download-access", "proxied"].map(str::to_owned).to_vec();
        let server = Server::start(PROGRAM, ServerOptions { env, args, ..Default::default() });
        let organization = Organization::new(&server);
        let version = organization.document("a.pdf", &[]).await;
        let link = version["downloadUrl"].as_str().unwrap();
        let bytes = Client::anonymous(server.url()).get(link).await.expect(200).body;
        assert_eq!(bytes, b"a.pdf");
    }
    for env in [place.environment("a"), named(&other_authority)] {
        let data_dir = folder.path().join("refused");
        let args = ["serve", "--listen", "127.0.0.1:0"];
        let output = run_with(Path::new(PROGRAM), &env, &data_dir, &args, "");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("--storage") && said.contains("ertificate"), "{said}");
    }
}
