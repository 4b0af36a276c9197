// A call as it will be sent, and the same for a terminal.

/** Makes the request of an operation and the values of its form: `{ method, path, headers, body }`. */
export function requestOf(operation, values, body, organization) {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name] ?? ''))
  const query = new URLSearchParams()
  const headers = {}
  if (operation.hasTenant) headers['x-ibinder-tenantid'] = organization
  for (const { name, in: place } of operation.parameters) {
    const value = values[name] ?? ''
    if (value === '') continue
    if (place === 'query') query.set(name, value)
    if (place === 'header') headers[name] = value
  }
  const hasBody = operation.hasBody && body.trim() !== ''
  if (hasBody) headers['Content-Type'] = 'application/json'
  const search = query.toString()
  return { method: operation.method, path: search ? `${path}?${search}` : path, headers, body: hasBody ? body : undefined }
}

/** A request as a command for a terminal. The token stays a variable, so that it can be copied about. */
export function asCurl({ method, path, headers, body, file }, origin, hasToken) {
  const parts = [`curl -sS ${quote(path.startsWith('http') ? path : `${origin}${path}`)}`]
  if (file) parts.push(`-T ${quote(file)}`)
  else if (method !== 'GET' && !(method === 'POST' && body !== undefined)) parts.push(`-X ${method}`)
  if (hasToken) parts.push('-H "Authorization: Bearer $TOKEN"')
  for (const [name, value] of Object.entries(headers ?? {})) parts.push(`-H ${quote(`${name}: ${value}`)}`)
  if (body !== undefined) parts.push(`-d ${quote(body)}`)
  return parts.join(' \\\n  ')
}

/** A word for a shell. */
function quote(text) {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
