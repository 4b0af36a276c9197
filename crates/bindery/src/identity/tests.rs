//! The identity provider on a database of its own: proofs, sessions, keys, and changes that others make.

use std::net::{IpAddr, Ipv4Addr};

use bindery_domain::{ClientId, ObjectName, OrganizationId, Role, Scope, Timestamp};
use bindery_store::clients::{self, NewClient, SecretRow};
use bindery_store::organizations::{self, NewOrganization};
use bindery_store::{Store, StoreError, StoreSettings, Tx};
use tempfile::TempDir;

use super::claims::Authenticated;
use super::credentials::Credentials;
use super::{Identity, IdentitySettings, SessionError, SigningAlgorithm, TokenError, keys, secret};

const NOW: Timestamp = Timestamp(1_800_000_000_000_000);
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

struct World {
    identity: Identity,
    store: Store,
    scope: Scope,
    _folder: TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let store = Store::open(&StoreSettings::Embedded { file: folder.path().join("test.db") })
            .await
            .unwrap();
        bindery_store::migrate::migrate(&store).await.unwrap();
        let organization = NewOrganization {
            id: OrganizationId::random(),
            name: ObjectName::parse("Fastighets AB Exempel").unwrap(),
            created: NOW,
        };
        let made = store.write(move |tx| {
            let organization = organization.clone();
            async move { organizations::insert(&tx, &organization).await }
        });
        let scope = Scope::own(made.await.map_err(|error: StoreError| error).unwrap());
        let identity =
            Identity::open(store.clone(), settings(SigningAlgorithm::Es256), NOW).await.unwrap();
        let world = Self { identity, store, scope, _folder: folder };
        world.add_client("erp-sync").await;
        world.add_secret("erp-sync", "s1", "first secret").await;
        world
    }

    async fn write<F, Fut>(&self, change: F)
    where
        F: Fn(Tx, Scope) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), StoreError>> + Send + 'static,
    {
        let scope = self.scope;
        self.store.write(move |tx| change(tx, scope)).await.unwrap();
    }

    async fn add_client(&self, name: &'static str) {
        self.write(move |tx, scope| async move {
            let name = ObjectName::parse(name).unwrap();
            let id = name.as_str().parse().unwrap();
            clients::insert(&tx, &scope, &NewClient { id, name, role: Role::Creator, created: NOW })
                .await
        })
        .await;
    }

    async fn add_secret(&self, client: &'static str, name: &'static str, text: &'static str) {
        self.write(move |tx, scope| async move {
            let created = Timestamp(NOW.0 + i64::from(name.as_bytes()[1]));
            let row = SecretRow { name: name.into(), digest: secret::digest_of(text), created };
            clients::add_secret(&tx, &scope, &id(client), &row).await.map(drop)
        })
        .await;
    }

    async fn prove(&self, client: &str, text: &str) -> Result<Authenticated, TokenError> {
        let credentials = Credentials { client: client.into(), secret: text.into(), as_sent: None };
        self.identity.authenticate(&credentials, HERE, NOW).await
    }

    async fn token(&self) -> String {
        let who = self.prove("erp-sync", "first secret").await.unwrap();
        self.identity.issue(&who, NOW).unwrap()
    }

    async fn is_live(&self, token: &str) -> bool {
        match self.identity.session(token, NOW).await {
            Ok(_) => true,
            Err(SessionError::Store(error)) => panic!("{error}"),
            Err(_) => false,
        }
    }
}

fn settings(algorithm: SigningAlgorithm) -> IdentitySettings {
    IdentitySettings {
        issuer: "https://bindery.example".into(),
        algorithm,
        token_expiry: std::time::Duration::from_secs(3600),
    }
}

fn id(client: &str) -> ClientId {
    client.parse().unwrap()
}

#[tokio::test]
async fn only_a_live_secret_proves_a_client() {
    let world = World::new().await;
    assert_eq!(world.prove("erp-sync", "first secret").await.unwrap().secret, "s1");
    for (client, text) in
        [("erp-sync", "wrong"), ("erp-sync", ""), ("nobody", "first secret"), ("å b", "x")]
    {
        let refused = world.prove(client, text).await;
        assert!(matches!(refused, Err(TokenError::InvalidClient)), "{client}: {refused:?}");
    }
}

#[tokio::test]
async fn a_secret_proves_a_client_however_it_was_meant() {
    let world = World::new().await;
    world.add_secret("erp-sync", "s2", "a%2Bb").await;
    let prove = |secret: &str, as_sent: Option<&str>| {
        let credentials = Credentials {
            client: "erp-sync".into(),
            secret: secret.into(),
            as_sent: as_sent.map(str::to_owned),
        };
        let identity = world.identity.clone();
        async move { identity.authenticate(&credentials, HERE, NOW).await.map(|who| who.secret) }
    };
    assert_eq!(prove("a+b", Some("a%2Bb")).await.unwrap(), "s2");
    assert_eq!(prove("first secret", Some("first+secret")).await.unwrap(), "s1");
    assert!(prove("a+b", None).await.is_err());
}

