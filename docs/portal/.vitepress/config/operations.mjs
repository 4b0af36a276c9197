// The reference's part of the sidebar, from the OpenAPI document.
import { readFileSync } from 'node:fs'
import { useSidebar } from 'vitepress-openapi'

const FILE = new URL('../../../openapi.json', import.meta.url)

/** Groups of operations by tag, each operation with a link to its page. */
export function operationGroups() {
  const spec = JSON.parse(readFileSync(FILE, 'utf8'))
  const sidebar = useSidebar({ spec, linkPrefix: '/reference/', sidebarItemTemplate: ({ title }) => title.replace(/\.$/, '') })
  return sidebar.generateSidebarGroups().map(({ text, items }) => ({ text, items: items.map(({ text, link }) => ({ text, link })) }))
}
