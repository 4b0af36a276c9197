// A real browser without a screen, for the tests of the portal.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { folder, ROOT } from './server.mjs'

const PROGRAM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const OPTIONS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

export const DESKTOP = { width: 1280, height: 900 }
export const PHONE = { width: 360, height: 740 }
/** Pictures of what the tests saw, for people: target/portal-screens. */
const PICTURES = join(ROOT, 'target/portal-screens')

/** Starts the browser. */
export async function start() {
  mkdirSync(PICTURES, { recursive: true })
  return chromium.launchPersistentContext(folder(), { executablePath: PROGRAM, headless: true, args: OPTIONS, viewport: DESKTOP, acceptDownloads: true })
}

/** A page that fails the test for what a reader would not see: errors of scripts, refused by the policy, other hosts. */
export async function open(browser, server, viewport, scheme = 'light') {
  const page = await browser.newPage()
  await page.setViewportSize(viewport)
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
  // A limit against hanging, not a measure: the machine may be busy.
  page.setDefaultTimeout(180_000)
  page.faults = []
  // A page is there before its script listens: what is pressed in between is lost.
  const goto = page.goto.bind(page)
  page.goto = async (...to) => {
    const answer = await goto(...to)
    await page.waitForFunction(() => document.querySelector('#app')?.__vue_app__)
    return answer
  }
  page.on('pageerror', (error) => page.faults.push(error.message))
  page.on('console', (message) => {
    // A refused call of the playground is no fault of the page.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) page.faults.push(message.text())
  })
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(`${server.url}/`)) page.faults.push(`loads ${request.url()}`)
  })
  return page
}

/** Keeps a picture of the page. */
export function picture(page, name) {
  return page.screenshot({ path: join(PICTURES, `${name}.png`) })
}
