//! The served OpenAPI document against the contract, and what every operation of it must have.

use std::process::Command;

use bindery::router;
use serde_json::{Map, Value};

const CONTRACT: &str = include_str!("../../../../docs/spec/public-api.openapi.yaml");
const METHODS: [&str; 7] = ["get", "put", "post", "patch", "delete", "head", "options"];

fn served() -> Value {
    serde_json::to_value(router::document("http://localhost:8080")).unwrap()
}

fn contract() -> Value {
    yaml_serde::from_str(CONTRACT).unwrap()
}

#[test]
fn the_served_document_covers_the_contract() {
    let differences =
        Comparison { contract: contract(), served: served(), found: Vec::new() }.run();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn the_document_in_the_docs_is_the_one_that_is_served() {
    const KEPT: &str = include_str!("../../../../docs/openapi.json");
    let printed = Command::new(env!("CARGO_BIN_EXE_bindery")).arg("openapi").output().unwrap();
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    // Not assert_eq!: the two are thousands of lines.
    assert!(
        KEPT == String::from_utf8(printed.stdout).unwrap(),
        "docs/openapi.json, from which the portal is made, is old: bindery openapi > docs/openapi.json"
    );
}

#[test]
fn a_document_that_lacks_something_is_noticed() {
    let lacks = |change: &dyn Fn(&mut Value)| {
        let mut served = served();
        change(&mut served);
        !Comparison { contract: contract(), served, found: Vec::new() }.run().is_empty()
    };
    assert!(!lacks(&|_| ()));
    assert!(lacks(&|document| _ = document["paths"].as_object_mut().unwrap().remove("/binders")));
    assert!(
        lacks(&|document| document["paths"]["/binders"]["get"]["operationId"] = "other".into())
    );
    assert!(lacks(&|document| document["paths"]["/documents"]["post"]["parameters"][1]["name"] =
        "PageSize".into()));
    let property = |name: &str| format!("/components/schemas/Document/properties/{name}/type");
    assert!(lacks(
        &|document| *document.pointer_mut(&property("fileName")).unwrap() = "integer".into()
    ));
    assert!(lacks(&|document| document["components"]["schemas"]["Document"]["required"] =
        Value::Array(vec![])));
    let commit = "/components/schemas/CommitUploadRequest/required";
    assert!(lacks(&|document| *document.pointer_mut(commit).unwrap() =
        serde_json::json!(["fileName", "uploadId", "version"])));
    assert!(lacks(&|document| document["components"]["securitySchemes"] = Value::Null));
}

#[test]
fn every_operation_describes_its_errors_and_shows_an_example() {
    let document = served();
    for (name, operation) in operations(&document) {
        let text = operation.to_string();
        assert!(
            operation["summary"].is_string() || operation["description"].is_string(),
            "{name} says nothing"
        );
        let is_open = operation["security"] == serde_json::json!([{}]);
        if is_open {
            continue;
        }
        for status in ["400", "401", "403", "429", "503", "default"] {
            let response = resolve(&document, &operation["responses"][status]);
            let schema = &response["content"]["application/problem+json"]["schema"];
            assert_eq!(schema["$ref"], "#/components/schemas/Problem", "{name} {status}");
        }
        let answers = &operation["responses"]["200"]["content"]["application/json"];
        let has_example = !answers["example"].is_null() || !answers["examples"].is_null();
        let has_no_body = !operation["responses"]["204"].is_null();
        assert!(has_example || has_no_body, "{name} shows no example of its answer: {text}");
        let body = &operation["requestBody"]["content"]["application/json"];
        let has_example = !body["example"].is_null() || !body["examples"].is_null();
        assert!(body.is_null() || has_example, "{name} shows no example of its body");
    }
}

#[test]
fn operation_ids_are_given_once() {
    let document = served();
    let mut ids: Vec<_> =
        operations(&document).map(|(_, operation)| operation["operationId"].to_string()).collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

/// Every operation with its name, as `GET /binders`.
fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    members(&document["paths"]).flat_map(|(path, item)| {
        members(item).filter(|(method, _)| METHODS.contains(&method.as_str())).map(
            move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation),
        )
    })
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str().and_then(|path| document.pointer(path.strip_prefix('#')?)) {
        Some(target) => resolve(document, target),
        None => value,
    }
}

/// Whether bodies are read by us, who may ask for less, or written by us, who may say more.
#[derive(Clone, Copy, PartialEq)]
enum Direction {
    Request,
    Response,
}

struct Comparison {
    contract: Value,
    served: Value,
    found: Vec<String>,
}

