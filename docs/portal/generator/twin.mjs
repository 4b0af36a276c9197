// A page as plain Markdown, for machines and for people who prefer it.
import { posix } from 'node:path'

const BASE = '/docs/'

/** The Markdown twin of a page's source: `{ title, description, isSignpost, text }`. */
export function twinOf(source, page) {
  const [, head = '', rest] = /^(?:---\n([^]*?)\n---\n)?([^]*)$/.exec(source)
  const field = (name) => new RegExp(`^${name}: *(.*)$`, 'm').exec(head)?.[1].replace(/^"(.*)"$/, '$1')
  const text = outsideOfCode(rest, (part) => plain(part, page)).trim()
  return {
    title: /^# (.*)$/m.exec(text)?.[1] ?? field('title'),
    description: field('description') ?? '',
    isSignpost: field('search') === 'false',
    text: `${text}\n`,
  }
}

/** Applies a change to all of a text but its code blocks; those lose what only a test reads in their first line. */
function outsideOfCode(text, change) {
  return text
    .split(/^(```[^]*?^```$)/m)
    .map((part, index) => (index % 2 === 0 ? change(part) : part.replace(/^```(\w*)[^\n[]*(?:\[([^\]]*)\])?.*$/m, heading)))
    .join('')
}

function heading(_, code, name) {
  return name ? `**${name}**\n\n\`\`\`${code}` : `\`\`\`${code}`
}

function plain(text, page) {
  return text
    .replace(/^::: (?:code-group|raw).*\n|^:::$\n?/gm, '')
    .replace(/^::: (\w+) *(.*)$/gm, (_, kind, title) => `**${title || kind}**`)
    .replace(/^<(?:TryIt|Playground)[^>]*\/>\n?/gm, '')
    .replace(/<p class="endpoint">(.*)<\/p>/g, (_, line) => `\`${line.replace(/<[^>]*>/g, '')}\``)
    .replace(/^<\/?div[^>]*>\n?/gm, '')
    .replace(/<code[^>]*>(.*?)<\/code>/g, (_, code) => `\`${code.replaceAll('<wbr>', '')}\``)
    .replace(/ \{#[\w-]+\}$/gm, '')
    .replace(/\]\((?!https?:|#|mailto:)([^)#]*)(#[^)]*)?\)/g, (_, target, hash = '') => `](${absolute(target, page)}${hash})`)
    // What is written in HTML leads out of this site, to the program itself.
    .replace(/<a href="([^"]*)"[^>]*>([^<]*)<\/a>/g, '[$2]($1)')
    .replace(/\n{3,}/g, '\n\n')
}

/** Where a link of a page leads: to the twin, if it is a page of this site. */
function absolute(target, page) {
  const inSite = target.startsWith('/') ? target.slice(1) : posix.join(posix.dirname(page), target)
  const file = inSite === '' || inSite.endsWith('/') || inSite === '.' ? posix.join(inSite, 'index') : inSite
  return `${BASE}${file.replace(/^\.\//, '').replace(/\.(?:md|html)$/, '')}${/\.(?!md$|html$)\w+$/.test(file) ? '' : '.md'}`
}
