// Every code block of every guide, run in order against a fresh server with the demonstration.
//
// generator/blocks.mjs says what kinds of blocks there are. The Swedish pages have the same blocks: a test of the
// generators holds that.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { blocksOf } from '../generator/blocks.mjs'
import { mismatch } from './matching.mjs'
import { folder, PROGRAM, ROOT, serve } from './server.mjs'

const PORTAL = fileURLToPath(new URL('../', import.meta.url))
/** Longer than any block takes on a busy machine. */
const PATIENCE_MS = 180_000
const PROGRAMS = { python: ['py', 'python3'], js: ['mjs', 'node'] }

const pages = ['guide', 'errors'].flatMap((folder) => readdirSync(join(PORTAL, folder)).filter((name) => name.endsWith('.md')).map((name) => `${folder}/${name}`))

/** What becomes of each block: a step of the script, a file, or what a step shows. */
function steps(page) {
  const found = []
  for (const block of blocksOf(page)) {
    const [, file] = /\bfile=(\S+)/.exec(block.rest) ?? []
    if (/norun=/.test(block.rest)) continue
    if (file) found.push({ kind: 'file', file, text: block.text })
    else if (/\boutput\b/.test(block.rest)) found.at(-1).output = { language: block.language, text: block.text }
    else found.push({ kind: 'run', language: block.language, text: block.text })
  }
  return found
}

/** One bash session: blocks of the shell are read by it, other programs run in its environment. */
function script(all, place) {
  const lines = ['set -eo pipefail']
  all.forEach((step, n) => {
    const [extension, program] = PROGRAMS[step.language] ?? ['sh', '.']
    const name = step.kind === 'file' ? step.file : `block-${n}.${extension}`
    if (step.kind === 'file') return lines.push(`cat "$BLOCKS/file-${n}" >${name}`)
    writeFileSync(join(place, name), step.text)
    lines.push(`echo ${n} >"$BLOCKS/current"`, `${program} "$BLOCKS/${name}" >"$BLOCKS/out-${n}" 2>"$BLOCKS/err-${n}"`)
  })
  all.forEach((step, n) => step.kind === 'file' && writeFileSync(join(place, `file-${n}`), step.text))
  return `${lines.join('\n')}\n`
}

function run(text, directory, environment) {
  return new Promise((done) => {
    const child = spawn('bash', ['-c', text], { cwd: directory, env: environment, stdio: 'ignore', detached: true })
    // What a block leaves running goes with its page.
    const end = () => { try { process.kill(-child.pid, 'SIGKILL') } catch { /* all of it has ended */ } }
    const timer = setTimeout(end, PATIENCE_MS)
    child.once('exit', (code) => { clearTimeout(timer); end(); done(code) })
  })
}

const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')

describe('guides', { concurrency: 2 }, () => {
  assert.ok(pages.length > 15, `only ${pages.length} pages`)
  for (const page of pages) {
    it(page, async () => {
      const all = steps(readFileSync(join(PORTAL, page), 'utf8'))
      assert.ok(all.some((step) => step.kind === 'run'), 'no block of this page is run')
      const server = await serve()
      try {
        const [blocks, directory] = [folder(), folder()]
        const path = [dirname(PROGRAM), join(ROOT, '.venv/bin'), process.env.PATH].join(delimiter)
        const environment = { ...process.env, ...(await server.environment()), PATH: path, BLOCKS: blocks }
        const code = await run(script(all, blocks), directory, environment)
        const at = Number(read(join(blocks, 'current')))
        assert.equal(code, 0, `this block ended with ${code}:\n${all[at].text}\n${read(join(blocks, `err-${at}`))}\n${read(join(blocks, `out-${at}`))}`)
        all.forEach((step, n) => {
          if (!step.output) return
          const wrong = mismatch(step.output.language, step.output.text, read(join(blocks, `out-${n}`)))
          assert.equal(wrong, null, `${step.text}\nshows something else: ${wrong}`)
        })
      } finally {
        await server.stop()
      }
    })
  }
})
