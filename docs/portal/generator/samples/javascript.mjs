import { PRESIGNED_UPLOAD } from '../demonstration.mjs'
import { indent, json, lines } from './text.mjs'

export function javascript(call) {
  return call.upload ? upload(call, { types: '', asserted: (name) => name, env: ENV }) : request(call, '')
}

const ENV = 'const { BASE, ORG, TOKEN } = process.env'

const SHOW = {
  json: 'console.log(JSON.stringify(answer, null, 2))',
  text: 'console.log(await response.text())',
  nothing: 'console.log(response.status)',
}

/** A call with `fetch`. `as` is what TypeScript says about the answer. */
export function request({ method, path, hasToken, hasTenant, body, answer }, as, types = '') {
  const headers = [
    hasToken && 'Authorization: `Bearer ${TOKEN}`',
    hasTenant && "'x-ibinder-tenantid': `${ORG}`",
    body !== undefined && "'Content-Type': 'application/json'",
  ].filter(Boolean)
  const options = lines(
    method !== 'GET' && `  method: '${method}',`,
    headers.length > 0 && `  headers: {\n    ${headers.join(',\n    ')},\n  },`,
    body !== undefined && `  body: JSON.stringify(${indent(script(body), 2)}),`,
  )
  const names = ['BASE', hasTenant && 'ORG', hasToken && 'TOKEN'].filter(Boolean).join(', ')
  return lines(
    types || null,
    `const { ${names} } = process.env`,
    '',
    options ? `const response = await fetch(\`\${BASE}${path}\`, {\n${options}\n})` : `const response = await fetch(\`\${BASE}${path}\`)`,
    'if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)',
    '',
    answer === 'json' && (as ? `const answer = (await response.json()) as ${as}` : 'const answer = await response.json()'),
    SHOW[answer],
    '',
  )
}

/** The three steps of an upload. */
export function upload({ path, body, upload: { file, type } }, { types, asserted }) {
  const fields = script({ ...body, uploadId: '@' }).replace("uploadId: '@'", 'uploadId')
  return lines(
    "import { readFile } from 'node:fs/promises'",
    '',
    types || null,
    ENV,
    'const token = { Authorization: `Bearer ${TOKEN}` }',
    '',
    types ? 'async function checked(response: Response): Promise<Response> {' : 'async function checked(response) {',
    '  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)',
    '  return response',
    '}',
    '',
    '// 1. Ask where to put the bytes.',
    `const asked = await checked(await fetch(\`\${BASE}${PRESIGNED_UPLOAD}\`, { headers: token }))`,
    `const { presignedUrl, uploadId } = ${asserted('(await asked.json())', 'PresignedUpload')}`,
    '',
    '// 2. Put them there. The URL is the permission: send no token.',
    `const bytes = await readFile('${file}')`,
    `await checked(await fetch(presignedUrl, { method: 'PUT', headers: { 'Content-Type': '${type}' }, body: bytes }))`,
    '',
    '// 3. Make a document of them.',
    'const committed = await checked(',
    `  await fetch(\`\${BASE}${path}\`, {`,
    "    method: 'POST',",
    "    headers: { ...token, 'x-ibinder-tenantid': `${ORG}`, 'Content-Type': 'application/json' },",
    `    body: JSON.stringify(${indent(fields, 4)}),`,
    '  }),',
    ')',
    `const version = ${asserted('(await committed.json())', 'DocumentVersion')}`,
    'console.log(JSON.stringify(version, null, 2))',
    '',
  )
}

/** A value as a literal of JavaScript. */
function script(value) {
  return json(value).replace(/"([A-Za-z_]\w*)":/g, '$1:').replaceAll("'", "\\'").replaceAll('"', "'")
}
