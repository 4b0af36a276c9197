// The kinds of errors: what `type` of an error's body can be.

// Until a document lists them itself.
const KNOWN = [
  ['invalid', 400, 'some fields are not valid'],
  ['unauthenticated', 401, 'an access token is needed'],
  ['forbidden', 403, 'the role creator is needed'],
  ['bad-link', 403, 'the link does not work'],
  ['not-found', 404, 'no such document'],
  ['wrong-method', 405, 'the path does not take this method'],
  ['conflict', 409, 'the call does not fit the present state'],
  ['in-progress', 409, 'the same call is still running'],
  ['precondition-failed', 412, 'a condition of the request fails'],
  ['too-large', 413, 'the body is too large'],
  ['wrong-content-type', 415, 'the body is not of a content type that the call takes'],
  ['out-of-range', 416, 'the range lies beyond the end of the file'],
  ['key-reused', 422, 'the idempotency key was used for another request'],
  ['throttled', 429, 'too many calls'],
  ['internal', 500, 'something went wrong in the server'],
  ['unavailable', 503, 'try again in a moment'],
  ['no-space', 507, 'there is not enough free space for uploads'],
  ['other', null, 'error'],
].map(([slug, status, title]) => ({ slug, status, title }))

/** Every kind of error of the document, by status. */
export function problems(document) {
  const listed = document['x-problem-types'] ?? KNOWN
  const known = listed.map((one) => (one.slug === 'other' ? { ...one, status: null } : one))
  return known.sort((a, b) => (a.status ?? 999) - (b.status ?? 999))
}

/** The kinds that an answer with this status can be, most usual first. */
export function problemsOf(all, status) {
  return all.filter((one) => String(one.status) === status && one.slug !== 'bad-link')
}

// What the operations' own lists of answers say only as "default".
const MORE = {
  Documents_commitUpload: ['conflict', 'in-progress', 'wrong-content-type', 'key-reused', 'no-space'],
  Documents_searchDocuments: ['wrong-content-type'],
}

const WHEN = {
  conflict: 'The upload has no bytes yet, was committed with another body, or has ended.',
  'in-progress': 'A call with the same `Idempotency-Key` still runs.',
  'wrong-content-type': 'The body is not JSON.',
  'key-reused': 'The `Idempotency-Key` was used with another body.',
  'no-space': 'The server is short of space.',
  internal: 'A failure of the server; its log has the `traceId`.',
}

/** All errors of an operation: `{ status, slug, when }`, by status. */
export function errorsOf(operation, all) {
  const listed = operation.answers.filter((one) => /^[45]/.test(one.status))
  const slugs = new Map()
  for (const { status, description } of listed) {
    for (const { slug } of problemsOf(all, status).slice(0, 1)) slugs.set(slug, description)
  }
  for (const slug of [...(MORE[operation.id] ?? []), ...(operation.role ? ['internal'] : [])]) slugs.set(slug, WHEN[slug])
  return all.filter((one) => slugs.has(one.slug)).map((one) => ({ ...one, when: slugs.get(one.slug) ?? one.title }))
}
