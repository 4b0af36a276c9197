// The reference as Markdown: one page with the whole of it, and one page for each operation.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { ORGANIZATION, callOf } from './demonstration.mjs'
import { errorsOf } from './problems.mjs'
import { executed, notExecuted, samplesOf } from './samples.mjs'
import { json } from './samples/text.mjs'
import { fieldsOf, typeText } from './schemas.mjs'

const EXAMPLES = JSON.parse(readFileSync(new URL('./examples.json', import.meta.url), 'utf8'))

/** Writes all pages of the reference into a folder. */
export function writeReference(contract, folder) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(new URL('index.md', folder), whole(contract))
  for (const operation of contract.operations) {
    writeFileSync(new URL(`${operation.id}.md`, folder), page(contract, operation))
  }
}

function page(contract, operation) {
  return [
    `---\ntitle: ${quoted(operation.title)}\ndescription: ${quoted(firstSentence(operation.description || operation.title))}\noutline: [2, 3]\npageClass: operation\n---\n`,
    `# ${operation.title}\n`,
    ...section(contract, operation, '##'),
    `The operation's id is \`${operation.id}\`. [All operations on one page](./#${operation.id})\n`,
  ].join('\n')
}

function whole(contract) {
  const { info, operations, tags } = contract
  const groups = tags.flatMap((tag) => [
    `## ${tag}\n`,
    ...operations
      .filter((one) => one.tag === tag)
      .flatMap((one) => [`### ${one.title} {#${one.id}}\n`, ...section(contract, one, '####'), `[This operation on a page of its own](./${one.id})\n`]),
  ])
  return [introduction(contract, info), ...groups, ...schemas(contract)].join('\n')
}

