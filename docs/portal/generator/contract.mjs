// The operations of the OpenAPI document, as the pages and samples need them.
import { readFileSync } from 'node:fs'
import { createOpenApiSpec } from 'vitepress-openapi'
import { problems } from './problems.mjs'

const FILE = new URL('../../openapi.json', import.meta.url)

/** Reads the document that the program serves; a test keeps the file equal to it. */
export function readContract(file = FILE) {
  return contractOf(JSON.parse(readFileSync(file, 'utf8')))
}

/** What the pages say about a document: its operations in the order of its tags. */
export function contractOf(document) {
  const spec = createOpenApiSpec({ spec: document })
  const operations = spec.getPathsByVerbs().map(({ path, verb, operationId }) => {
    const raw = document.paths[path][verb]
    const server = document.paths[path].servers?.[0]?.url ?? document.servers?.[0]?.url ?? ''
    return operationOf(document, { path, verb, operationId, raw, prefix: server.endsWith('/api') ? '/api' : '' })
  })
  const order = ['Binders', 'Documents']
  const tags = [...new Set([...order, ...operations.map((one) => one.tag)])]
  return { document, info: document.info, problems: problems(document), operations, tags }
}

function operationOf(document, { path, verb, operationId, raw, prefix }) {
  const description = (raw.description ?? '').trim()
  const isOpen = Array.isArray(raw.security) && raw.security.every((one) => Object.keys(one).length === 0)
  return {
    id: operationId,
    tag: raw.tags?.[0] ?? 'Other',
    method: verb.toUpperCase(),
    path: `${prefix}${path}`,
    title: (raw.summary ?? operationId).replace(/\.$/, ''),
    description,
    role: isOpen ? null : roleOf(operationId, description),
    parameters: (raw.parameters ?? []).map((one) => resolve(document, one)),
    body: bodyOf(document, raw.requestBody),
    answers: Object.entries(raw.responses ?? {}).map(([status, answer]) => answerOf(document, status, answer)),
  }
}

/** The smallest role that may make a call. The document says it in words; a call that says none stops the build. */
function roleOf(operationId, description) {
  const needed = /Needs the (\w+) role/.exec(description)?.[1]
  if (needed) return needed
  if (/Any role/.test(description)) return 'Reader'
  throw new Error(`${operationId}: its description says neither "Any role" nor "Needs the … role"`)
}

function bodyOf(document, body) {
  if (!body) return null
  const { content = {}, required = false, description } = resolve(document, body)
  const [type, media] = Object.entries(content)[0] ?? []
  return type ? { type, required, description, schema: named(document, media.schema), example: media.example } : null
}

function answerOf(document, status, answer) {
  const { description, content = {}, headers = {} } = resolve(document, answer)
  const [type, media] = Object.entries(content)[0] ?? []
  return { status, description, type, headers, schema: media && named(document, media.schema), example: media?.example }
}

/** A schema with its name, if it has one: `{ name, schema }`. "One of this and null" counts as this. */
export function named(document, schema) {
  if (!schema) return null
  const real = (schema.oneOf ?? schema.anyOf)?.find((one) => one.type !== 'null')
  const reference = (real ?? schema).$ref
  if (reference) return { name: reference.split('/').pop(), schema: resolve(document, { $ref: reference }) }
  return { name: null, schema: real ?? schema }
}

/** What a reference points at. */
export function resolve(document, value) {
  if (!value?.$ref) return value
  const steps = value.$ref.replace(/^#\//, '').split('/')
  const found = steps.reduce((at, step) => at?.[step.replaceAll('~1', '/').replaceAll('~0', '~')], document)
  if (!found) throw new Error(`the document lacks ${value.$ref}`)
  return resolve(document, found)
}
