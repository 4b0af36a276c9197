// A Postman collection, format 2.1: https://schema.getpostman.com/json/collection/v2.1.0/collection.json
import { reading, VARIABLES } from './requests.mjs'

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json'

/** Fetches a token before a request that needs one, unless the one at hand lives for another minute. */
const FETCH_TOKEN = [
  'const isOpen = pm.request.auth && pm.request.auth.type === "noauth";',
  'const isFresh = Number(pm.collectionVariables.get("tokenExpires")) > Date.now() + 60000;',
  'if (!isOpen && !isFresh) {',
  '  const form = ["client_id", "client_secret", "grant_type", "scope"];',
  '  const values = ["{{clientId}}", "{{clientSecret}}", "client_credentials", "ibinder_public"];',
  '  pm.sendRequest({',
  '    url: pm.variables.replaceIn("{{baseUrl}}/connect/token"),',
  '    method: "POST",',
  '    header: { "Content-Type": "application/x-www-form-urlencoded" },',
  '    body: { mode: "urlencoded", urlencoded: form.map((key, n) => ({ key, value: pm.variables.replaceIn(values[n]) })) },',
  '  }, (error, response) => {',
  '    if (error || response.code !== 200) {',
  '      throw new Error(error || `no token: ${response.text()}`);',
  '    }',
  '    const { access_token, expires_in } = response.json();',
  '    pm.collectionVariables.set("token", access_token);',
  '    pm.collectionVariables.set("tokenExpires", String(Date.now() + expires_in * 1000));',
  '  });',
  '}',
]

export function postman({ info }, folders) {
  return {
    info: {
      name: `${info.title} API`,
      description: `${info.description}\n\nSet the variables baseUrl, clientId, clientSecret and tenantId, then send any request: a token is fetched when it is needed. As it comes, the collection fits the demonstration that \`bindery demo\` makes. Run it as a whole to see each call once.`,
      schema: SCHEMA,
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}', type: 'string' }] },
    event: [event('prerequest', FETCH_TOKEN)],
    variable: VARIABLES.map(([key, value, description]) => ({ key, value, description })),
    item: folders.map(({ name, description, requests }) => ({ name, description, item: requests.map(item) })),
  }
}

function item(request) {
  return { name: request.name, event: [event('test', checks(request))], request: requestOf(request), response: [] }
}

function event(listen, lines) {
  return { listen, script: { type: 'text/javascript', exec: lines } }
}

function checks({ statuses, fills }) {
  const lines = [
    `pm.test("answers ${statuses.join(' or ')}", () => pm.expect(pm.response.code, pm.response.text()).to.be.oneOf([${statuses.join(', ')}]));`,
  ]
  if (Object.keys(fills).length === 0) return lines
  lines.push('const answer = pm.response.json();')
  for (const [variable, path] of Object.entries(fills)) {
    lines.push(`if (${reading(path)}) pm.collectionVariables.set("${variable}", ${reading(path)});`)
  }
  return lines
}

function requestOf({ method, url, query, headers, body, hasToken, description }) {
  const header = headers.map(([key, value]) => ({ key, value }))
  if (body) header.push({ key: 'Content-Type', value: body.type })
  return {
    method,
    description,
    ...(hasToken ? {} : { auth: { type: 'noauth' } }),
    header,
    url: urlOf(url, query),
    ...(body ? { body: { mode: 'raw', raw: body.text, options: { raw: { language: body.type === 'application/json' ? 'json' : 'text' } } } } : {}),
  }
}

function urlOf(url, query) {
  const used = query.filter((one) => one.isEnabled).map(({ name, value }) => `${name}=${encodeURIComponent(value)}`)
  const raw = used.length ? `${url}?${used.join('&')}` : url
  // A URL that is one variable has no parts to be taken apart.
  if (!url.includes('/')) return raw
  const [host, ...path] = url.split('/')
  const queries = query.map(({ name, value, description, isEnabled }) => ({ key: name, value, description, disabled: !isEnabled }))
  return { raw, host: [host], path, ...(queries.length ? { query: queries } : {}) }
}
