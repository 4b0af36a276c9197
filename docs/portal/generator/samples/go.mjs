import { PRESIGNED_UPLOAD } from '../demonstration.mjs'
import { json, lines, quoted } from './text.mjs'

export function go(call) {
  return call.upload ? upload(call) : request(call)
}

const imports = (...names) => lines('package main', '', 'import (', names.sort().map((one) => `\t"${one}"`), ')', '')

function request({ method, path, hasToken, hasTenant, body }) {
  return lines(
    imports('fmt', 'io', 'log', 'net/http', 'os', ...(body === undefined ? [] : ['strings'])),
    'func main() {',
    body !== undefined && lines('\tbody := strings.NewReader(`' + json(body).replaceAll('\n', '\n\t') + '`)'),
    `\trequest, err := http.NewRequest("${method}", os.Getenv("BASE")+${quoted(path)}, ${body === undefined ? 'nil' : 'body'})`,
    '\tif err != nil {',
    '\t\tlog.Fatal(err)',
    '\t}',
    hasToken && '\trequest.Header.Set("Authorization", "Bearer "+os.Getenv("TOKEN"))',
    hasTenant && '\trequest.Header.Set("x-ibinder-tenantid", os.Getenv("ORG"))',
    body !== undefined && '\trequest.Header.Set("Content-Type", "application/json")',
    '',
    '\tresponse, err := http.DefaultClient.Do(request)',
    '\tif err != nil {',
    '\t\tlog.Fatal(err)',
    '\t}',
    '\tdefer response.Body.Close()',
    '\tanswer, err := io.ReadAll(response.Body)',
    '\tif err != nil || response.StatusCode >= 400 {',
    '\t\tlog.Fatal(response.Status, string(answer), err)',
    '\t}',
    '\tfmt.Println(string(answer))',
    '}',
    '',
  )
}

function upload({ path, body, upload: { file } }) {
  const [first, ...rest] = Object.entries(body)
  const fields = lines(
    [first, ...rest].map(([key, value]) => `\t\t${quoted(key)}: ${literal(value)},`),
    '\t\t"uploadId": upload.UploadID,',
  )
  return lines(
    imports('bytes', 'encoding/json', 'fmt', 'io', 'log', 'net/http', 'os'),
    'func main() {',
    '\t// 1. Ask where to put the bytes.',
    '\tvar upload struct {',
    '\t\tPresignedURL string `json:"presignedUrl"`',
    '\t\tUploadID     string `json:"uploadId"`',
    '\t}',
    `\tasked := call("GET", ${quoted(PRESIGNED_UPLOAD)}, nil)`,
    '\tif err := json.Unmarshal(asked, &upload); err != nil {',
    '\t\tlog.Fatal(err)',
    '\t}',
    '',
    '\t// 2. Put them there. The URL is the permission: send no token.',
    `\tfile, err := os.ReadFile(${quoted(file)})`,
    '\tif err != nil {',
    '\t\tlog.Fatal(err)',
    '\t}',
    '\tput, err := http.NewRequest("PUT", upload.PresignedURL, bytes.NewReader(file))',
    '\tif err != nil {',
    '\t\tlog.Fatal(err)',
    '\t}',
    '\tsend(put)',
    '',
    '\t// 3. Make a document of them.',
    '\tbody, err := json.Marshal(map[string]any{',
    fields,
    '\t})',
    '\tif err != nil {',
    '\t\tlog.Fatal(err)',
    '\t}',
    `\tfmt.Println(string(call("POST", ${quoted(path)}, body)))`,
    '}',
    '',
    'func call(method, path string, body []byte) []byte {',
    '\trequest, err := http.NewRequest(method, os.Getenv("BASE")+path, bytes.NewReader(body))',
    '\tif err != nil {',
    '\t\tlog.Fatal(err)',
    '\t}',
    '\trequest.Header.Set("Authorization", "Bearer "+os.Getenv("TOKEN"))',
    '\trequest.Header.Set("x-ibinder-tenantid", os.Getenv("ORG"))',
    '\trequest.Header.Set("Content-Type", "application/json")',
    '\treturn send(request)',
    '}',
    '',
    'func send(request *http.Request) []byte {',
    '\tresponse, err := http.DefaultClient.Do(request)',
    '\tif err != nil {',
    '\t\tlog.Fatal(err)',
    '\t}',
    '\tdefer response.Body.Close()',
    '\tanswer, err := io.ReadAll(response.Body)',
    '\tif err != nil || response.StatusCode >= 400 {',
    '\t\tlog.Fatal(response.Status, string(answer), err)',
    '\t}',
    '\treturn answer',
    '}',
    '',
  )
}

/** A value as a literal of Go. */
function literal(value) {
  if (Array.isArray(value)) {
    const items = value.map((one) => `\n\t\t\t{${Object.entries(one).map(([k, v]) => `${quoted(k)}: ${quoted(v)}`).join(', ')}},`)
    return `[]map[string]string{${items.join('')}\n\t\t}`
  }
  return JSON.stringify(value)
}
