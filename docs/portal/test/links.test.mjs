// The built site: every internal link leads somewhere, every anchor is there, nothing is loaded from another host.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const DIST = fileURLToPath(new URL('../dist/', import.meta.url))
/** What the server answers beside the site. */
const SERVED = new Set(['/', '/openapi.json', '/openapi.yaml', '/.well-known/openid-configuration', '/healthz', '/readyz', '/metrics'])

const html = readdirSync(DIST, { recursive: true }).filter((name) => name.endsWith('.html'))
const texts = new Map(html.map((name) => [name, readFileSync(join(DIST, name), 'utf8')]))
const ids = new Map([...texts].map(([name, text]) => [name, new Set([...text.matchAll(/\sid="([^"]*)"/g)].map((one) => decode(one[1])))]))

function decode(text) {
  return text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>')
}

/** The file that a path of the site means, as the server finds it. */
function fileOf(path) {
  const name = decodeURIComponent(path.replace(/^\/docs\/?/, ''))
  const tries = name === '' || name.endsWith('/') ? [`${name}index.html`] : [name, `${name}.html`]
  return tries.find((one) => existsSync(join(DIST, one)) && statSync(join(DIST, one)).isFile())
}

/** What is wrong with a link of a page; null when nothing is. */
function faultOf(page, link) {
  const base = `http://site/docs/${page.replace(/(^|\/)index\.html$/, '$1').replace(/\.html$/, '')}`
  const url = new URL(link, base)
  if (url.host !== 'site') return null
  if (!url.pathname.startsWith('/docs')) return SERVED.has(url.pathname) ? null : `${page}: the server has no ${url.pathname}`
  const file = fileOf(url.pathname)
  if (!file) return `${page}: nothing is at ${link}`
  const anchor = decodeURIComponent(url.hash.slice(1))
  return anchor && ids.has(file) && !ids.get(file).has(anchor) ? `${page}: ${file} has no #${anchor}` : null
}

test('every internal link and anchor leads somewhere', () => {
  assert.ok(html.length > 30, `${html.length} pages`)
  let count = 0
  const faults = []
  for (const [page, text] of texts) {
    for (const [, link] of text.matchAll(/<a\s[^>]*?href="([^"]*)"/g)) {
      count += 1
      const fault = faultOf(page, decode(link))
      if (fault) faults.push(fault)
    }
  }
  assert.deepEqual([...new Set(faults)], [])
  assert.ok(count > 500, `${count} links`)
})

test('links in the Markdown twins lead somewhere, too', () => {
  const twins = readdirSync(DIST, { recursive: true }).filter((name) => name.endsWith('.md'))
  const faults = twins.flatMap((name) => {
    const prose = readFileSync(join(DIST, name), 'utf8').replace(/^```[^]*?^```$/gm, '').replace(/`[^`\n]*`/g, '')
    return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((one) => faultOf(name.replace(/\.md$/, '.html'), one[1].replace(/#.*/, '') || './'))
  })
  assert.ok(twins.length > 30, `${twins.length} twins`)
  assert.deepEqual([...new Set(faults.filter(Boolean))], [])
})

test('no page loads anything from another host', () => {
  const loading = /<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*\b(?:src|data)="([^"]*)"|<link\b[^>]*\bhref="([^"]*)"[^>]*>|url\((['"]?)([^'")]+)\3\)/g
  const files = [...texts, ...readdirSync(DIST, { recursive: true }).filter((name) => name.endsWith('.css')).map((name) => [name, readFileSync(join(DIST, name), 'utf8')])]
  const faults = files.flatMap(([name, text]) =>
    [...text.matchAll(loading)].map((one) => one[1] ?? one[2] ?? one[4]).filter((url) => /^(https?:)?\/\//.test(url)).map((url) => `${name} loads ${url}`))
  assert.deepEqual(faults, [])
})

test('the feed of the changelog has an entry for each heading', () => {
  const feed = readFileSync(join(DIST, 'changelog.atom'), 'utf8')
  const headings = readFileSync(join(DIST, '../../../CHANGELOG.md'), 'utf8').match(/^## /gm)
  assert.equal(feed.match(/<entry>/g).length, headings.length)
  for (const [, link] of feed.matchAll(/<link href="([^"]*)"/g)) assert.equal(faultOf('index.html', link), null)
})
