// Who the visitor is. Calls omit the browser's own credentials: else a 401 with Basic makes it ask for a password itself.
// Kept in this module's memory alone: nothing is written to the browser's storage.
import { reactive, readonly } from 'vue'

const state = reactive({
  clientId: '',
  secret: '',
  token: '',
  endsAt: 0,
  organization: '',
  role: '',
  // What `GET /sandbox` said: null while nobody asked, false when the server offers none.
  sandbox: null,
  isSandbox: false,
  sandboxEndsAt: '',
})

/** What a page may show of the session. */
export const session = readonly(state)

/** Trades id and secret for a token. Throws an Error whose message a person can read. */
export async function signIn(clientId, secret) {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: secret,
    scope: 'ibinder_public',
  })
  const answer = await fetch('/connect/token', { method: 'POST', body: form, credentials: 'omit' })
  const fields = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new Error(fields.error_description ?? fields.error ?? `${answer.status} ${answer.statusText}`)
  const claims = claimsOf(fields.access_token)
  Object.assign(state, {
    clientId,
    secret,
    token: fields.access_token,
    endsAt: Date.now() + (fields.expires_in - 60) * 1000,
    organization: claims.organization_id ?? '',
    role: claims.role ?? '',
  })
}

/** Forgets everything. */
export function signOut() {
  Object.assign(state, { clientId: '', secret: '', token: '', endsAt: 0, organization: '', role: '', isSandbox: false, sandboxEndsAt: '' })
}

/** A token that is good for the next minute at least. */
export async function freshToken() {
  if (state.token && Date.now() >= state.endsAt) await signIn(state.clientId, state.secret)
  return state.token
}

/** Asks once whether this server has sandboxes. */
export async function askForSandboxes() {
  if (state.sandbox !== null) return
  const answer = await fetch('/sandbox', { headers: { Accept: 'application/json' } }).catch(() => null)
  const isOffered = answer?.ok && answer.headers.get('content-type')?.includes('json')
  state.sandbox = isOffered ? await answer.json() : false
}

/** Makes an organization for this visitor alone, and signs in to it. */
export async function startSandbox() {
  const answer = await fetch('/sandbox', { method: 'POST' })
  const fields = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new Error(fields.detail ?? fields.title ?? `${answer.status}`)
  await signIn(fields.clientId, fields.clientSecret)
  Object.assign(state, { isSandbox: true, sandboxEndsAt: fields.expiresAt })
}

/** Puts the sandbox back to its first state. */
export async function resetSandbox() {
  const headers = { Authorization: `Bearer ${await freshToken()}`, 'x-ibinder-tenantid': state.organization }
  const answer = await fetch('/sandbox/reset', { method: 'POST', headers })
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`)
}

/** The claims of a token. They are shown only; the server is what checks them. */
function claimsOf(token) {
  try {
    const bytes = Uint8Array.from(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0))
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return {}
  }
}
