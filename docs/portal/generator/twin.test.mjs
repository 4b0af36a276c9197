import assert from 'node:assert/strict'
import { test } from 'node:test'
import { twinOf } from './twin.mjs'

test('a twin has the text without what only a browser or a test needs', () => {
  const source = `---
title: "T"
description: One page.
---

# T

See [upload](./upload#blocks), [errors](/errors/invalid), [the spec](https://example.com/a) and [all](../reference/).

Is it <a href="/healthz" target="_self">well</a>? Ask <code class="whole">GET /a<wbr>/b</code>.

<TryIt operation="X" />

## Body {#body}

::: code-group

\`\`\`sh [curl]
curl {#keep}
\`\`\`

:::

\`\`\`json output
{"a": "./keep"}
\`\`\`
`
  assert.deepEqual(twinOf(source, 'guide/t.md'), {
    title: 'T',
    description: 'One page.',
    isSignpost: false,
    text: `# T

See [upload](/docs/guide/upload.md#blocks), [errors](/docs/errors/invalid.md), [the spec](https://example.com/a) and [all](/docs/reference/index.md).

Is it [well](/healthz)? Ask \`GET /a/b\`.

## Body

**curl**

\`\`\`sh
curl {#keep}
\`\`\`

\`\`\`json
{"a": "./keep"}
\`\`\`
`,
  })
})
