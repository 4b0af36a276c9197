// What a reader does, in a real browser: reads a guide, searches, follows an operation, on a desktop and on a phone.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { DESKTOP, open, PHONE, picture, start } from './browser.mjs'
import { serve } from './server.mjs'

describe('reading', () => {
  let server, browser
  before(async () => { [server, browser] = await Promise.all([serve(), start()]) })
  after(async () => { await browser.close(); await server.stop() })

  for (const [device, viewport] of [['desktop', DESKTOP], ['phone', PHONE]]) {
    it(`a guide is read on a ${device}`, async () => {
      const page = await open(browser, server, viewport)
      await page.goto(`${server.url}/docs/`)
      await picture(page, `index-${device}`)
      await page.goto(`${server.url}/docs/guide/quickstart`)
      assert.match(await page.locator('h1').first().innerText(), /Quickstart/)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      assert.equal(wide, 0, `the page is ${wide} px wider than the ${device}`)
      await picture(page, `quickstart-${device}`)
      // To the next page by a link of the text, without loading the whole anew.
      await page.locator('.vp-doc a[href$="/upload"]').first().click()
      await page.waitForURL('**/docs/guide/upload')
      await page.waitForFunction(() => /upload/i.test(document.querySelector('h1')?.textContent ?? ''))
      assert.deepEqual(page.faults, [])
      await page.close()
    })

    it(`the search finds an error on a ${device}`, async () => {
      const page = await open(browser, server, viewport)
      await page.goto(`${server.url}/docs/guide/quickstart`)
      await page.locator('#local-search button, .VPNavBarSearch button').first().click()
      await page.locator('.VPLocalSearchBox input').fill('idempotency key')
      const result = page.locator('.VPLocalSearchBox .result').first()
      await result.waitFor()
      await picture(page, `search-${device}`)
      await result.click()
      await page.waitForURL((url) => !url.pathname.endsWith('/quickstart'))
      assert.deepEqual(page.faults, [])
      await page.close()
    })
  }

  it('the keyboard alone reaches the text, and the search', async () => {
    const page = await open(browser, server, DESKTOP)
    await page.goto(`${server.url}/docs/guide/quickstart`)
    await page.keyboard.press('Tab')
    const first = await page.evaluate(() => document.activeElement?.textContent?.trim())
    assert.match(first, /skip to content/i)
    await page.keyboard.press('Control+k')
    await page.locator('.VPLocalSearchBox input').waitFor()
    await page.keyboard.type('rate limit')
    await page.locator('.VPLocalSearchBox .result').first().waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => !url.pathname.endsWith('/quickstart'))
    assert.deepEqual(page.faults, [])
    await page.close()
  })

  it('the button of a code block copies it', async () => {
    const page = await open(browser, server, DESKTOP)
    await browser.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url })
    await page.goto(`${server.url}/docs/guide/quickstart`)
    const block = page.locator('.vp-doc div[class*="language-"]').first()
    await block.hover()
    await block.locator('button.copy').click()
    await block.locator('button.copy.copied').waitFor()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    assert.ok(copied.length > 10, copied)
    assert.equal(copied.trim(), (await block.locator('pre code').innerText()).trim())
    assert.deepEqual(page.faults, [])
    await page.close()
  })

  it('an operation has an address of its own, and a page that is not there says so', async () => {
    const page = await open(browser, server, DESKTOP)
    const answer = await page.goto(`${server.url}/docs/reference/Documents_searchDocuments`)
    assert.equal(answer.status(), 200)
    await page.locator('h1').first().waitFor()
    await picture(page, 'operation-desktop')
    const missing = await page.goto(`${server.url}/docs/no-such-page`)
    assert.equal(missing.status(), 404)
    await page.getByText('404').first().waitFor()
    await page.close()
  })
})
