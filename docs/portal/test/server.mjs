// Servers for the tests of the portal: real ones, each on a folder and a port of its own.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
export const PROGRAM = resolve(ROOT, process.env.BINDERY_PROGRAM ?? 'target/debug/bindery')

/** A folder that is gone when the process ends. */
export function folder() {
  const path = mkdtempSync(join(tmpdir(), 'bindery-portal-'))
  process.on('exit', () => rmSync(path, { recursive: true, force: true }))
  return path
}

let made
/** The demonstration: made once, copied for each server. Its tree, with ids and secrets. */
function demonstration() {
  if (made) return made
  const data = join(folder(), 'demonstration')
  const run = spawnSync(PROGRAM, ['demo', '--json', '--data-dir', data], { encoding: 'utf8', maxBuffer: 1 << 26 })
  if (run.status !== 0) throw new Error(`bindery demo: ${run.stderr}`)
  const [organization] = JSON.parse(run.stdout).organizations
  made = { data, organization, creator: organization.clients.find((one) => one.role === 'creator') }
  return made
}

/** A server with the demonstration: `{ url, data, environment(), stop() }`. */
export async function serve(...options) {
  const { data: template, organization, creator } = demonstration()
  const place = folder()
  const data = join(place, 'data')
  cpSync(template, data, { recursive: true })
  const args = ['serve', '--listen', '127.0.0.1:0', '--data-dir', data, '--min-free', '1MiB', ...options]
  const child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const kill = () => child.kill('SIGKILL')
  process.on('exit', kill)
  let log = ''
  child.stderr.on('data', (text) => { log = (log + text).slice(-20_000) })
  const first = await new Promise((done, fail) => {
    createInterface(child.stdout).once('line', done)
    child.once('exit', () => fail(new Error(`the server did not start:\n${log}`)))
  })
  const url = first.replace('listening on ', '')
  const credentials = { client_id: creator.id, client_secret: creator.secret }
  return {
    url,
    data,
    log: () => log,
    token: () => token(url, credentials),
    /** What the examples of the documentation find in their environment. */
    async environment() {
      return {
        BASE: url,
        ORG: organization.id,
        CLIENT_ID: creator.id,
        CLIENT_SECRET: creator.secret,
        TOKEN: await token(url, credentials),
        DATA_DIR: data,
      }
    },
    stop() {
      process.off('exit', kill)
      return new Promise((done) => {
        child.once('exit', () => { rmSync(place, { recursive: true, force: true }); done() })
        child.kill('SIGKILL')
      })
    },
  }
}

/** An access token. */
export async function token(url, credentials) {
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'ibinder_public', ...credentials })
  const answer = await fetch(`${url}/connect/token`, { method: 'POST', body })
  if (!answer.ok) throw new Error(`no token: ${await answer.text()}`)
  return (await answer.json()).access_token
}
