import { PRESIGNED_UPLOAD } from '../demonstration.mjs'
import { json, lines } from './text.mjs'

export function powershell(call) {
  return call.upload ? upload(call) : request(call)
}

const HEADERS = (hasToken, hasTenant) =>
  lines(
    '$headers = @{',
    hasToken && '    Authorization = "Bearer $env:TOKEN"',
    hasTenant && "    'x-ibinder-tenantid' = $env:ORG",
    '}',
  )

const SHOW = '$answer | ConvertTo-Json -Depth 10'

function request({ method, path, hasToken, hasTenant, body, answer }) {
  const hasHeaders = hasToken || hasTenant
  const options = [
    method !== 'GET' && `-Method ${method[0]}${method.slice(1).toLowerCase()}`,
    hasHeaders && '-Headers $headers',
    body !== undefined && "-ContentType 'application/json' -Body $body",
  ].filter(Boolean)
  return lines(
    hasHeaders && HEADERS(hasToken, hasTenant),
    body !== undefined && lines("$body = @'", json(body), "'@"),
    [`$answer = Invoke-RestMethod "$env:BASE${path}"`, ...options].join(' '),
    answer === 'json' ? SHOW : '$answer',
    '',
  )
}

function upload({ path, body, upload: { file, type } }) {
  const fields = json({ ...body, uploadId: '@' }).replace('"@"', '"$($upload.uploadId)"')
  return lines(
    HEADERS(true, true),
    '',
    '# 1. Ask where to put the bytes.',
    `$upload = Invoke-RestMethod "$env:BASE${PRESIGNED_UPLOAD}" -Headers $headers`,
    '',
    '# 2. Put them there. The URL is the permission: send no token.',
    `Invoke-RestMethod $upload.presignedUrl -Method Put -InFile ${file} -ContentType '${type}'`,
    '',
    '# 3. Make a document of them.',
    '$body = @"',
    fields,
    '"@',
    `$answer = Invoke-RestMethod "$env:BASE${path}" -Method Post -Headers $headers \``,
    "    -ContentType 'application/json' -Body $body",
    SHOW,
    '',
  )
}
