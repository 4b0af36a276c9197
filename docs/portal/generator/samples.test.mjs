import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readContract } from './contract.mjs'
import { LANGUAGES, samplesOf } from './samples.mjs'
import { json } from './samples/text.mjs'

const contract = readContract()
const textOf = (id, name) =>
  samplesOf(contract.operations.find((one) => one.id === id), contract.document).find((one) => one.language.name === name).text

test('every operation has a sample in every language, and none has a gap', () => {
  for (const operation of contract.operations) {
    for (const { language, text } of samplesOf(operation, contract.document)) {
      const where = `${operation.id} in ${language.name}`
      assert.doesNotMatch(text, /undefined|\[object|\{(?:domain|id|folderId|documentId|versionId)\}|"@"/, where)
      assert.match(text, /BASE/, where)
      if (operation.role) assert.match(text, /TOKEN/, where)
      assert.ok(text.endsWith('\n') && !text.endsWith('\n\n'), where)
    }
  }
})

test('a sample in curl is what a person would type', () => {
  assert.equal(
    textOf('Binders_listBinders', 'curl'),
    `curl --fail-with-body -sS "$BASE/api/binders" \\
  -H "Authorization: Bearer $TOKEN" \\
  -H "x-ibinder-tenantid: $ORG"
`,
  )
})

test('the call that needs no organization sends none', () => {
  for (const { name } of LANGUAGES) assert.doesNotMatch(textOf('Documents_getPresignedUpload', name), /tenantid/, name)
})

test('an upload takes its three steps in every language', () => {
  for (const { name } of LANGUAGES) {
    const text = textOf('Documents_commitUpload', name)
    for (const step of ['1. Ask', '2. Put', '3. Make']) assert.ok(text.includes(step), `${name}: ${step}`)
    assert.match(text, /minutes\.pdf/, name)
  }
})

test('TypeScript says what an answer is', () => {
  const text = textOf('Binders_listBinders', 'TypeScript')
  assert.match(text, /^type Binder = \{$/m)
  assert.match(text, /as Binder\[\]$/m)
})

test('an answer that is not JSON is shown as it is', () => {
  for (const [type, pattern] of [['application/yaml', /text/], [undefined, /status/]]) {
    const operation = { id: 'T', path: '/t', method: 'GET', role: null, parameters: [], body: null, answers: [{ status: '200', type }] }
    for (const { language, text } of samplesOf(operation, {})) {
      assert.doesNotMatch(text, /json\(\)|import json|ConvertTo/, language.name)
      if (['JavaScript', 'TypeScript', 'Python', 'Rust'].includes(language.name)) assert.match(text, pattern, language.name)
    }
  }
})

test('short JSON stands on a line, long JSON on several', () => {
  assert.equal(json({ a: 1, b: ['x'] }), '{ "a": 1, "b": ["x"] }')
  assert.equal(json({ a: 'x'.repeat(80) }, 4), `{\n    "a": "${'x'.repeat(80)}"\n}`)
})
