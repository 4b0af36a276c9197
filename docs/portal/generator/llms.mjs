// llms.txt (https://llmstxt.org): which pages there are, and all of the English ones in one file.

const SECTIONS = [
  ['Guides', /^guide\//],
  ['Reference', /^reference\//],
  ['Errors', /^errors\//],
  ['På svenska', /^sv\//],
  ['Other', /./],
]

/** The list of all pages, each with its Markdown twin. */
export function listOfPages(twins) {
  const left = new Set(twins.filter((one) => one.page !== 'index.md'))
  const sections = SECTIONS.map(([name, pattern]) => {
    const own = [...left].filter((one) => pattern.test(one.page)).sort((a, b) => a.page.localeCompare(b.page))
    own.forEach((one) => left.delete(one))
    const lines = own.map(({ page, title, description }) => `- [${title}](/docs/${page})${description ? `: ${description}` : ''}`)
    return lines.length ? `## ${name}\n\n${lines.join('\n')}\n` : ''
  })
  return `# Bindery

> A document platform for property owners and construction projects. It speaks the public API of iBinder: binders, folders, documents with versions and metadata, search, three-step upload, download links.

Every page has a Markdown twin: its address with \`.md\`. The contract is [/openapi.json](/openapi.json). All English guides and errors in one file: [/docs/llms-full.txt](/docs/llms-full.txt).

${sections.filter(Boolean).join('\n')}`
}

/** The English guides and errors, one after the other. */
export function fullText(twins) {
  return twins
    .filter(({ page }) => /^(guide|errors)\//.test(page))
    .sort((a, b) => a.page.localeCompare(b.page))
    .map(({ page, text }) => `<!-- /docs/${page} -->\n\n${text}`)
    .join('\n')
}