#[tokio::test]
async fn a_new_secret_works_at_once_and_beside_the_old_one() {
    let world = World::new().await;
    world.prove("erp-sync", "first secret").await.unwrap();
    world.add_secret("erp-sync", "s2", "second secret").await;
    assert_eq!(world.prove("erp-sync", "second secret").await.unwrap().secret, "s2");
    assert_eq!(world.prove("erp-sync", "first secret").await.unwrap().secret, "s1");
}

#[tokio::test]
async fn a_session_is_remembered_and_knows_the_client() {
    let world = World::new().await;
    let token = world.token().await;
    let session = world.identity.session(&token, NOW).await.unwrap();
    assert_eq!((session.client.as_str(), session.role), ("erp-sync", Role::Creator));
    assert_eq!(session.scope, world.scope);
    let again = world.identity.session(&token, NOW).await.unwrap();
    assert!(std::sync::Arc::ptr_eq(&session, &again));
    assert!(world.identity.session(&token, NOW.plus_secs(3600)).await.is_err());
}

#[tokio::test]
async fn ending_a_secret_ends_its_tokens_and_no_others() {
    let world = World::new().await;
    let first = world.token().await;
    world.add_secret("erp-sync", "s2", "second secret").await;
    let who = world.prove("erp-sync", "second secret").await.unwrap();
    let second = world.identity.issue(&who, NOW).unwrap();
    assert!(world.is_live(&first).await && world.is_live(&second).await);
    world
        .write(|tx, scope| async move {
            clients::end_secrets(&tx, &scope, &id("erp-sync"), 1, NOW).await.map(drop)
        })
        .await;
    world.identity.refresh(NOW).await.unwrap();
    assert!(!world.is_live(&first).await);
    assert!(world.is_live(&second).await);
    assert!(world.prove("erp-sync", "first secret").await.is_err());
}

#[tokio::test]
async fn a_disabled_client_is_out_and_an_enabled_one_in_again() {
    let world = World::new().await;
    let token = world.token().await;
    assert!(world.is_live(&token).await);
    world
        .write(|tx, scope| async move {
            clients::disable(&tx, &scope, &id("erp-sync"), NOW).await.map(drop)
        })
        .await;
    world.identity.refresh(NOW).await.unwrap();
    assert!(!world.is_live(&token).await);
    assert!(matches!(
        world.prove("erp-sync", "first secret").await,
        Err(TokenError::InvalidClient)
    ));
    world.write(|tx, scope| async move { clients::enable(&tx, &scope, &id("erp-sync")).await.map(drop) }).await;
    world.identity.refresh(NOW).await.unwrap();
    assert!(world.is_live(&token).await);
}

#[tokio::test]
async fn a_disabled_organization_takes_its_clients_along() {
    let world = World::new().await;
    let token = world.token().await;
    world.write(|tx, scope| async move { organizations::disable(&tx, &scope, NOW).await }).await;
    world.identity.refresh(NOW).await.unwrap();
    assert!(!world.is_live(&token).await);
    assert!(world.prove("erp-sync", "first secret").await.is_err());
}

#[tokio::test]
async fn a_role_counts_as_it_is_now() {
    let world = World::new().await;
    let token = world.token().await;
    assert_eq!(world.identity.session(&token, NOW).await.unwrap().role, Role::Creator);
    world
        .write(|tx, scope| async move {
            let name = ObjectName::parse("ERP").unwrap();
            clients::update(&tx, &scope, &id("erp-sync"), &name, Role::Reader).await.map(drop)
        })
        .await;
    world.identity.refresh(NOW).await.unwrap();
    assert_eq!(world.identity.session(&token, NOW).await.unwrap().role, Role::Reader);
}

#[tokio::test]
async fn a_revoked_token_ends_at_once_and_the_clients_others_stay() {
    let world = World::new().await;
    let (token, other) = (world.token().await, world.token().await);
    let who = world.prove("erp-sync", "first secret").await.unwrap();
    assert!(world.is_live(&token).await);
    world.identity.revoke(&token, &who, NOW).await.unwrap();
    assert!(!world.is_live(&token).await);
    assert!(world.is_live(&other).await);
    // Once more, and what is no token at all: nothing to do.
    world.identity.revoke(&token, &who, NOW).await.unwrap();
    world.identity.revoke("nonsense", &who, NOW).await.unwrap();
}

#[tokio::test]
async fn another_client_cannot_revoke_a_token() {
    let world = World::new().await;
    let token = world.token().await;
    world.add_client("other").await;
    world.add_secret("other", "s9", "other secret").await;
    let other = world.prove("other", "other secret").await.unwrap();
    let refused = world.identity.revoke(&token, &other, NOW).await;
    assert!(matches!(refused, Err(TokenError::UnauthorizedClient(_))));
    assert!(world.is_live(&token).await);
}

