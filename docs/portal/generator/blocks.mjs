// The code blocks of the guides, as the test that runs them reads them.

const RUN = new Set(['sh', 'python', 'js'])

/** All code blocks of a page: `{ info, language, rest, text }`. */
export function blocksOf(page) {
  return [...page.matchAll(/^```([^\n`]*)\n([^]*?)^```$/gm)].map(([, info, text]) => {
    const [language, ...rest] = info.trim().split(' ')
    return { info, language, rest: rest.join(' '), text }
  })
}

/** What is wrong with a block of a guide: every one is run, compared, written to a file, or says why it is none of these. */
export function faultOf({ info, language, rest }) {
  if (language === '') return 'a block without a language'
  if (/norun=/.test(rest)) return /norun="[^"]{8,}"/.test(rest) ? null : `no reason why this is not run: ${info}`
  if (/\boutput\b/.test(rest) || /\bfile=\S+/.test(rest) || RUN.has(language)) return null
  return `neither run nor compared: ${info}`
}
