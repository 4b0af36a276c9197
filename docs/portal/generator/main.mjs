// What is made of the OpenAPI document and the changelog before VitePress builds the site.
import { writeChangelog } from './changelog.mjs'
import { readContract } from './contract.mjs'
import { writeCalls } from './calls.mjs'
import { writeReference } from './reference.mjs'
import { writeSamples } from './samples.mjs'
import { writeSignposts } from './signposts.mjs'

const at = (path) => new URL(`../${path}`, import.meta.url)
const contract = readContract()
writeReference(contract, at('reference/'))
writeSignposts(contract, at('sv/'))
writeSamples(contract, at('.generated/samples/'))
writeCalls(contract, at('.generated/calls.json'))
writeChangelog(at('../../CHANGELOG.md'), at('changelog.md'))
