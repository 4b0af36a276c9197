// What the playground knows about the operations: small enough to be fetched when it is opened.
import { writeFileSync } from 'node:fs'
import { callOf } from './demonstration.mjs'

/** Writes the playground's list of operations. */
export function writeCalls({ operations }, file) {
  const list = operations.map((operation) => {
    const { body, upload } = callOf(operation)
    return {
      id: operation.id,
      tag: operation.tag,
      title: operation.title,
      method: operation.method,
      path: operation.path,
      role: operation.role,
      hasBody: operation.body !== null,
      body: body ?? operation.body?.example,
      isUpload: upload !== undefined,
      parameters: operation.parameters
        .filter((one) => one.name !== 'x-ibinder-tenantid')
        .map((one) => ({ name: one.name, in: one.in, isRequired: one.required === true, description: one.description ?? '', value: valueOf(operation, one) })),
      hasTenant: operation.parameters.some((one) => one.name === 'x-ibinder-tenantid'),
    }
  })
  writeFileSync(file, `${JSON.stringify(list)}\n`)
}

function valueOf(operation, { name, in: place }) {
  const call = callOf(operation)
  if (place === 'query') return new URLSearchParams(call.path.split('?')[1]).get(name) ?? ''
  if (place !== 'path') return ''
  const index = operation.path.split('/').indexOf(`{${name}}`)
  return decodeURIComponent(call.path.split('?')[0].split('/')[index])
}
