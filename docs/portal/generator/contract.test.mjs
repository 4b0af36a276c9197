import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SWEDISH_TITLES } from '../.vitepress/theme/playground/titles.mjs'
import { contractOf, readContract } from './contract.mjs'
import { errorsOf } from './problems.mjs'
import { fieldsOf } from './schemas.mjs'

const document = (operation) => ({
  openapi: '3.1.0',
  info: { title: 'T', version: '1' },
  servers: [{ url: 'http://127.0.0.1:8080/api' }],
  paths: { '/things/{id}': { get: { operationId: 'Things_getThing', tags: ['Things'], summary: 'Get thing.', ...operation } } },
  components: {
    schemas: {
      Thing: {
        type: 'object',
        required: ['id'],
        properties: { id: { type: 'string', description: 'GUID.' }, parts: { type: 'array', items: { $ref: '#/components/schemas/Part' } } },
      },
      Part: { type: 'object', properties: { note: { type: ['string', 'null'] }, inner: { $ref: '#/components/schemas/Part' } } },
    },
  },
})

test('an operation has its whole path, its title and the least role that it takes', () => {
  const [operation] = contractOf(document({ description: 'A thing. Any role.' })).operations
  assert.equal(operation.path, '/api/things/{id}')
  assert.equal(operation.title, 'Get thing')
  assert.equal(operation.role, 'Reader')
  assert.equal(contractOf(document({ description: 'Needs the Creator role.' })).operations[0].role, 'Creator')
  assert.equal(contractOf(document({ security: [{}] })).operations[0].role, null)
})

test('an operation that does not say which role it needs stops the build', () => {
  assert.throws(() => contractOf(document({ description: 'A thing.' })), /Things_getThing/)
})

test('nested fields have their whole path, and a schema that contains itself ends', () => {
  const contract = document({ description: 'Any role.' })
  const paths = fieldsOf(contract, { name: 'Thing', schema: contract.components.schemas.Thing }).map((one) => [one.path, one.type, one.isRequired])
  assert.deepEqual(paths, [
    ['id', 'string', true],
    ['parts', 'list of objects', false],
    ['parts[].note', 'string or null', false],
    ['parts[].inner', 'object', false],
  ])
})

test('an operation lists the errors of its answers and those that the contract calls "default"', () => {
  const answers = [{ status: '200' }, { status: '404', description: 'Gone.' }, { status: 'default' }]
  const problems = contractOf(document({ security: [{}] })).problems
  const of = (id, role) => errorsOf({ id, role, answers }, problems).map((one) => one.slug)
  assert.deepEqual(of('Things_getThing', 'Reader'), ['not-found', 'internal'])
  assert.ok(of('Documents_commitUpload', 'Creator').includes('key-reused'))
})

test('the playground has a Swedish name for every operation, and for no other', () => {
  assert.deepEqual(Object.keys(SWEDISH_TITLES).sort(), readContract().operations.map(({ id }) => id).sort())
})
