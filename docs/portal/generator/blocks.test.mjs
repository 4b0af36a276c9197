import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { blocksOf, faultOf } from './blocks.mjs'
import { readContract } from './contract.mjs'

const at = (path) => new URL(`../${path}`, import.meta.url)
const read = (path) => readFileSync(at(path), 'utf8')
const pages = ['guide', 'errors'].flatMap((folder) => readdirSync(at(`${folder}/`)).map((name) => `${folder}/${name}`))

test('every code block of a guide is run, compared, or says why not', () => {
  const faults = pages.flatMap((page) => blocksOf(read(page)).map(faultOf).filter(Boolean).map((fault) => `${page}: ${fault}`))
  assert.deepEqual(faults, [])
  assert.equal(faultOf({ info: 'json', language: 'json', rest: '' }), 'neither run nor compared: json')
})

test('every kind of error has its page, in both languages', () => {
  for (const { slug } of readContract().problems) {
    for (const prefix of ['', 'sv/']) assert.ok(existsSync(at(`${prefix}errors/${slug}.md`)), `${prefix}errors/${slug}`)
  }
})

/** Errors that no call to a fresh server leads to; their pages run what comes nearest. */
const NEVER_MET = ['other']

test('the page of an error shows a call that is answered with it', () => {
  for (const { slug } of readContract().problems) {
    const met = blocksOf(read(`errors/${slug}.md`)).filter(({ language, rest }) => language === 'json' && rest === 'output')
    const shown = met.map(({ text }) => JSON.parse(text).type)
    assert.deepEqual(shown, NEVER_MET.includes(slug) ? [] : [`/docs/errors/${slug}`], slug)
  }
})

test('a page in Swedish has the code blocks of the English one, so that running those runs both', () => {
  for (const page of pages) {
    assert.ok(existsSync(at(`sv/${page}`)), `sv/${page} is missing`)
    const texts = (path) => blocksOf(read(path)).map(({ info, text }) => ({ info, text }))
    assert.deepEqual(texts(`sv/${page}`), texts(page), page)
  }
})
