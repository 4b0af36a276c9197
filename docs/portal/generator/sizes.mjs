// How much script each page of the built site ships, compressed, against the limits: node generator/sizes.mjs
//
// A page ships what it loads at once (its module scripts, what they import, what the head preloads) and, when a reader
// comes to it from another page, its own part with the content in it. Both count. What is loaded on demand (search
// index, playground) is listed, not counted.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const KIB = 1024
export const GUIDE_LIMIT = 150 * KIB
export const REFERENCE_LIMIT = 450 * KIB

/** The pages over their limit, as sentences; with what each page ships. */
export function measure(dist) {
  const sizes = new Map()
  const size = (file) => {
    if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(join(dist, file)), { level: 9 }).length)
    return sizes.get(file)
  }
  const html = readdirSync(dist, { recursive: true }).filter((name) => name.endsWith('.html'))
  const pages = html.map((page) => {
    const files = scriptsOf(dist, page)
    const full = [...files].filter((one) => one.endsWith('.lean.js')).map((one) => one.replace('.lean.js', '.js'))
    const bytes = [...new Set([...files, ...full])].reduce((sum, one) => sum + size(one), 0)
    const limit = page.startsWith('reference/') ? REFERENCE_LIMIT : GUIDE_LIMIT
    return { page, bytes, limit }
  })
  return { pages, faults: pages.filter((one) => one.bytes > one.limit).map(fault) }
}

function fault({ page, bytes, limit }) {
  return `${page} ships ${Math.ceil(bytes / KIB)} KiB of compressed script, more than ${limit / KIB} KiB`
}

/** All scripts that a page loads without being asked: from its HTML, then by their static imports. */
function scriptsOf(dist, page) {
  const html = readFileSync(join(dist, page), 'utf8')
  const found = [...html.matchAll(/(?:src|href)="\/docs\/(assets\/[^"]+\.js)"/g)].map((one) => one[1])
  const all = new Set()
  for (let file = found.pop(); file; file = found.pop()) {
    if (all.has(file)) continue
    all.add(file)
    const text = readFileSync(join(dist, file), 'utf8')
    for (const [, path] of text.matchAll(/\b(?:import|from)\s*"(\.{1,2}\/[^"]+\.js)"/g)) {
      found.push(join(file, '..', path))
    }
  }
  return all
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { pages, faults } = measure(fileURLToPath(new URL('../dist/', import.meta.url)))
  for (const kind of ['reference/', '']) {
    const own = pages.filter((one) => (kind ? one.page.startsWith(kind) : !one.page.startsWith('reference/')))
    const largest = own.reduce((a, b) => (a.bytes > b.bytes ? a : b))
    console.log(`${kind || 'guides and others'}: ${own.length} pages, largest ${largest.page} with ${Math.ceil(largest.bytes / KIB)} KiB of ${largest.limit / KIB}`)
  }
  if (faults.length) {
    console.error(faults.join('\n'))
    process.exit(1)
  }
}
