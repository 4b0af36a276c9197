// The reference and the changelog are in English. Where a reader in Swedish would look for them stands a page that leads
// there, so that changing the language never ends on a missing page.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'

/** Writes a signpost for every page of the reference, and for the changelog. */
export function writeSignposts({ operations }, folder) {
  const reference = new URL('reference/', folder)
  rmSync(reference, { recursive: true, force: true })
  mkdirSync(reference, { recursive: true })
  writeFileSync(new URL('index.md', reference), signpost('API-referens', 'Referensen är på engelska', '/reference/'))
  for (const { id, title } of operations) {
    writeFileSync(new URL(`${id}.md`, reference), signpost(title, 'Referensen är på engelska', `/reference/${id}`))
  }
  writeFileSync(new URL('changelog.md', folder), signpost('Ändringar', 'Ändringarna är på engelska', '/changelog'))
}

function signpost(title, why, to) {
  return `---\ntitle: ${JSON.stringify(title)}\nsearch: false\naside: false\nsidebar: false\n---\n\n# ${title}\n\n${why}: [${title}](${to}).\n`
}