#[tokio::test]
async fn another_node_notices_a_revocation_when_it_looks() {
    let world = World::new().await;
    let other_node =
        Identity::open(world.store.clone(), settings(SigningAlgorithm::Es256), NOW).await.unwrap();
    let token = world.token().await;
    assert!(other_node.session(&token, NOW).await.is_ok());
    let who = world.prove("erp-sync", "first secret").await.unwrap();
    world.identity.revoke(&token, &who, NOW).await.unwrap();
    other_node.refresh(NOW).await.unwrap();
    assert!(other_node.session(&token, NOW).await.is_err());
}

#[tokio::test]
async fn nodes_that_start_at_once_make_one_key() {
    let world = World::new().await;
    let opened =
        (0..4).map(|_| Identity::open(world.store.clone(), settings(SigningAlgorithm::Es256), NOW));
    for identity in futures_util::future::join_all(opened).await {
        assert_eq!(identity.unwrap().keyring().published(NOW).count(), 1);
    }
}

#[tokio::test]
async fn a_rotated_key_is_published_at_once_signs_soon_and_refuses_no_live_token() {
    let world = World::new().await;
    let old = world.token().await;
    let rotated = keys::rotate(&world.store, None, keys::Previous::VerifyOn, NOW).await.unwrap();
    world.identity.refresh(NOW).await.unwrap();
    let listed = keys::list(&world.store, NOW).await.unwrap();
    let states: Vec<_> = listed.iter().map(|key| key.state).collect();
    assert_eq!(states, [keys::KeyState::Signing, keys::KeyState::Waiting]);
    assert_eq!(world.identity.keyring().published(NOW).count(), 2);
    assert_ne!(world.identity.keyring().signer(NOW).unwrap().kid(), rotated.kid);
    let later = NOW.plus_secs(5);
    assert_eq!(world.identity.keyring().signer(later).unwrap().kid(), rotated.kid);
    assert!(world.identity.session(&old, NOW.plus_secs(3599)).await.is_ok());
    let listed = keys::list(&world.store, later).await.unwrap();
    let states: Vec<_> = listed.iter().map(|key| key.state).collect();
    assert_eq!(states, [keys::KeyState::Verifying, keys::KeyState::Signing]);
}

#[tokio::test]
async fn a_leaked_key_ends_with_all_its_tokens() {
    let world = World::new().await;
    let token = world.token().await;
    assert!(world.is_live(&token).await);
    let made = keys::rotate(&world.store, None, keys::Previous::End, NOW).await;
    assert_eq!(made.unwrap().state, keys::KeyState::Signing);
    world.identity.refresh(NOW).await.unwrap();
    assert!(!world.is_live(&token).await);
    let renewed = world.token().await;
    assert!(world.is_live(&renewed).await);
}

#[tokio::test]
async fn another_algorithm_is_taken_over_without_refusing_live_tokens() {
    let world = World::new().await;
    let token = world.token().await;
    let identity =
        Identity::open(world.store.clone(), settings(SigningAlgorithm::Rs256), NOW).await.unwrap();
    assert!(identity.session(&token, NOW).await.is_ok());
    let keyring = identity.keyring();
    assert_eq!(keyring.signer(NOW).unwrap().algorithm(), SigningAlgorithm::Es256);
    assert_eq!(keyring.signer(NOW.plus_secs(5)).unwrap().algorithm(), SigningAlgorithm::Rs256);
}

#[tokio::test]
async fn what_has_expired_is_swept() {
    let world = World::new().await;
    keys::rotate(&world.store, None, keys::Previous::VerifyOn, NOW).await.unwrap();
    let much_later = NOW.plus_secs(25 * 3600);
    world.identity.sweep(much_later).await.unwrap();
    world.identity.refresh(much_later).await.unwrap();
    assert_eq!(keys::list(&world.store, NOW).await.unwrap().len(), 1);
    assert_eq!(world.identity.keyring().published(NOW).count(), 1);
}

#[tokio::test]
async fn nodes_sign_and_take_tokens_although_their_clocks_are_a_minute_apart() {
    // The first key was made by a node that is ahead.
    let world = World::new().await;
    let behind = NOW.plus_secs(-60);
    let who = world.prove("erp-sync", "first secret").await.unwrap();
    let of_behind = world.identity.issue(&who, behind).unwrap();
    assert!(world.is_live(&of_behind).await);
    let of_ahead = world.token().await;
    assert!(world.identity.session(&of_ahead, behind).await.is_ok());
    // Of a clock that is far off nothing is taken.
    let unseen = world.token().await;
    assert!(world.identity.session(&unseen, NOW.plus_secs(-600)).await.is_err());
}

#[tokio::test]
async fn a_revoked_token_stays_so_although_a_node_that_is_ahead_has_swept() {
    let world = World::new().await;
    let token = world.token().await;
    let who = world.prove("erp-sync", "first secret").await.unwrap();
    world.identity.revoke(&token, &who, NOW).await.unwrap();
    let (behind, ahead) = (NOW.plus_secs(3_570), NOW.plus_secs(3_630));
    world.identity.sweep(ahead).await.unwrap();
    let other =
        Identity::open(world.store.clone(), settings(SigningAlgorithm::Es256), behind).await;
    assert!(matches!(other.unwrap().session(&token, behind).await, Err(SessionError::Ended)));
}
