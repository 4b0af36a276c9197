import { PRESIGNED_UPLOAD } from '../demonstration.mjs'
import { json, lines } from './text.mjs'

const CURL = 'curl --fail-with-body -sS'

export function curl(call) {
  return call.upload ? upload(call) : `${request(call)}\n`
}

function request({ method, path, hasToken, hasTenant, body }) {
  const options = [
    method !== 'GET' && `-X ${method}`,
    hasToken && `-H "Authorization: Bearer $TOKEN"`,
    hasTenant && `-H "x-ibinder-tenantid: $ORG"`,
    body !== undefined && `-H "Content-Type: application/json"`,
    body !== undefined && `-d '${json(body)}'`,
  ]
  return [`${CURL} "$BASE${path}"`, ...options.filter(Boolean)].join(' \\\n  ')
}

function upload({ path, body, upload: { file } }) {
  const fields = json({ ...body, uploadId: '@' }).replace('"@"', `"'"$UPLOAD_ID"'"`)
  return lines(
    '# 1. Ask where to put the bytes.',
    `UPLOAD=$(${CURL} "$BASE${PRESIGNED_UPLOAD}" \\`,
    `  -H "Authorization: Bearer $TOKEN")`,
    `UPLOAD_ID=$(jq -r .uploadId <<<"$UPLOAD")`,
    '',
    '# 2. Put them there. The URL is the permission: send no token.',
    `${CURL} -T ${file} "$(jq -r .presignedUrl <<<"$UPLOAD")"`,
    '',
    '# 3. Make a document of them.',
    `${CURL} "$BASE${path}" \\`,
    `  -H "Authorization: Bearer $TOKEN" \\`,
    `  -H "x-ibinder-tenantid: $ORG" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d '${fields}'`,
    '',
  )
}
