// Samples of every operation in every language, all from the same call.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { callOf } from './demonstration.mjs'
import { csharp } from './samples/csharp.mjs'
import { curl } from './samples/curl.mjs'
import { go } from './samples/go.mjs'
import { java } from './samples/java.mjs'
import { javascript } from './samples/javascript.mjs'
import { powershell } from './samples/powershell.mjs'
import { python } from './samples/python.mjs'
import { rust } from './samples/rust.mjs'
import { typescript } from './samples/typescript.mjs'

/** The languages: what readers call them, how code in them is coloured, how files of them end, and whether a test runs them. */
export const LANGUAGES = [
  { name: 'curl', code: 'sh', extension: 'curl.sh', write: curl, isExecuted: true },
  { name: 'JavaScript', code: 'js', extension: 'mjs', write: javascript, isExecuted: true },
  { name: 'TypeScript', code: 'ts', extension: 'ts', write: typescript, isExecuted: true },
  { name: 'Python', code: 'python', extension: 'py', write: python, isExecuted: true },
  { name: 'C#', code: 'csharp', extension: 'cs', write: csharp, isExecuted: false },
  { name: 'Java', code: 'java', extension: 'java', write: java, isExecuted: true },
  { name: 'Go', code: 'go', extension: 'go', write: go, isExecuted: true },
  { name: 'Rust', code: 'rust', extension: 'rs', write: rust, isExecuted: true },
  { name: 'PowerShell', code: 'powershell', extension: 'ps1', write: powershell, isExecuted: false },
]

const named = (isExecuted) => {
  const names = LANGUAGES.filter((one) => one.isExecuted === isExecuted).map((one) => one.name)
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** The languages whose samples a test runs, in words. */
export const executed = named(true)
/** Those whose samples no test runs. */
export const notExecuted = named(false)

/** The samples of an operation: `{ language, text }` for each language. */
export function samplesOf(operation, document) {
  const call = callOf(operation)
  return LANGUAGES.map((language) => ({ language, text: language.write(call, operation, document) }))
}

/** Writes all samples as files, for the test that runs them. */
export function writeSamples({ operations, document }, folder) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const operation of operations) {
    for (const { language, text } of samplesOf(operation, document)) {
      writeFileSync(new URL(`${operation.id}.${language.extension}`, folder), text)
    }
  }
  const list = LANGUAGES.map(({ name, extension, isExecuted }) => ({ name, extension, isExecuted }))
  writeFileSync(new URL('languages.json', folder), `${JSON.stringify(list, null, 2)}\n`)
}
