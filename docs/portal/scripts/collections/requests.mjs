// The requests of a collection, in an order in which each finds what it needs: variables are filled from earlier answers.
import { callOf, ORGANIZATION, BINDER, FOLDER, DOCUMENT, VERSION, PRESIGNED_UPLOAD } from '../../generator/demonstration.mjs'

/** Variables of the collection, with the demonstration's values: it runs as it is against `bindery demo`. */
export const VARIABLES = [
  ['baseUrl', 'http://127.0.0.1:8080', 'Where the server is.'],
  ['clientId', 'demo-creator', 'The client_id; the demonstration\'s here.'],
  ['clientSecret', 'xdMjGtZttnIivdJz26RVjoj0E4XdXKFSvw1RadcMagM', 'Its client_secret; the demonstration\'s is public.'],
  ['tenantId', ORGANIZATION, 'The organization, sent as x-ibinder-tenantid.'],
  ['binderId', BINDER, 'Filled by "List binders".'],
  ['folderId', FOLDER, 'Filled by "List folders of a drive".'],
  ['documentId', DOCUMENT, 'Filled by the search.'],
  ['versionId', VERSION, 'Filled by the search.'],
  ['uploadId', '', 'Filled by step 1 of the upload.'],
  ['presignedUrl', '', 'Filled by step 1 of the upload.'],
  ['token', '', 'Filled before the first request that needs one.'],
  ['tokenExpires', '', 'When the token is fetched anew, in milliseconds since 1970.'],
]

/** Path parameters by the variables that hold them. */
const PARAMETERS = { id: 'binderId', folderId: 'folderId', documentId: 'documentId', versionId: 'versionId' }

/** What an answer fills: variable and path in the JSON. */
const FILLS = {
  Binders_listBinders: { binderId: '0.id' },
  Documents_listDriveFolders: { folderId: '0.id' },
  Documents_searchDocuments: { documentId: 'items.0.id', versionId: 'items.0.latestVersionId' },
  Documents_getPresignedUpload: { uploadId: 'uploadId', presignedUrl: 'presignedUrl' },
  Documents_commitUpload: { documentId: 'documentId', versionId: 'id' },
}

/** Later ones need what earlier ones fill. */
const ORDER = [
  'Binders_listBinders',
  'Binders_listMetadataElements',
  'Documents_listDriveFolders',
  'Documents_listFolderFolders',
  'Documents_listFolderDocuments',
  'Documents_searchDocuments',
  'Documents_getDocument',
  'Documents_listVersions',
  'Documents_getVersion',
  'Documents_getVersionDownloadLink',
]
const UPLOAD = ['Documents_getPresignedUpload', 'Documents_commitUpload']
/** Extensions that a server need not offer: 404 then. The last tag, since a reset ends what the others made. */
const OPTIONAL = 'Sandbox'

/** Folders of requests: `{ name, description, requests }`. */
export function foldersOf({ operations, tags }) {
  const place = ({ id }) => (ORDER.includes(id) ? ORDER.indexOf(id) : ORDER.length)
  const plain = operations.filter(({ id }) => !UPLOAD.includes(id)).sort((a, b) => place(a) - place(b))
  const step = (id) => requestOf(operations.find((one) => one.id === id))
  const upload = {
    name: 'Upload a file',
    description: 'Three steps: ask for a URL, PUT the bytes there, commit. Run the folder as a whole.',
    requests: [
      { ...step(UPLOAD[0]), name: '1. Ask where to put the bytes' },
      putOf(operations.find((one) => one.id === UPLOAD[1])),
      { ...step(UPLOAD[1]), name: '3. Make a document of them' },
    ],
  }
  const folder = (tag) => ({ name: tag, description: '', requests: plain.filter((one) => one.tag === tag).map(requestOf) })
  const last = tags.filter((tag) => tag === OPTIONAL)
  const first = tags.filter((tag) => tag !== OPTIONAL && tag !== 'Operation')
  const folders = [...first.map(folder), upload, ...tags.filter((tag) => tag === 'Operation').map(folder), ...last.map(folder)]
  return folders.filter(({ requests }) => requests.length > 0)
}

/** One request: everything that both formats say of it. */
function requestOf(operation) {
  const call = callOf(operation)
  const url = operation.path.replace(/\{(\w+)\}/g, (whole, name) => {
    if (name === 'domain') return 'binders'
    if (!PARAMETERS[name]) throw new Error(`${operation.id}: no variable for ${whole}`)
    return `{{${PARAMETERS[name]}}}`
  })
  const used = new URLSearchParams(call.path.split('?')[1] ?? '')
  const query = operation.parameters.filter((one) => one.in === 'query').map(({ name, description = '', example }) => ({
    name,
    value: used.get(name) ?? String(example ?? ''),
    description,
    isEnabled: used.has(name),
  }))
  const body = call.upload ? { ...call.body, uploadId: '{{uploadId}}' } : call.body
  const done = operation.answers.map(({ status }) => Number(status)).filter((status) => status >= 200 && status < 300)
  return {
    id: operation.id,
    name: operation.title,
    description: operation.description,
    method: operation.method,
    url: `{{baseUrl}}${url}`,
    query,
    hasToken: operation.role !== null,
    headers: call.hasTenant ? [['x-ibinder-tenantid', '{{tenantId}}']] : [],
    body: body === undefined ? null : { type: 'application/json', text: JSON.stringify(body, null, 2) },
    statuses: operation.tag === OPTIONAL ? [...done, 404] : done,
    fills: FILLS[operation.id] ?? {},
  }
}

function putOf(commit) {
  return {
    id: 'put_bytes',
    name: '2. Put them there',
    description: `The URL of step 1 (\`GET ${PRESIGNED_UPLOAD}\`) is the permission: no token, no tenant. It takes one PUT.`,
    method: 'PUT',
    url: '{{presignedUrl}}',
    query: [],
    hasToken: false,
    headers: [],
    body: { type: callOf(commit).upload.type, text: '%PDF-1.4\n% put a file of yours here\n' },
    statuses: [201],
    fills: {},
  }
}

/** The JavaScript that reads a path of an answer, as `answer?.[0]?.id`. */
export function reading(path) {
  return path.split('.').reduce((text, step) => (/^\d+$/.test(step) ? `${text}?.[${step}]` : `${text}?.${step}`), 'answer')
}
