import { PRESIGNED_UPLOAD } from '../demonstration.mjs'
import { indent, json, lines } from './text.mjs'

export function rust(call) {
  return call.upload ? upload(call) : request(call)
}

const HEAD = [
  '// Cargo.toml: reqwest = { version = "0.13", features = ["blocking", "json"] }, serde_json = "1"',
  'use std::env;',
  '',
]

const SHOW = {
  json: ['    let answer: serde_json::Value = response.json()?;', '    println!("{answer:#}");'],
  text: ['    println!("{}", response.text()?);'],
  nothing: ['    println!("{}", response.status());'],
}

function request({ method, path, hasToken, hasTenant, body, answer }) {
  return lines(
    HEAD,
    'fn main() -> Result<(), Box<dyn std::error::Error>> {',
    `    let url = format!("{}${path.replaceAll('{', '{{').replaceAll('}', '}}')}", env::var("BASE")?);`,
    '    let response = reqwest::blocking::Client::new()',
    `        .${method.toLowerCase()}(url)`,
    hasToken && '        .bearer_auth(env::var("TOKEN")?)',
    hasTenant && '        .header("x-ibinder-tenantid", env::var("ORG")?)',
    body !== undefined && `        .json(&serde_json::json!(${indent(json(body, 4), 8)}))`,
    '        .send()?',
    '        .error_for_status()?;',
    SHOW[answer],
    '    Ok(())',
    '}',
    '',
  )
}

function upload({ path, body, upload: { file } }) {
  const fields = json({ ...body, uploadId: '@' }, 4).replace('"@"', 'upload["uploadId"]')
  return lines(
    '// Cargo.toml: reqwest = { version = "0.13", features = ["blocking", "json"] }, serde_json = "1"',
    'use std::{env, fs::File};',
    '',
    'use reqwest::blocking::Client;',
    'use serde_json::{Value, json};',
    '',
    'fn main() -> Result<(), Box<dyn std::error::Error>> {',
    '    let (base, token) = (env::var("BASE")?, env::var("TOKEN")?);',
    '    let client = Client::new();',
    '',
    '    // 1. Ask where to put the bytes.',
    `    let asked = client.get(format!("{base}${PRESIGNED_UPLOAD}"));`,
    '    let upload: Value = asked.bearer_auth(&token).send()?.error_for_status()?.json()?;',
    '    let url = upload["presignedUrl"].as_str().ok_or("no URL in the answer")?;',
    '',
    '    // 2. Put them there. The URL is the permission: send no token.',
    `    client.put(url).body(File::open("${file}")?).send()?.error_for_status()?;`,
    '',
    '    // 3. Make a document of them.',
    '    let committed = client',
    `        .post(format!("{base}${path}"))`,
    '        .bearer_auth(&token)',
    '        .header("x-ibinder-tenantid", env::var("ORG")?)',
    `        .json(&json!(${indent(fields, 8)}))`,
    '        .send()?',
    '        .error_for_status()?;',
    '    let version: Value = committed.json()?;',
    '    println!("{version:#}");',
    '    Ok(())',
    '}',
    '',
  )
}
