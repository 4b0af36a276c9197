import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mismatch } from './matching.mjs'

test('what is shown must be there, and what is left out may be', () => {
  const given = JSON.stringify({ id: 'a-1', list: [1, 2, 3], more: true, nothing: null })
  for (const shown of ['{"id": "a-…"}', '{"list": [1, 2], "…": "…"}', '{"nothing": null}', '{"list": ["…"]}']) {
    assert.equal(mismatch('json', shown, given), null, shown)
  }
  for (const shown of ['{"id": "b-…"}', '{"list": [2]}', '{"list": [1, 2, 3, 4]}', '{"less": 1}', '{"more": "true"}', '{"nothing": 0}', '[]']) {
    assert.notEqual(mismatch('json', shown, given), null, shown)
  }
})

test('lines come in their order', () => {
  const given = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\netag: "x"\r\n\r\nbody\n'
  assert.equal(mismatch('http', 'HTTP/1.1 200 …\nContent-Type: text/plain\n…\nbody', given), null)
  assert.notEqual(mismatch('http', 'body\nHTTP/1.1 200 OK', given), null)
  assert.notEqual(mismatch('text', 'bod', given), null)
})
