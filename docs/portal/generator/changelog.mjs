// The changelog of the program as a page.
import { readFileSync, writeFileSync } from 'node:fs'

/** Copies the changelog; its links into the repository are shown as text, for a reader here has no repository. */
export function writeChangelog(from, to) {
  const text = readFileSync(from, 'utf8').replace(/\[([^\]]*)\]\((?!https?:|#|\/)[^)]*\)/g, '$1')
  const feed = '<a href="/docs/changelog.atom" target="_self" type="application/atom+xml">As a feed (Atom)</a>'
  const [title, ...rest] = text.split('\n')
  const head = '---\ntitle: Changelog\noutline: 2\n---\n'
  writeFileSync(to, `${head}\n${title}\n\n${rest.join('\n').trim().replace(/\n\n/, `\n\n${feed}\n\n`)}\n`)
}
