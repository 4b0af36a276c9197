// What the demonstration organization (`bindery demo`) has: the values in examples and samples.

export const ORGANIZATION = 'c79701b4-ccb9-4a08-880b-422ecd677a38'
export const BINDER = 'JPibS05cZ'
export const TAB_OF_DRAWINGS = '9d714808-0187-4504-a9a8-977b5a92516f'
export const TAB_OF_MINUTES = '7407d62c-f21d-44a5-b359-2742dfed9767'
export const FOLDER = 'ac1414cc-6006-4443-89d4-5e1849043272'
export const DOCUMENT = 'f84ef76a-922d-44ab-b168-7d04005c2105'
export const VERSION = '447f9e30-f95f-4161-ba07-e5d24068b191'

const VALUES = { domain: 'binders', id: BINDER, folderId: FOLDER, documentId: DOCUMENT, versionId: VERSION }

const CALLS = {
  Documents_searchDocuments: {
    query: { searchTerm: 'planritning', pageSize: 2 },
    body: {
      MetadataFilters: [{ metadataElementId: 'GLOBAL_Category', valueId: 'ritning' }],
      SortBy: [{ metadataElementId: 'GLOBAL_Date', direction: 'desc' }],
    },
  },
  Documents_listFolderFolders: { path: { folderId: TAB_OF_DRAWINGS } },
  Documents_commitUpload: {
    path: { folderId: TAB_OF_MINUTES },
    upload: { file: 'minutes.pdf', type: 'application/pdf' },
    body: {
      fileName: 'minutes.pdf',
      additionalMetadata: [
        { metadataElementId: 'GLOBAL_Category', value: 'protokoll' },
        { metadataElementId: 'GLOBAL_Date', value: '2026-01-31' },
      ],
    },
  },
}

/** The call that an operation's samples make: `{ method, path, hasTenant, hasToken, body, upload, answer }`. */
export function callOf(operation) {
  const { path = {}, query = {}, body, upload } = CALLS[operation.id] ?? {}
  const values = { ...VALUES, ...path }
  const filled = operation.path.replace(/\{(\w+)\}/g, (_, name) => {
    const given = values[name] ?? operation.parameters.find((one) => one.name === name)?.example
    if (given === undefined) throw new Error(`${operation.id}: no value for the parameter ${name}`)
    return encodeURIComponent(given)
  })
  const asked = new URLSearchParams(query).toString()
  return {
    method: operation.method,
    path: asked ? `${filled}?${asked}` : filled,
    hasToken: operation.role !== null,
    hasTenant: operation.parameters.some((one) => one.name === 'x-ibinder-tenantid'),
    body: body ?? (operation.body?.required ? operation.body.example : undefined),
    upload,
    answer: answerOf(operation),
  }
}

/** What an operation answers when all is well: `json`, `text` or `nothing`. */
function answerOf({ answers }) {
  const { type } = answers.find((one) => one.status.startsWith('2')) ?? {}
  if (!type) return 'nothing'
  return /\bjson$/.test(type) ? 'json' : 'text'
}

export const PRESIGNED_UPLOAD = '/api/documents/uploads/personalstorage/presignedupload'
