// Runs a collection in Bruno's own program, as somebody who imports it would: Bruno's code writes the folder of the
// collection, and runs every request of it in the sandbox that Bruno starts with.
//
// node run.cjs COLLECTION.json FOLDER REPORT.json BASE_URL
const { readFileSync } = require('node:fs')

// Node 18 has it under another name.
globalThis.crypto ??= require('node:crypto').webcrypto

const [collection, folder, report, baseUrl] = process.argv.slice(2)
// No interface that Bruno promises; its version is pinned.
const { createCollectionFromBrunoObject } = require('@usebruno/cli/src/utils/collection.js')
createCollectionFromBrunoObject(JSON.parse(readFileSync(collection, 'utf8')), folder, { format: 'bru' }).then(() => {
  process.chdir(folder)
  process.argv.splice(2, Infinity, 'run', '-r', '--env', 'Demonstration', '--env-var', `baseUrl=${baseUrl}`, '--noproxy', '--reporter-json', report)
  require('@usebruno/cli').run()
})
