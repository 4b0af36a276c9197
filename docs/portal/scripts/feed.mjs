// Writes the changelog as an Atom feed (RFC 4287) into the built site: one entry for each heading.
import { execFileSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const file = fileURLToPath(new URL('../../../CHANGELOG.md', import.meta.url))
const changelog = readFileSync(file, 'utf8').replace(/<!--[^]*?-->/g, '')
const sections = changelog.split(/^## /m).slice(1).map((text) => {
  const [heading, ...body] = text.split('\n')
  const date = /\d{4}-\d{2}-\d{2}/.exec(heading)?.[0]
  return { title: heading.trim(), updated: date ? `${date}T00:00:00Z` : changedAt(), body: body.join('\n').trim() }
})

/** When the changelog was last changed: a section without a date is still being written. */
function changedAt() {
  try {
    const commit = execFileSync('git', ['log', '-1', '--format=%cI', '--', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    if (commit.trim()) return commit.trim()
  } catch {
    // No repository: an archive of the sources.
  }
  return statSync(file).mtime.toISOString()
}

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign])
const anchor = (title) => title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
const entries = sections.map(({ title, updated, body }) => `  <entry>
    <id>tag:bindery,2026:changelog/${anchor(title)}</id>
    <title>${escaped(title)}</title>
    <updated>${updated}</updated>
    <link href="/docs/changelog#${anchor(title)}"/>
    <content type="text">${escaped(body)}</content>
  </entry>`)
const updated = sections.map((one) => new Date(one.updated)).sort((a, b) => b - a)[0] ?? new Date(0)
const feed = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>tag:bindery,2026:changelog</id>
  <title>Bindery: changelog</title>
  <updated>${updated.toISOString()}</updated>
  <author><name>Bindery</name></author>
  <link rel="self" href="/docs/changelog.atom"/>
  <link rel="alternate" type="text/html" href="/docs/changelog"/>
${entries.join('\n')}
</feed>
`
writeFileSync(new URL('../dist/changelog.atom', import.meta.url), feed)
