// The collections that the site offers, unchanged, against a fresh server with the demonstration.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { serve } from './server.mjs'

const require = createRequire(import.meta.url)
const newman = promisify(require('newman').run)

describe('collections', () => {
  let server
  before(async () => { server = await serve('--sandbox') })
  after(() => server.stop())

  it('the Postman collection runs as it is served', async () => {
    const collection = await (await fetch(`${server.url}/docs/bindery.postman_collection.json`)).json()
    const { run } = await newman({ collection, envVar: [{ key: 'baseUrl', value: server.url }], timeout: 120_000 })
    const failures = run.failures.map(({ source, error }) => `${source?.name}: ${error.message}`)
    assert.deepEqual(failures, [])
    const document = await (await fetch(`${server.url}/openapi.json`)).json()
    const operations = Object.values(document.paths).flatMap((item) => ['get', 'post', 'put', 'patch', 'delete'].filter((verb) => item[verb]))
    // Every operation, and the PUT between two of them.
    assert.equal(run.stats.items.total, operations.length + 1)
    assert.ok(run.stats.assertions.total >= operations.length)
  })

  it('the Bruno collection has the form that Bruno imports', async () => {
    const collection = await (await fetch(`${server.url}/docs/bindery.bruno.json`)).json()
    const { collectionSchema } = require('@usebruno/schema')
    await collectionSchema.validate(collection)
    const requests = collection.items.flatMap((folder) => folder.items)
    const postman = JSON.parse(readFileSync(new URL('../dist/bindery.postman_collection.json', import.meta.url), 'utf8'))
    assert.deepEqual(requests.map((one) => one.name), postman.item.flatMap((folder) => folder.item).map((one) => one.name))
  })
})
