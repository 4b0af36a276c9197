// What the writers of samples share: putting text together.

/** Lines with all but the first indented by some spaces. */
export function indent(text, spaces) {
  return text.split('\n').join(`\n${' '.repeat(spaces)}`)
}

/** JSON as a person would write it: what fits on a line stays on one. */
export function json(value, step = 2, width = 84) {
  const flat = JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ').replace(/\[ /g, '[').replace(/ \]/g, ']')
  if (flat.length <= width || typeof value !== 'object' || value === null) return flat
  const isList = Array.isArray(value)
  const inner = isList
    ? value.map((one) => json(one, step, width - step))
    : Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${json(one, step, width - step)}`)
  const space = ' '.repeat(step)
  const body = inner.map((one) => `${space}${indent(one, step)}`).join(',\n')
  return isList ? `[\n${body}\n]` : `{\n${body}\n}`
}

/** Parts on a line each; parts that are false are left out. */
export function lines(...parts) {
  return parts.flat().filter((one) => one !== false && one !== null && one !== undefined).join('\n')
}

/** A string literal in double quotes, as C#, Go, Java, Rust and others read it. */
export function quoted(text) {
  return JSON.stringify(text)
}
