// Notes what a fresh demonstration answers, for the examples in the reference: node generator/record.mjs
// Needs BASE, ORG and TOKEN of a server that has just been filled by `bindery demo`. The result is committed.
import { writeFileSync } from 'node:fs'
import { readContract } from './contract.mjs'
import { PRESIGNED_UPLOAD, callOf } from './demonstration.mjs'

const { BASE, ORG, TOKEN } = process.env
const MOST = 3

async function record(operation) {
  const call = callOf(operation)
  const headers = {
    ...(call.hasToken && { Authorization: `Bearer ${TOKEN}` }),
    ...(call.hasTenant && { 'x-ibinder-tenantid': ORG }),
  }
  const body = call.upload ? { ...call.body, uploadId: await upload(headers) } : call.body
  const answer = await fetch(`${BASE}${call.path}`, {
    method: call.method,
    headers: { ...headers, ...(body && { 'Content-Type': 'application/json' }) },
    body: body && JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${operation.id}: ${answer.status} ${await answer.text()}`)
  return { status: answer.status, request: body && shorter(body), answer: shorter(await answer.json()) }
}

async function upload(headers) {
  const { presignedUrl, uploadId } = await (await fetch(`${BASE}${PRESIGNED_UPLOAD}`, { headers })).json()
  await fetch(presignedUrl, { method: 'PUT', body: '%PDF-1.7' })
  return uploadId
}

/** Long lists cut short, signatures cut off, and the address that a server has by default. */
function shorter(value) {
  if (typeof value === 'string') return value.replace(BASE, 'http://127.0.0.1:8080').replace(/sig=[\w-]+/, 'sig=…')
  if (Array.isArray(value)) return value.slice(0, MOST).map(shorter)
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, shorter(v)]))
  return value
}

const examples = {}
for (const operation of readContract().operations) {
  if (operation.tag === 'Binders' || operation.tag === 'Documents') examples[operation.id] = await record(operation)
}
writeFileSync(new URL('./examples.json', import.meta.url), `${JSON.stringify(examples, null, 2)}\n`)
