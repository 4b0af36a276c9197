// Whether what a program printed is what the documentation shows. `…` stands for anything.

/** What does not match, as a sentence; null when all does. */
export function mismatch(language, shown, printed) {
  if (language === 'json') return jsonMismatch('$', parse(shown, 'shown'), parse(printed, 'printed'))
  return linesMismatch(shown, printed)
}

function parse(text, which) {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`the ${which} text is no JSON (${error.message}): ${text.slice(0, 400)}`)
  }
}

/** Objects: every key that is shown; arrays: the first elements; strings: patterns. */
export function jsonMismatch(path, shown, given) {
  if (Array.isArray(shown)) {
    if (!Array.isArray(given)) return `${path} is no list: ${JSON.stringify(given)}`
    const all = shown.filter((one) => one !== '…')
    return first(all.map((one, n) => jsonMismatch(`${path}[${n}]`, one, given[n])))
  }
  if (shown !== null && typeof shown === 'object') {
    if (given === null || typeof given !== 'object') return `${path} is no object: ${JSON.stringify(given)}`
    const keys = Object.keys(shown).filter((key) => key !== '…')
    return first(keys.map((key) => (key in given ? jsonMismatch(`${path}.${key}`, shown[key], given[key]) : `${path}.${key} is missing`)))
  }
  const same = typeof shown === 'string' && typeof given === 'string' ? pattern(shown).test(given) : shown === given
  return same ? null : `${path} is ${JSON.stringify(given)}, not ${JSON.stringify(shown)}`
}

/** Each line that is shown must come, in this order. Names of headers match in any case. */
function linesMismatch(shown, printed) {
  const given = printed.replaceAll('\r', '').split('\n')
  let at = 0
  for (const line of shown.split('\n').filter((one) => one.trim() && one.trim() !== '…')) {
    const wanted = pattern(lowerName(line.trim()))
    const found = given.findIndex((one, n) => n >= at && wanted.test(lowerName(one.trim())))
    if (found < 0) return `this line does not come: ${line}\nin:\n${printed.slice(0, 2000)}`
    at = found + 1
  }
  return null
}

function lowerName(line) {
  return line.replace(/^[A-Za-z-]+:/, (name) => name.toLowerCase())
}

function pattern(text) {
  const parts = text.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^]*')}$`)
}

function first(all) {
  return all.find((one) => one !== null) ?? null
}
