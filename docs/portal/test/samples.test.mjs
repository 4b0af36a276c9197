// Every generated sample of a language that this machine can run, against a fresh server with the demonstration.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { jsonMismatch } from './matching.mjs'
import { folder, ROOT, serve, token } from './server.mjs'

const PORTAL = fileURLToPath(new URL('../', import.meta.url))
const SAMPLES = join(PORTAL, '.generated/samples')
const PATIENCE_MS = 300_000
const call = promisify(execFile)

const languages = JSON.parse(readFileSync(join(SAMPLES, 'languages.json'), 'utf8')).filter((one) => one.isExecuted)
const recorded = JSON.parse(readFileSync(join(PORTAL, 'generator/examples.json'), 'utf8'))
const operations = readdirSync(SAMPLES).filter((name) => name.endsWith('.curl.sh')).map((name) => name.replace('.curl.sh', ''))

/** Programs that are compiled all at once. */
const compiled = folder()
/** How a sample is run, by its extension. */
const COMMANDS = {
  'curl.sh': (file) => ['bash', ['-eo', 'pipefail', file]],
  mjs: (file) => ['node', [file]],
  ts: (_, id) => ['node', [join(compiled, 'ts', `${id}.js`)]],
  py: (file) => ['python3', [file]],
  java: (file) => ['java', ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', file]],
  go: (_, id) => [join(compiled, 'go', id), []],
  rs: (_, id) => [join(ROOT, 'target/portal-samples/debug', id), []],
}

/** TypeScript by its own compiler, types and all. */
async function compileTypeScript() {
  const place = join(compiled, 'ts')
  mkdirSync(place)
  const files = operations.map((id) => join(place, `${id}.ts`))
  operations.forEach((id, n) => copyFileSync(join(SAMPLES, `${id}.ts`), files[n]))
  writeFileSync(join(place, 'package.json'), '{"type": "module"}')
  const compiler = join(PORTAL, 'node_modules/typescript/bin/tsc')
  const types = join(PORTAL, 'node_modules/@types')
  const options = ['--target', 'es2022', '--module', 'nodenext', '--strict', '--skipLibCheck', '--typeRoots', types, '--types', 'node']
  await call('node', [compiler, ...options, ...files], { cwd: place }).catch((error) => { throw new Error(error.stdout) })
}

/** Go programs of one module, each in a package of its own. */
async function compileGo() {
  const place = join(compiled, 'go-sources')
  for (const id of operations) {
    mkdirSync(join(place, id), { recursive: true })
    copyFileSync(join(SAMPLES, `${id}.go`), join(place, id, 'main.go'))
  }
  writeFileSync(join(place, 'go.mod'), 'module samples\n\ngo 1.19\n')
  mkdirSync(join(compiled, 'go'))
  await call('go', ['build', '-o', join(compiled, 'go/'), './...'], { cwd: place })
}

/** Rust programs of one package, with the dependencies that the workspace has locked. */
async function compileRust() {
  const place = join(ROOT, 'target/portal-samples/package')
  mkdirSync(join(place, 'src/bin'), { recursive: true })
  const bins = operations.map((id) => `[[bin]]\nname = "${id}"\npath = "src/bin/${id}.rs"\n`)
  const manifest = [
    '[package]\nname = "samples"\nversion = "0.0.0"\nedition = "2024"\n',
    '[workspace]\n',
    '[dependencies]\nreqwest = { version = "0.13", default-features = false, features = ["blocking", "json"] }\nserde_json = "1"\n',
    '[profile.dev]\ndebug = false\n',
    ...bins,
  ]
  writeFileSync(join(place, 'Cargo.toml'), manifest.join('\n'))
  copyFileSync(join(ROOT, 'Cargo.lock'), join(place, 'Cargo.lock'))
  for (const id of operations) cpSync(join(SAMPLES, `${id}.rs`), join(place, 'src/bin', `${id}.rs`), { preserveTimestamps: true })
  const environment = { ...process.env, CARGO_TARGET_DIR: join(ROOT, 'target/portal-samples') }
  await call('cargo', ['build', '--quiet', '--offline'], { cwd: place, env: environment, maxBuffer: 1 << 26 })
}

/** Calls that make something: its ids, times and numbers are new each time. */
const MAKING = new Set(['Documents_commitUpload', 'Documents_getPresignedUpload', 'Sandbox_openSandbox'])
const MADE = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT.*|\d+)$/

/**
 * A recorded answer as a pattern: presigned URLs and when they end differ in every answer, and whether there is a picture
 * already depends on how long the server has run.
 */
function lasting(id, value, name = '') {
  if (Array.isArray(value)) return value.map((one) => lasting(id, one))
  if (value !== null && typeof value === 'object') {
    const lastingOnes = Object.entries(value).filter(([key]) => key !== 'thumbnailUrl')
    return Object.fromEntries(lastingOnes.map(([key, one]) => [key, lasting(id, one, key)]))
  }
  if (typeof value !== 'string') return value
  const changes = /^https?:/.test(value) || name === 'expiresAt' || (MAKING.has(id) && MADE.test(value))
  return changes ? '…' : value
}

/** An environment in which a sandbox is the organization, for the calls that are about one. */
async function inSandbox(server, environment) {
  const sandbox = await (await fetch(`${server.url}/sandbox`, { method: 'POST' })).json()
  const credentials = { client_id: sandbox.clientId, client_secret: sandbox.clientSecret }
  return { ...environment, ORG: sandbox.organizationId, TOKEN: await token(server.url, credentials) }
}

describe('samples', { concurrency: availableParallelism() }, () => {
  let server, environment, sandboxed
  before(async () => {
    server = await serve('--sandbox', '--sandbox-rate', '1000/1m')
    const path = [join(ROOT, '.venv/bin'), process.env.PATH].join(delimiter)
    environment = { ...process.env, ...(await server.environment()), PATH: path }
    sandboxed = await inSandbox(server, environment)
    await Promise.all([compileTypeScript(), compileGo(), compileRust()])
  }, { timeout: 3 * PATIENCE_MS })
  after(() => server.stop())

  assert.ok(languages.length >= 7 && operations.length >= 12, `${languages.length} languages, ${operations.length} operations`)
  for (const { name, extension } of languages) {
    for (const id of operations) {
      it(`${id} in ${name}`, async () => {
        const [command, options] = COMMANDS[extension](join(SAMPLES, `${id}.${extension}`), id)
        const directory = folder()
        writeFileSync(join(directory, 'minutes.pdf'), '%PDF-1.4 minutes of a meeting\n')
        const env = id.startsWith('Sandbox_') ? sandboxed : environment
        const { stdout } = await call(command, options, { cwd: directory, env, timeout: PATIENCE_MS, maxBuffer: 1 << 26 })
        const { answer } = recorded[id] ?? {}
        if (answer !== undefined) assert.equal(jsonMismatch('$', lasting(id, answer), JSON.parse(stdout)), null)
        else if (!id.startsWith('Sandbox_reset')) assert.notEqual(stdout.trim(), '')
      })
    }
  }
})
