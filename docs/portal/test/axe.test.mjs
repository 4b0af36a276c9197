// axe finds nothing on any page of the built site, in light and in dark (WCAG 2.1, levels A and AA).
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { DESKTOP, open, PHONE, start } from './browser.mjs'
import { serve } from './server.mjs'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] }
const DIST = fileURLToPath(new URL('../dist/', import.meta.url))
const pages = readdirSync(DIST, { recursive: true }).filter((name) => name.endsWith('.html')).map((name) => name.replace(/(^|\/)index\.html$|\.html$/, '$1'))

describe('axe', { concurrency: 2 }, () => {
  let server, browser
  before(async () => { [server, browser] = await Promise.all([serve('--sandbox'), start()]) })
  after(async () => { await browser.close(); await server.stop() })

  assert.ok(pages.length > 30, `${pages.length} pages`)
  for (const [scheme, viewport] of [['light', DESKTOP], ['dark', PHONE]]) {
    // Several pages for each tab: a new one costs more than the look at it.
    for (let lane = 0; lane < 2; lane += 1) {
      it(`finds nothing in ${scheme}, part ${lane + 1}`, async () => {
        const page = await open(browser, server, viewport, scheme)
        const found = []
        for (const path of pages.filter((_, n) => n % 2 === lane)) {
          await page.goto(`${server.url}/docs/${path}`)
          await page.locator('h1, .NotFound, .VPHome').first().waitFor()
          assert.equal(await page.evaluate(() => document.documentElement.classList.contains('dark')), scheme === 'dark', path)
          // Through the debugger, which the page's policy does not bind.
          await page.evaluate(AXE)
          const { violations } = await page.evaluate((rules) => globalThis.axe.run(document, rules), RULES)
          found.push(...violations.map(({ id, nodes }) => `/docs/${path}: ${id}: ${nodes.slice(0, 3).map((one) => one.html).join(' | ')}`))
        }
        assert.deepEqual(found, [])
        assert.deepEqual(page.faults, [])
        await page.close()
      })
    }
  }
})
