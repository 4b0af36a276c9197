// Writes the collections for API clients into the built site. Both are made of the OpenAPI document.
import { writeFileSync } from 'node:fs'
import { readContract } from '../generator/contract.mjs'
import { bruno } from './collections/bruno.mjs'
import { postman } from './collections/postman.mjs'
import { foldersOf } from './collections/requests.mjs'

const contract = readContract()
const folders = foldersOf(contract)
const write = (name, collection) =>
  writeFileSync(new URL(`../dist/${name}`, import.meta.url), `${JSON.stringify(collection, null, 2)}\n`)
write('bindery.postman_collection.json', postman(contract, folders))
write('bindery.bruno.json', bruno(contract, folders))
