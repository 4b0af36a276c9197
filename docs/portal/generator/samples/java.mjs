import { PRESIGNED_UPLOAD } from '../demonstration.mjs'
import { indent, json, lines } from './text.mjs'

export function java(call) {
  return call.upload ? upload(call) : request(call)
}

function program(imports, body) {
  return lines(
    imports.sort().map((one) => `import ${one};`),
    '',
    'public class Sample {',
    '    public static void main(String[] args) throws Exception {',
    `        ${indent(body, 8)}`.replace(/^ +$/gm, ''),
    '    }',
    '}',
    '',
  )
}

const IMPORTS = ['java.net.URI', 'java.net.http.HttpClient', 'java.net.http.HttpRequest', 'java.net.http.HttpResponse']

const CHECK = (name) => `if (${name}.statusCode() >= 400) throw new IllegalStateException(${name}.body());`

function builder({ method, path, hasToken, hasTenant, body }) {
  const send = { GET: '.GET()', DELETE: '.DELETE()' }[method]
  const publisher = body === undefined ? 'noBody()' : 'ofString(body)'
  return lines(
    `var request = HttpRequest.newBuilder(URI.create(System.getenv("BASE") + "${path}"))`,
    hasToken && '    .header("Authorization", "Bearer " + System.getenv("TOKEN"))',
    hasTenant && '    .header("x-ibinder-tenantid", System.getenv("ORG"))',
    body !== undefined && '    .header("Content-Type", "application/json")',
    `    ${send ?? `.method("${method}", HttpRequest.BodyPublishers.${publisher})`}`,
    '    .build();',
  )
}

function request(call) {
  return program(
    [...IMPORTS],
    lines(
      call.body !== undefined && lines('var body = """', `    ${indent(json(call.body), 4)}`, '    """;'),
      builder(call),
      'var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());',
      CHECK('response'),
      'System.out.println(response.body());',
    ),
  )
}

function upload({ path, body, upload: { file } }) {
  const fields = json({ ...body, uploadId: '@' }).replace('"@"', '"%s"')
  return program(
    [...IMPORTS, 'java.nio.file.Path', 'java.util.regex.Pattern'],
    lines(
      'var client = HttpClient.newHttpClient();',
      'var asText = HttpResponse.BodyHandlers.ofString();',
      'var token = "Bearer " + System.getenv("TOKEN");',
      '',
      '// 1. Ask where to put the bytes. A JSON library of yours does better than these patterns.',
      `var ask = HttpRequest.newBuilder(URI.create(System.getenv("BASE") + "${PRESIGNED_UPLOAD}"))`,
      '    .header("Authorization", token).GET().build();',
      'var asked = client.send(ask, asText);',
      CHECK('asked'),
      `var url = Pattern.compile("\\"presignedUrl\\":\\"([^\\"]*)\\"").matcher(asked.body()).results().findFirst().get().group(1);`,
      `var uploadId = Pattern.compile("\\"uploadId\\":\\"([^\\"]*)\\"").matcher(asked.body()).results().findFirst().get().group(1);`,
      '',
      '// 2. Put them there. The URL is the permission: send no token.',
      'var put = HttpRequest.newBuilder(URI.create(url))',
      `    .PUT(HttpRequest.BodyPublishers.ofFile(Path.of("${file}"))).build();`,
      'var stored = client.send(put, asText);',
      CHECK('stored'),
      '',
      '// 3. Make a document of them.',
      'var body = """',
      `    ${indent(fields, 4)}`,
      '    """.formatted(uploadId);',
      builder({ method: 'POST', path, hasToken: true, hasTenant: true, body }),
      'var response = client.send(request, asText);',
      CHECK('response'),
      'System.out.println(response.body());',
    ),
  )
}
