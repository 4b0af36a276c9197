//! An example for every body that the document describes, made of the examples of its fields, so that none of them
//! can be forgotten or grow apart from the fields.

use serde_json::{Map, Value, json};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{Content, OpenApi, RefOr};

/// Deeper than any schema of ours; ends schemas that contain themselves.
const DEEPEST: usize = 8;

/// Gives every JSON body and answer without an example one.
pub(super) fn add(document: &mut OpenApi) {
    let schemas = serde_json::to_value(&document.components).unwrap_or_default();
    let schemas = Schemas(schemas["schemas"].clone());
    for item in document.paths.paths.values_mut() {
        operations(item).for_each(|operation| add_to(operation, &schemas));
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete]
        .into_iter()
        .flatten()
}

fn add_to(operation: &mut Operation, schemas: &Schemas) {
    let body = operation.request_body.iter_mut().filter_map(|body| match body {
        RefOr::T(body) => Some(body.content.values_mut()),
        RefOr::Ref(_) => None,
    });
    let answers =
        operation.responses.responses.values_mut().filter_map(|response| match response {
            RefOr::T(response) => Some(response.content.values_mut()),
            RefOr::Ref(_) => None,
        });
    for content in body.flatten().chain(answers.flatten()) {
        if let RefOr::T(content) = content {
            fill(content, schemas);
        }
    }
}

fn fill(content: &mut Content, schemas: &Schemas) {
    if content.example.is_none() && content.examples.is_empty() {
        let schema = content.schema.as_ref().and_then(|schema| serde_json::to_value(schema).ok());
        content.example = schema.map(|schema| schemas.example("", &schema, 0));
    }
}

struct Schemas(Value);

impl Schemas {
    fn example(&self, name: &str, schema: &Value, depth: usize) -> Value {
        let schema = self.resolve(schema);
        if let Some(example) = given(schema) {
            return example;
        }
        if depth == DEEPEST {
            return Value::Null;
        }
        if let Some(properties) = schema["properties"].as_object() {
            let example = |(name, schema): (&String, &Value)| {
                (name.clone(), self.example(name, schema, depth + 1))
            };
            return properties.iter().map(example).collect::<Map<_, _>>().into();
        }
        match kind(schema) {
            _ if is_nullable(schema) => Value::Null,
            "array" => json!([self.example(name, &schema["items"], depth + 1)]),
            "integer" => json!(1),
            "boolean" => json!(true),
            "string" if schema["format"] == "date-time" => json!("2026-01-31T08:15:30.125Z"),
            "string" if name.ends_with("Id") || name == "id" => {
                json!("0d1c1f0e-3f0e-4b52-9a1f-5a3c7c3f0b11")
            }
            "string" if name.to_lowercase().ends_with("url") => {
                json!("https://documents.example.com/storage/…?sig=…")
            }
            "string" => json!("text"),
            _ => Value::Null,
        }
    }

    /// Follows references, and "one of" to what is not null.
    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let named = schema["$ref"].as_str().and_then(|path| self.0.get(path.rsplit('/').next()?));
        let is_real = |one: &&Value| one["type"] != "null";
        let one = || {
            ["oneOf", "anyOf"].iter().find_map(|key| schema[key].as_array()?.iter().find(is_real))
        };
        match named.or_else(one) {
            Some(inner) if given(schema).is_none() => self.resolve(inner),
            _ => schema,
        }
    }
}

fn given(schema: &Value) -> Option<Value> {
    let first = schema["examples"].as_array().and_then(|examples| examples.first());
    first.or(schema.get("example")).or(schema.get("default")).cloned()
}

fn is_nullable(schema: &Value) -> bool {
    schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"))
}

fn kind(schema: &Value) -> &str {
    schema["type"].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_made_of_the_examples_of_its_fields() {
        let schemas = Schemas(json!({
            "Page": {"type": "object", "properties": {
                "items": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}},
                "total": {"type": "integer", "example": 7},
                "note": {"type": ["string", "null"]},
            }},
            "Item": {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string", "examples": ["Plan"]}}},
            "Loop": {"type": "object", "properties": {"inner": {"$ref": "#/components/schemas/Loop"}}},
        }));
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let item = json!({"id": "0d1c1f0e-3f0e-4b52-9a1f-5a3c7c3f0b11", "name": "Plan"});
        let page = json!({"items": [item], "total": 7, "note": null});
        assert_eq!(schemas.example("", &reference("Page"), 0), page);
        let optional = json!({"oneOf": [{"type": "null"}, reference("Page")]});
        assert_eq!(schemas.example("", &optional, 0), page);
        assert!(schemas.example("", &reference("Loop"), 0).is_object());
    }
}
