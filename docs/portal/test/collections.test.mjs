// The collections that the site offers, unchanged, against a fresh server with the demonstration.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { folder, serve } from './server.mjs'

const require = createRequire(import.meta.url)
const newman = promisify(require('newman').run)
const BRUNO = fileURLToPath(new URL('bruno/run.cjs', import.meta.url))

/** How many requests a collection has: every operation, and the PUT between two of them. */
async function wantedRequests(server) {
  const document = await (await fetch(`${server.url}/openapi.json`)).json()
  const operations = Object.values(document.paths).flatMap((item) => ['get', 'post', 'put', 'patch', 'delete'].filter((verb) => item[verb]))
  return operations.length + 1
}

describe('collections', () => {
  let server
  before(async () => { server = await serve('--sandbox') })
  after(() => server.stop())

  it('the Postman collection runs as it is served', async () => {
    const collection = await (await fetch(`${server.url}/docs/bindery.postman_collection.json`)).json()
    const { run } = await newman({ collection, envVar: [{ key: 'baseUrl', value: server.url }], timeout: 120_000 })
    const failures = run.failures.map(({ source, error }) => `${source?.name}: ${error.message}`)
    assert.deepEqual(failures, [])
    const wanted = await wantedRequests(server)
    assert.equal(run.stats.items.total, wanted)
    assert.ok(run.stats.assertions.total >= wanted)
  })

  it('the Bruno collection runs as it is served, in Bruno\'s own program', async () => {
    const place = folder()
    const [collection, report] = [join(place, 'collection.json'), join(place, 'report.json')]
    writeFileSync(collection, await (await fetch(`${server.url}/docs/bindery.bruno.json`)).text())
    const printed = await promisify(execFile)('node', [BRUNO, collection, folder(), report, server.url], { timeout: 180_000, maxBuffer: 1 << 26 })
      // Refused requests make it exit with 1; its report says which.
      .catch((error) => error)
    const { results, summary } = JSON.parse(readFileSync(report, 'utf8'))[0]
    const failures = results.filter((one) => one.status !== 'pass' || one.testResults.length === 0 || one.testResults.some((test) => test.status !== 'pass'))
    assert.deepEqual(failures.map((one) => `${one.path}: ${one.error ?? JSON.stringify(one.testResults)}`), [], printed.stdout)
    const wanted = await wantedRequests(server)
    assert.equal(summary.totalRequests, wanted)
    assert.equal(summary.passedTests, wanted)
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
