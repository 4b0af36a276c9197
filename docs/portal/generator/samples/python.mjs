import { PRESIGNED_UPLOAD } from '../demonstration.mjs'
import { indent, json, lines } from './text.mjs'

export function python(call) {
  return call.upload ? upload(call) : request(call)
}

const SHOW = {
  json: 'print(json.dumps(response.json(), indent=2, ensure_ascii=False))',
  text: 'print(response.text)',
  nothing: 'print(response.status_code)',
}

function request({ method, path, hasToken, hasTenant, body, answer }) {
  const headers = [
    hasToken && `        "Authorization": f"Bearer {os.environ['TOKEN']}",`,
    hasTenant && `        "x-ibinder-tenantid": os.environ["ORG"],`,
  ].filter(Boolean)
  return lines(
    answer === 'json' && 'import json',
    'import os',
    '',
    'import requests',
    '',
    `response = requests.${method.toLowerCase()}(`,
    `    os.environ["BASE"] + "${path}",`,
    headers.length > 0 && lines('    headers={', headers, '    },'),
    body !== undefined && `    json=${indent(literal(body), 4)},`,
    '    timeout=30,',
    ')',
    'response.raise_for_status()',
    SHOW[answer],
    '',
  )
}

function upload({ path, body, upload: { file } }) {
  const fields = literal({ ...body, uploadId: '@' }).replace('"@"', 'upload["uploadId"]')
  return lines(
    'import json',
    'import os',
    '',
    'import requests',
    '',
    `BASE = os.environ["BASE"]`,
    `TOKEN = {"Authorization": f"Bearer {os.environ['TOKEN']}"}`,
    '',
    '# 1. Ask where to put the bytes.',
    `asked = requests.get(BASE + "${PRESIGNED_UPLOAD}", headers=TOKEN, timeout=30)`,
    'asked.raise_for_status()',
    'upload = asked.json()',
    '',
    '# 2. Put them there. The URL is the permission: send no token.',
    `with open("${file}", "rb") as file:`,
    '    requests.put(upload["presignedUrl"], data=file, timeout=600).raise_for_status()',
    '',
    '# 3. Make a document of them.',
    'committed = requests.post(',
    `    BASE + "${path}",`,
    '    headers=TOKEN | {"x-ibinder-tenantid": os.environ["ORG"]},',
    `    json=${indent(fields, 4)},`,
    '    timeout=30,',
    ')',
    'committed.raise_for_status()',
    'print(json.dumps(committed.json(), indent=2, ensure_ascii=False))',
    '',
  )
}

/** A value as a literal of Python. */
function literal(value) {
  return json(value, 4).replace(/\btrue\b/g, 'True').replace(/\bfalse\b/g, 'False').replace(/\bnull\b/g, 'None')
}
