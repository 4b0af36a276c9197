// Schemas as rows of a table: one row a field, nested fields with their whole path.
import { named, resolve } from './contract.mjs'

/** The fields of a schema, depth first: `{ path, type, isRequired, description }`. */
export function fieldsOf(document, { schema }, prefix = '', seen = []) {
  const real = resolve(document, schema)
  if (real.type === 'array') return fieldsOf(document, named(document, real.items), `${prefix}[]`, seen)
  const required = new Set(real.required ?? [])
  return Object.entries(real.properties ?? {}).flatMap(([name, one]) => {
    const path = prefix ? `${prefix}.${name}` : name
    const inner = named(document, one)
    const row = {
      path,
      type: typeText(document, one),
      isRequired: required.has(name),
      description: one.description ?? inner.schema.description ?? '',
    }
    const item = inner.schema.type === 'array' ? named(document, inner.schema.items) : inner
    if (seen.includes(item.name)) return [row]
    const below = inner.schema.type === 'array' ? `${path}[]` : path
    return [row, ...(item.schema.properties ? fieldsOf(document, item, below, [...seen, item.name]) : [])]
  })
}

/** A schema's type in words. */
export function typeText(document, schema) {
  const { schema: real } = named(document, schema)
  const kinds = [real.type ?? 'object'].flat()
  const isNullable = kinds.includes('null') || (schema.oneOf ?? []).some((one) => one.type === 'null')
  const [kind] = kinds.filter((one) => one !== 'null')
  const text = {
    array: () => `list of ${typeText(document, real.items)}s`.replace(/ss$/, 's'),
    string: () => ({ 'date-time': 'time (RFC 3339)', 'uri-reference': 'URI reference' })[real.format] ?? 'string',
    integer: () => 'integer',
  }[kind]
  // The greatest number of 32 bits is a limit of the program, which tells a reader nothing.
  const range = [
    real.minimum !== undefined && ` from ${real.minimum}`,
    real.maximum !== undefined && real.maximum !== 2 ** 31 - 1 && ` to ${real.maximum}`,
  ].filter(Boolean)
  const preset = real.default === undefined ? '' : `, default ${real.default}`
  return `${text ? text() : kind}${range.join('')}${isNullable ? ' or null' : ''}${preset}`
}
