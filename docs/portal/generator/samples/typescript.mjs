import { named } from '../contract.mjs'
import { request, upload } from './javascript.mjs'

export function typescript(call, operation, document) {
  const types = new Map()
  if (call.upload) {
    typeOf(document, { $ref: '#/components/schemas/PresignedUpload' }, types)
    typeOf(document, { $ref: '#/components/schemas/DocumentVersion' }, types)
    return upload(call, { types: written(types), asserted: (text, type) => `${text} as ${type}` })
  }
  const answer = operation.answers.find((one) => one.status.startsWith('2'))
  const as = call.answer === 'json' && answer?.schema ? typeOf(document, reference(answer.schema), types) : 'unknown'
  return request(call, as, written(types))
}

function reference({ name, schema }) {
  return name ? { $ref: `#/components/schemas/${name}` } : schema
}

function written(types) {
  return [...types].map(([name, text]) => `type ${name} = ${text}\n`).join('\n')
}

/** The type of a schema; the types that it needs are added to `types`. */
function typeOf(document, schema, types) {
  const { name, schema: real } = named(document, schema)
  if (name && !types.has(name)) {
    types.set(name, '')
    const text = bare(document, real, types)
    types.delete(name)
    types.set(name, text)
  }
  const text = name ?? bare(document, real, types)
  return [schema.oneOf, schema.anyOf].flat().some((one) => one?.type === 'null') ? `${text} | null` : text
}

function bare(document, schema, types) {
  const kinds = [schema.type].flat()
  const nullable = kinds.includes('null') ? ' | null' : ''
  const kind = kinds.find((one) => one !== 'null')
  if (kind === 'array') return `${typeOf(document, schema.items, types)}[]${nullable}`
  if (kind === 'integer' || kind === 'number') return `number${nullable}`
  if (kind === 'boolean' || kind === 'string') return `${kind}${nullable}`
  if (!schema.properties) return `Record<string, unknown>${nullable}`
  const required = new Set(schema.required ?? [])
  const fields = Object.entries(schema.properties).map(
    ([key, one]) => `  ${key}${required.has(key) ? '' : '?'}: ${typeOf(document, one, types)}`,
  )
  return `{\n${fields.join('\n')}\n}`
}