function introduction({ document, operations }, info) {
  const contact = info.contact?.email ?? info.contact?.url
  return `---
title: API reference
description: Every operation of the API on one page.
outline: [2, 3]
pageClass: whole-reference
---

# API reference

${info.description ?? ''} Version ${info.version}, as OpenAPI 3.1: <a href="/openapi.json" target="_self">/openapi.json</a>.

| operation | call | role |
|---|---|---|
${operations.map((one) => `| [${one.title}](#${one.id}) | <code>${one.method} ${breakable(one.path)}</code> | ${one.role ?? 'none'} |`).join('\n')}

## Servers

| base URL | what it is |
|---|---|
${(document.servers ?? []).map(({ url, description }) => `| \`${url}\` | ${description ?? 'A server as it starts on your own machine. Replace it with the public URL of yours.'} |`).join('\n')}

Paths on these pages begin at the server's root. Literal segments of a path and names in a query match in any case, and a slash at the end is ignored.

## Authorization

Every call under \`/api\` carries an access token (\`Authorization: Bearer …\`, from [\`POST /connect/token\`](../guide/authentication)). All but one name the organization, too: \`x-ibinder-tenantid\`. A client has one role: Reader, Creator or Admin; each operation says the least one that it takes.

## Contact

Questions about a server go to those who run it${contact ? `: ${contact}` : '; they also make [clients and secrets](../guide/credentials)'}. Name the \`traceId\` of the answer: their logs carry the same one.

## Samples

All samples read three variables: \`BASE\` (the server's URL), \`ORG\` (the organization's id) and \`TOKEN\` (an access token). Ids in them are those of the [demonstration organization](../guide/quickstart), so that they run as they are. A test runs those in ${executed}. Those in ${notExecuted} are not run.
`
}

function section(contract, operation, level) {
  return [
    `<p class="endpoint"><span class="method ${operation.method.toLowerCase()}">${operation.method}</span> <span class="path">${path(operation.path)}</span></p>\n`,
    operation.description ? `${operation.description.replace(/\n/g, ' ')}\n` : '',
    needs(operation),
    parameters(contract, operation, level),
    body(contract, operation, level),
    `<TryIt operation="${operation.id}" />\n`,
    samples(contract, operation, level),
    ...answers(contract, operation, level),
    errors(contract, operation, level),
  ].filter(Boolean)
}

function needs({ role }) {
  if (role === null) return '**Authorization**: none.\n'
  const [first, ...rest] = ['Reader', 'Creator', 'Admin'].slice(['Reader', 'Creator', 'Admin'].indexOf(role))
  return `**Authorization**: a token with the scope \`ibinder_public\`. **Role**: ${[first, ...rest].join(', ').replace(/, (\w+)$/, ' or $1')}.\n`
}

function parameters({ document }, operation, level) {
  if (operation.parameters.length === 0) return ''
  const rows = operation.parameters.map((one) => {
    const example = one.example ?? one.schema?.example
    const shown = one.name === 'x-ibinder-tenantid' ? ORGANIZATION : (one.in === 'path' ? valueInPath(operation, one.name) : example)
    const more = shown === undefined ? '' : ` Example: \`${shown}\`.`
    return `| <code class="whole">${one.name}</code> | ${one.in} | ${typeText(document, one.schema ?? {})}${one.required ? ', required' : ''} | ${cell(one.description)}${more} |`
  })
  return [`${level} Parameters${anchor(operation, 'parameters', level)}\n`, '| name | in | type | meaning |', '|---|---|---|---|', ...rows, ''].join('\n')
}

function valueInPath(operation, name) {
  const index = operation.path.split('/').indexOf(`{${name}}`)
  return decodeURIComponent(callOf(operation).path.split('?')[0].split('/')[index])
}

function body({ document }, operation, level) {
  if (!operation.body) return ''
  const example = EXAMPLES[operation.id]?.request ?? operation.body.example
  return [
    `${level} Body${anchor(operation, 'body', level)}\n`,
    `\`${operation.body.type}\`, ${operation.body.required ? 'required' : 'optional'}.\n`,
    table(document, operation.body.schema),
    example === undefined ? '' : `\`\`\`json\n${json(example)}\n\`\`\`\n`,
  ].join('\n')
}

function samples({ document }, operation, level) {
  const blocks = samplesOf(operation, document).map(({ language, text }) => `\`\`\`${language.code} [${language.name}]\n${text.trimEnd()}\n\`\`\``)
  const note = level === '##' ? `They read \`BASE\`, \`ORG\` and \`TOKEN\` from the environment. A test runs those in ${executed}; not those in ${notExecuted}.\n` : ''
  return [`${level} Samples${anchor(operation, 'samples', level)}\n`, note, '::: code-group\n', blocks.join('\n\n'), '\n:::\n'].join('\n')
}

function answers({ document }, operation, level) {
  return operation.answers
    .filter((one) => /^[123]/.test(one.status))
    .map((one) => {
      const example = one.status.startsWith('2') ? (EXAMPLES[operation.id]?.answer ?? one.example) : undefined
      const isRecorded = example !== undefined && EXAMPLES[operation.id]
      return [
        `${level} Answer ${one.status}${anchor(operation, `answer-${one.status}`, level)}\n`,
        one.description ? `${one.description}\n` : '',
        one.schema ? table(document, one.schema) : '',
        isRecorded ? 'From the demonstration organization; lists are cut to three items.\n' : '',
        example === undefined ? '' : `\`\`\`json\n${json(example)}\n\`\`\`\n`,
      ].join('\n')
    })
}

function errors({ problems }, operation, level) {
  const rows = errorsOf(operation, problems).map(
    ({ status, slug, when }) => `| ${status} | [\`${slug}\`](../errors/${slug}) | ${cell(when)} |`,
  )
  if (rows.length === 0) return ''
  return [`${level} Errors${anchor(operation, 'errors', level)}\n`, '| status | type | when |', '|---|---|---|', ...rows, ''].join('\n')
}

function schemas({ document }) {
  const all = Object.entries(document.components?.schemas ?? {}).filter(([, schema]) => schema.properties)
  return ['## Schemas\n', ...all.flatMap(([name, schema]) => [`### ${name} {#schema-${name}}\n`, schema.description ? `${schema.description}\n` : '', table(document, { name, schema })])]
}

function table(document, schema) {
  const rows = fieldsOf(document, schema).map(
    ({ path, type, isRequired, description }) => `| \`${path}\` | ${type}${isRequired ? '' : ', optional'} | ${cell(description)} |`,
  )
  return rows.length === 0 ? '' : ['| field | type | meaning |', '|---|---|---|', ...rows, ''].join('\n')
}

/** On the one page every heading needs an anchor that says which operation it is of. */
function anchor(operation, part, level) {
  return level === '##' ? ` {#${part}}` : ` {#${operation.id}-${part}}`
}

function path(text) {
  return text.replace(/\{(\w+)\}/g, '<span class="var">{$1}</span>')
}

/** A path whose line breaks where a new part of it begins. */
function breakable(text) {
  return text.replace(/(?!^)\//g, '<wbr>/')
}

function cell(text) {
  return (text ?? '').trim().replace(/\n/g, ' ').replaceAll('|', '\\|')
}

function quoted(text) {
  return JSON.stringify(text)
}

/** What a call is for, in a sentence: the first that does not only say which role it needs. */
function firstSentence(text) {
  const sentences = text.replace(/\n/g, ' ').match(/[^.]+(?:\.(?! )[^.]*)*\.?/g) ?? [text]
  return (sentences.find((one) => !/Needs the \w+ role|Any role/.test(one)) ?? text).trim()
}
