// A collection as Bruno imports and exports it: one JSON file.
import { createHash } from 'node:crypto'
import { reading, VARIABLES } from './requests.mjs'

/** Variables that answers fill live in the run only. */
const RUNTIME = new Set(['token', 'tokenExpires', 'uploadId', 'presignedUrl'])

// Bruno's safe sandbox, the one that it starts with, has axios, but no URLSearchParams.
const FETCH_TOKEN = [
  'const axios = require("axios");',
  'const isOpen = req.getAuthMode() === "none";',
  'const isFresh = Number(bru.getVar("tokenExpires")) > Date.now() + 60000;',
  'if (!isOpen && !isFresh) {',
  '  const form = {',
  '    grant_type: "client_credentials",',
  '    client_id: bru.getEnvVar("clientId"),',
  '    client_secret: bru.getEnvVar("clientSecret"),',
  '    scope: "ibinder_public",',
  '  };',
  '  const body = Object.entries(form).map((pair) => pair.map(encodeURIComponent).join("=")).join("&");',
  '  const headers = { "Content-Type": "application/x-www-form-urlencoded" };',
  '  const { data } = await axios.post(`${bru.getEnvVar("baseUrl")}/connect/token`, body, { headers });',
  '  bru.setVar("token", data.access_token);',
  '  bru.setVar("tokenExpires", Date.now() + data.expires_in * 1000);',
  '}',
].join('\n')

export function bruno({ info }, folders) {
  const name = `${info.title} API`
  return {
    version: '1',
    uid: uid(name),
    name,
    brunoConfig: { version: '1', name, type: 'collection' },
    items: folders.map((folder, index) => ({
      uid: uid(folder.name),
      type: 'folder',
      name: folder.name,
      seq: index + 1,
      // Without a name here Bruno forgets the order.
      root: { meta: { name: folder.name }, docs: folder.description },
      items: folder.requests.map((request, place) => item(request, place + 1)),
    })),
    environments: [environment()],
    activeEnvironmentUid: uid('environment'),
    root: {
      request: {
        headers: [],
        auth: { mode: 'bearer', bearer: { token: '{{token}}' } },
        script: { req: FETCH_TOKEN, res: null },
      },
      docs: `${info.description}\n\nFill the environment "Demonstration" with your server, client and organization, then send any request: a token is fetched when it is needed.`,
    },
  }
}

function environment() {
  const variables = VARIABLES.filter(([key]) => !RUNTIME.has(key)).map(([key, value]) => ({
    uid: uid(`variable ${key}`),
    name: key,
    value,
    type: 'text',
    enabled: true,
    secret: false,
  }))
  return { uid: uid('environment'), name: 'Demonstration', variables }
}

function item(request, seq) {
  return { uid: uid(request.id), type: 'http-request', name: request.name, seq, request: requestOf(request) }
}

function requestOf({ id, method, url, query, headers, body, hasToken, statuses, fills, description }) {
  const used = query.filter((one) => one.isEnabled).map(({ name, value }) => `${name}=${encodeURIComponent(value)}`)
  const all = body ? [...headers, ['Content-Type', body.type]] : headers
  const isJson = body?.type === 'application/json'
  return {
    url: used.length ? `${url}?${used.join('&')}` : url,
    method,
    headers: all.map(([name, value]) => ({ uid: uid(`${id} header ${name}`), name, value, enabled: true })),
    params: query.map(({ name, value, description: text, isEnabled }) => ({
      uid: uid(`${id} query ${name}`),
      name,
      value,
      description: text,
      type: 'query',
      enabled: isEnabled,
    })),
    auth: { mode: hasToken ? 'inherit' : 'none' },
    body: body === null ? { mode: 'none' } : isJson ? { mode: 'json', json: body.text } : { mode: 'text', text: body.text },
    script: { req: null, res: fillsOf(fills) },
    tests: `test("answers ${statuses.join(' or ')}", () => expect(res.getStatus()).to.be.oneOf([${statuses.join(', ')}]));`,
    docs: description,
  }
}

function fillsOf(fills) {
  const set = ([variable, path]) => `if (${reading(path)}) bru.setVar("${variable}", ${reading(path)});`
  const lines = Object.entries(fills).map(set)
  return lines.length ? ['const answer = res.getBody();', ...lines].join('\n') : null
}

/** 21 letters and digits that are the same in each build. */
function uid(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 21)
}
