// The playground in a real browser: the quickstart's calls and an upload, on a desktop and on a phone; a sandbox by one click.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { DESKTOP, open, PHONE, picture, start } from './browser.mjs'
import { serve } from './server.mjs'

describe('playground', () => {
  let server, browser, credentials
  before(async () => {
    [server, browser] = await Promise.all([serve('--sandbox'), start()])
    const { CLIENT_ID, CLIENT_SECRET, ORG } = await server.environment()
    credentials = { id: CLIENT_ID, secret: CLIENT_SECRET, organization: ORG }
  })
  after(async () => { await browser.close(); await server.stop() })

  async function visit(viewport) {
    const page = await open(browser, server, viewport)
    await page.goto(`${server.url}/docs/playground`)
    await page.locator('section.playground').waitFor()
    return page
  }

  async function signIn(page) {
    await page.getByLabel('Client id').fill(credentials.id)
    await page.getByLabel('Client secret').fill(credentials.secret)
    await page.locator('form.credentials button[type=submit]').click()
    await page.locator('.who').getByText(credentials.organization).waitFor()
  }

  /** Chooses an operation, fills its parameters and sends it; the answer as it is shown. */
  async function call(page, operation, status, values = {}) {
    await page.locator('select.operation-choice').selectOption(operation)
    for (const [name, value] of Object.entries(values)) await page.getByLabel(new RegExp(`^${name}\\b`)).fill(value)
    await page.locator('form.playground-form button[type=submit]').click()
    await page.locator('.answer .status').getByText(String(status)).waitFor()
    assert.match(await page.locator('.answer .note').first().innerText(), /\d+ ms/)
    return page.locator('.answer pre').innerText()
  }

  for (const [device, viewport] of [['desktop', DESKTOP], ['phone', PHONE]]) {
    it(`runs the quickstart on a ${device}`, async () => {
      const page = await visit(viewport)
      await signIn(page)
      assert.equal(JSON.parse(await call(page, 'Binders_listBinders', 200)).length, 12)
      const found = JSON.parse(await call(page, 'Documents_searchDocuments', 200, { searchTerm: 'A-40.1-1100' }))
      const [{ id, latestVersionId }] = found.items
      await call(page, 'Documents_getVersionDownloadLink', 200, { documentId: id, versionId: latestVersionId })
      await picture(page, `playground-${device}`)
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a.download-link').click()])
      assert.match(download.suggestedFilename(), /^A-40\.1-1100.*\.pdf$/)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      assert.equal(wide, 0, `the page is ${wide} px wider than the ${device}`)
      assert.deepEqual(page.faults, [])
      await page.close()
    })

    it(`uploads a file on a ${device}`, async () => {
      const page = await visit(viewport)
      await signIn(page)
      await page.locator('select.operation-choice').selectOption('Documents_commitUpload')
      const bytes = Buffer.from(`%PDF-1.4 from a ${device}`)
      await page.locator('input[type=file]').setInputFiles({ name: `${device}.pdf`, mimeType: 'application/pdf', buffer: bytes })
      await page.locator('form.playground-form button[type=submit]').click()
      await page.locator('.answer .status').getByText('200').waitFor()
      const statuses = await page.locator('.steps .status').allInnerTexts()
      assert.deepEqual(statuses.map((one) => one.slice(0, 3)), ['200', '201', '200'])
      const version = JSON.parse(await page.locator('.answer pre').innerText())
      const stored = await fetch(version.downloadUrl)
      assert.equal(await stored.text(), bytes.toString())
      await picture(page, `upload-${device}`)
      assert.deepEqual(page.faults, [])
      await page.close()
    })
  }

  it('refuses a wrong secret in words, and keeps no secret', async () => {
    const page = await visit(DESKTOP)
    await page.getByLabel('Client id').fill(credentials.id)
    await page.getByLabel('Client secret').fill('wrong')
    await page.locator('form.credentials button[type=submit]').click()
    await page.locator('.sign-in .problem').filter({ hasText: /\w/ }).waitFor()
    await signIn(page)
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]))
    assert.ok(!kept.includes(credentials.secret) && !/eyJ/.test(kept), kept)
    await page.reload()
    await page.getByLabel('Client secret').waitFor()
    assert.deepEqual(page.faults, [])
    await page.close()
  })

  it('speaks Swedish on its Swedish page, and leads to the Swedish page of an error', async () => {
    const page = await open(browser, server, DESKTOP)
    await page.goto(`${server.url}/docs/sv/playground`)
    await page.getByLabel('Klient-id').fill(credentials.id)
    await page.getByLabel('Klienthemlighet').fill(credentials.secret)
    await page.locator('form.credentials button[type=submit]').click()
    await page.locator('.who').getByText(credentials.organization).waitFor()
    assert.equal(await page.locator('select.operation-choice option').first().innerText(), 'Lista pärmar')
    await call(page, 'Documents_getDocument', 404, { documentId: '00000000-0000-4000-8000-000000000000' })
    await page.locator('.answer a', { hasText: 'Läs om den här sortens fel' }).click()
    await page.waitForURL('**/docs/sv/errors/not-found')
    assert.deepEqual(page.faults, [])
    await page.close()
  })

  it('works with a sandbox of the visitor\'s own by one click, and resets it', async () => {
    const page = await visit(DESKTOP)
    await page.locator('.offer button').click()
    await page.locator('.who').getByText('sandbox-').waitFor()
    await picture(page, 'sandbox-desktop')
    assert.equal(JSON.parse(await call(page, 'Binders_listBinders', 200)).length, 12)
    await page.locator('.who button').first().click()
    await page.locator('.sign-in [role=status]').filter({ hasText: /\w/ }).waitFor()
    assert.equal(JSON.parse(await call(page, 'Binders_listBinders', 200)).length, 12)
    assert.deepEqual(page.faults, [])
    await page.close()
  })
})
