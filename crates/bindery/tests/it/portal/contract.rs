//! The OpenAPI document as machines fetch it: once in JSON, once in YAML, with the same content.

use bindery_testkit::{Client, Server};
use serde_json::Value;

use crate::support::PROGRAM;

#[tokio::test]
async fn the_document_says_the_same_in_yaml_as_in_json() {
    let anonymous = Client::anonymous(Server::shared(PROGRAM).url());
    let json = anonymous.get("/openapi.json").await.expect(200);
    let yaml = anonymous.get("/openapi.yaml").await.expect(200);
    assert_eq!(json.header("content-type"), "application/json");
    assert_eq!(yaml.header("content-type"), "application/yaml");
    let (json, yaml): (Value, Value) =
        (json.json(), yaml_serde::from_slice(&yaml.body).expect("it is YAML"));
    assert!(json["openapi"].as_str().unwrap().starts_with("3.1"), "{}", json["openapi"]);
    assert!(json["paths"].as_object().unwrap().len() >= 13);
    assert_eq!(yaml, json);
}