impl Comparison {
    fn run(mut self) -> Vec<String> {
        let contract = self.contract.clone();
        let served = self.served.clone();
        for (name, wanted) in operations(&contract) {
            match operations(&served).find(|(other, _)| *other == name) {
                Some((_, operation)) => self.operation(&name, wanted, operation),
                None => self.found.push(format!("{name} is missing")),
            }
        }
        let scheme = "/components/securitySchemes/IBinderOAuth2/flows/clientCredentials";
        let (wanted, given) =
            (contract.pointer(scheme).unwrap(), served.pointer(scheme).unwrap_or(&Value::Null));
        self.equal("security scheme", &wanted["tokenUrl"], &given["tokenUrl"]);
        self.equal("scopes", &wanted["scopes"], &given["scopes"]);
        self.equal("security", &contract["security"], &served["security"]);
        self.equal("servers", &contract["servers"], &served["servers"]);
        self.schema(
            "Problem",
            Direction::Response,
            &contract["components"]["schemas"]["Problem"],
            &served["components"]["schemas"]["Problem"],
        );
        self.found
    }

    fn operation(&mut self, name: &str, wanted: &Value, given: &Value) {
        self.equal(&format!("{name} operationId"), &wanted["operationId"], &given["operationId"]);
        self.equal(&format!("{name} tags"), &wanted["tags"], &given["tags"]);
        for parameter in wanted["parameters"].as_array().into_iter().flatten() {
            let parameter = resolve(&self.contract, parameter).clone();
            let is_it = |other: &&Value| {
                other["name"] == parameter["name"] && other["in"] == parameter["in"]
            };
            let what = format!("{name} parameter {}", parameter["name"]);
            match given["parameters"].as_array().into_iter().flatten().find(is_it).cloned() {
                Some(other) => {
                    let required =
                        |value: &Value| value["required"].as_bool().unwrap_or(false).into();
                    self.equal(
                        &format!("{what} required"),
                        &required(&parameter),
                        &required(&other),
                    );
                    self.schema(&what, Direction::Request, &parameter["schema"], &other["schema"]);
                }
                None => self.found.push(format!("{what} is missing")),
            }
        }
        let body = |operation: &Value| {
            operation["requestBody"]["content"]["application/json"]["schema"].clone()
        };
        if !body(wanted).is_null() {
            self.schema(&format!("{name} body"), Direction::Request, &body(wanted), &body(given));
        }
        let answer = |operation: &Value| {
            operation["responses"]["200"]["content"]["application/json"]["schema"].clone()
        };
        self.schema(&format!("{name} 200"), Direction::Response, &answer(wanted), &answer(given));
        let problem = resolve(&self.served, &given["responses"]["default"])["content"]["application/problem+json"].clone();
        if problem.is_null() {
            self.found.push(format!("{name} does not describe its other errors"));
        }
    }

    fn schema(&mut self, what: &str, direction: Direction, wanted: &Value, given: &Value) {
        let wanted = resolve(&self.contract, wanted).clone();
        let mut given = resolve(&self.served, given).clone();
        // "X or null" says in one more way that a body may be left out.
        if let Some(real) =
            given["oneOf"].as_array().and_then(|any| any.iter().find(|one| one["type"] != "null"))
        {
            given = resolve(&self.served, real).clone();
        }
        let types = |schema: &Value| match &schema["type"] {
            Value::Array(types) => {
                types.iter().filter_map(|name| Some(name.as_str()?.to_owned())).collect()
            }
            Value::String(name) => vec![name.clone()],
            _ => Vec::new(),
        };
        let (mut wanted_types, mut given_types) = (types(&wanted), types(&given));
        wanted_types.sort();
        given_types.sort();
        // What is optional in a request may also be sent as null.
        given_types.retain(|name| {
            direction == Direction::Response || name != "null" || wanted_types.contains(name)
        });
        if wanted_types != given_types {
            self.found.push(format!("{what} has type {given_types:?} instead of {wanted_types:?}"));
        }
        if !wanted["format"].is_null() {
            self.equal(&format!("{what} format"), &wanted["format"], &given["format"]);
        }
        for (property, schema) in members(&wanted["properties"]) {
            match given["properties"].get(property) {
                Some(other) => self.schema(&format!("{what}.{property}"), direction, schema, other),
                None if what == "Problem" && property == "instance" => {}
                None => self.found.push(format!("{what}.{property} is missing")),
            }
        }
        let (asked, promised) = match direction {
            Direction::Request => (&given["required"], &wanted["required"]),
            Direction::Response => (&wanted["required"], &given["required"]),
        };
        for name in asked.as_array().into_iter().flatten() {
            if !promised.as_array().into_iter().flatten().any(|other| other == name) {
                self.found.push(format!("{what}: {name} is required on one side only"));
            }
        }
        if !wanted["items"].is_null() {
            self.schema(&format!("{what}[]"), direction, &wanted["items"], &given["items"]);
        }
        if !wanted["additionalProperties"].is_null() {
            let (wanted, given) = (&wanted["additionalProperties"], &given["additionalProperties"]);
            self.schema(&format!("{what}.*"), direction, wanted, given);
        }
    }

    fn equal(&mut self, what: &str, wanted: &Value, given: &Value) {
        if wanted != given {
            self.found.push(format!("{what} is {given} instead of {wanted}"));
        }
    }
}
