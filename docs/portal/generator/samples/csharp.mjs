import { PRESIGNED_UPLOAD } from '../demonstration.mjs'
import { json, lines } from './text.mjs'

export function csharp(call) {
  return call.upload ? upload(call) : request(call)
}

const CLIENT = (hasToken, hasTenant) =>
  lines(
    'using System.Net.Http.Headers;',
    '',
    'string Env(string name) => Environment.GetEnvironmentVariable(name)!;',
    '',
    'using var client = new HttpClient { BaseAddress = new Uri(Env("BASE")) };',
    hasToken && 'client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Env("TOKEN"));',
    hasTenant && 'client.DefaultRequestHeaders.Add("x-ibinder-tenantid", Env("ORG"));',
    '',
  )

const SHOW = ['response.EnsureSuccessStatusCode();', 'Console.WriteLine(await response.Content.ReadAsStringAsync());', '']

function request({ method, path, hasToken, hasTenant, body }) {
  const verb = method[0] + method.slice(1).toLowerCase()
  return lines(
    body !== undefined && 'using System.Text;',
    CLIENT(hasToken, hasTenant),
    body !== undefined && lines('var body = """', json(body), '""";'),
    body === undefined
      ? `using var response = await client.${verb}Async("${path}"${method === 'GET' ? '' : ', null'});`
      : lines(
          `using var response = await client.${verb}Async("${path}",`,
          '    new StringContent(body, Encoding.UTF8, "application/json"));',
        ),
    SHOW,
  )
}

function upload({ path, body, upload: { file } }) {
  const fields = json({ ...body, uploadId: '@' }).replace('"@"', '"{{uploadId}}"')
  return lines(
    'using System.Text;',
    'using System.Text.Json;',
    CLIENT(true, true),
    '// 1. Ask where to put the bytes.',
    `using var asked = JsonDocument.Parse(await client.GetStringAsync("${PRESIGNED_UPLOAD}"));`,
    'var url = asked.RootElement.GetProperty("presignedUrl").GetString();',
    'var uploadId = asked.RootElement.GetProperty("uploadId").GetString();',
    '',
    '// 2. Put them there. The URL is the permission: send no token.',
    'using var plain = new HttpClient();',
    `using var stored = await plain.PutAsync(url, new StreamContent(File.OpenRead("${file}")));`,
    'stored.EnsureSuccessStatusCode();',
    '',
    '// 3. Make a document of them.',
    'var body = $$"""',
    fields,
    '""";',
    `using var response = await client.PostAsync("${path}",`,
    '    new StringContent(body, Encoding.UTF8, "application/json"));',
    SHOW,
  )
}
