import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { measure } from './sizes.mjs'

const KIB = 1024

/** A built site of one guide whose script imports another one of so many bytes that do not compress. */
function site(bytes, how) {
  const dist = mkdtempSync(join(tmpdir(), 'sizes-'))
  mkdirSync(join(dist, 'assets/chunks'), { recursive: true })
  mkdirSync(join(dist, 'guide'))
  writeFileSync(join(dist, 'guide/a.html'), '<script type="module" src="/docs/assets/app.js"></script><link rel="modulepreload" href="/docs/assets/a.md.lean.js">')
  writeFileSync(join(dist, 'assets/app.js'), how)
  writeFileSync(join(dist, 'assets/a.md.lean.js'), '')
  writeFileSync(join(dist, 'assets/a.md.js'), '')
  writeFileSync(join(dist, 'assets/chunks/large.js'), randomBytes(bytes))
  return dist
}

test('what a page imports at once counts, what it may import later does not', () => {
  const imported = measure(site(100 * KIB, 'import{a}from"./chunks/large.js";'))
  assert.ok(imported.pages[0].bytes > 100 * KIB)
  const later = measure(site(100 * KIB, 'const a=()=>import("./chunks/large.js")'))
  assert.ok(later.pages[0].bytes < KIB)
})

test('a guide over its limit is named', () => {
  assert.deepEqual(measure(site(120 * KIB, 'import"./chunks/large.js"')).faults, [])
  const [fault] = measure(site(160 * KIB, 'import"./chunks/large.js"')).faults
  assert.match(fault, /^guide\/a\.html ships 16\d KiB of compressed script, more than 150 KiB$/)
})
