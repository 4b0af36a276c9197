//! However calls of several organizations meet: no answer ever holds another's id.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use bindery_testkit::{Client, Organization};
use serde_json::{Value, json};

use super::{Cluster, postgres};
use crate::support::dice::Dice;

const ORGANIZATIONS: usize = 4;
const CALLS: usize = 60;

/// The ids that an answer is made of, each with the organization that got it first.
type Owners = Mutex<Vec<HashSet<String>>>;

/// All texts in a JSON value that are ids: GUIDs, and the 9 letters of a binder's.
fn ids(value: &Value, all: &mut HashSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| ids(item, all)),
        Value::Object(members) => {
            for (name, member) in members {
                // A trace id is of the call, not of what is stored.
                if name != "traceId" {
                    ids(member, all);
                }
            }
        }
        Value::String(text) if text.len() == 36 && text.matches('-').count() == 4 => {
            all.insert(text.clone());
        }
        _ => {}
    }
}

async fn call(
    organization: &Organization,
    client: &Client,
    others: &[String],
    dice: &mut Dice,
) -> Value {
    match dice.below(5) {
        0 => client.get("/api/binders").await.expect(200).json(),
        1 => {
            let path = "/api/documents?searchTerm=ritning";
            client.post(path, &json!({ "pageSize": 50 })).await.expect(200).json()
        }
        2 => client.get(&organization.drive(&organization.tab(0))).await.json(),
        3 => {
            // Another's document is the same as none.
            let other = dice.one_of(others);
            let answer = client.get(&format!("/api/documents/{other}")).await;
            answer.problem(404);
            Value::Null
        }
        _ => {
            let upload = organization.upload(client, &dice.bytes(200)).await;
            let name = format!("Ritning {}.pdf", dice.below(20));
            let tab = organization.tab(dice.below(2));
            organization.commit(client, &tab, &upload, &name, &[]).await.expect(200).json()
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_answer_holds_another_organizations_id() {
    let database = postgres().database();
    let cluster = Cluster::start(2, &database.url()).await;
    let organizations: Vec<_> =
        (0..ORGANIZATIONS).map(|_| Arc::new(cluster.organization())).collect();
    // A document of each, for the others to ask for.
    let mut documents = Vec::new();
    for organization in &organizations {
        let version = organization.document("Ritning 0.pdf", &[]).await;
        documents.push(version["documentId"].as_str().unwrap().to_owned());
    }
    let seen: Arc<Owners> = Arc::new(Mutex::new(vec![HashSet::new(); ORGANIZATIONS]));
    let mut callers = Vec::new();
    for n in 0..2 * ORGANIZATIONS {
        let own = n % ORGANIZATIONS;
        let (organization, seen) = (Arc::clone(&organizations[own]), Arc::clone(&seen));
        let mut others = documents.clone();
        others.remove(own);
        callers.push(tokio::spawn(async move {
            let mut dice = Dice::new(100 + u64::try_from(n).unwrap());
            let client = organization.creator();
            for _ in 0..CALLS {
                let answer = call(&organization, &client, &others, &mut dice).await;
                ids(&answer, &mut seen.lock().unwrap()[own]);
            }
        }));
    }
    for caller in callers {
        caller.await.unwrap();
    }
    let seen = seen.lock().unwrap();
    for (own, ids) in seen.iter().enumerate() {
        assert!(ids.contains(&documents[own]), "nothing was seen of one's own");
        for other in (0..ORGANIZATIONS).filter(|other| *other != own) {
            let shared: Vec<_> = ids.intersection(&seen[other]).collect();
            assert_eq!(shared, [""; 0], "seen by two organizations");
        }
    }
    cluster.check_is_clean();
}
