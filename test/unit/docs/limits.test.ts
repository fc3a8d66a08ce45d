import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { limitSpecs } from '../../../src/config/limits/specs.ts'
import { acts } from '../../../src/operations/effects/effect-targets.ts'

const page = readFileSync('docs/consent-and-limits.md', 'utf8')

/** The rows of the tables: the code in the first cell, and the other cells. */
const rows = new Map(
  [...page.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, name = '', cells = '']) => [
    name,
    cells.split(' | '),
  ]),
)

test.each(Object.values(limitSpecs).map(({ env }) => env))(
  '%s stands in the table of limits, with an example',
  (env) => {
    const [meaning = '', example = ''] = rows.get(env) ?? []
    expect(meaning).toMatch(/\.$/)
    expect(example).toMatch(/`.+`/)
  },
)

test.each(acts)('what QUALYS_FORBID=%s refuses is said', (act) => {
  expect(rows.get(act)?.join(' ')).toMatch(/\.$/)
})
