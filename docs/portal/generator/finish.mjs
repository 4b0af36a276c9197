// What is made of the built site: Markdown twins, llms.txt, and the hashes of the inline scripts for the server's policy.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fullText, listOfPages } from './llms.mjs'
import { twinOf } from './twin.mjs'

/** VitePress calls this when all pages are written. */
export function finish({ pages, srcDir, outDir }) {
  const twins = pages.map((page) => ({ page, ...twinOf(readFileSync(join(srcDir, page), 'utf8'), page) }))
  for (const { page, text } of twins) write(join(outDir, page), text)
  write(join(outDir, 'llms.txt'), listOfPages(twins.filter((one) => !one.isSignpost)))
  write(join(outDir, 'llms-full.txt'), fullText(twins))
  // VitePress empties the folder; the program needs it to exist.
  write(join(outDir, '.gitkeep'), '')
  write(join(outDir, 'csp.json'), `${JSON.stringify({ 'script-src': inlineScripts(outDir) }, null, 2)}\n`)
}

/** The hashes of all inline scripts, as a Content-Security-Policy names them. */
function inlineScripts(outDir) {
  const pages = readdirSync(outDir, { recursive: true }).filter((name) => name.endsWith('.html'))
  const scripts = pages.flatMap((name) =>
    [...readFileSync(join(outDir, name), 'utf8').matchAll(/<script(?![^>]*\ssrc=)[^>]*>([^]*?)<\/script>/g)].map((one) => one[1]),
  )
  const hashes = [...new Set(scripts)].map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
  return hashes.sort()
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
