// The pages of the kinds of errors, for the sidebar.
import { readFileSync } from 'node:fs'
import { problems } from '../../generator/problems.mjs'

const FILE = new URL('../../../openapi.json', import.meta.url)

/** A link for each kind of error, by status. `prefix` is that of the language. */
export function errorItems(prefix) {
  return problems(JSON.parse(readFileSync(FILE, 'utf8'))).map(({ slug, status }) => ({
    text: status ? `${status} ${slug}` : slug,
    link: `${prefix}/errors/${slug}`,
  }))
}
