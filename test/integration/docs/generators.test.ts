import { describe, expect, test } from 'vitest'
import { defaultKnobs } from '../../../src/sandbox/state/knobs.ts'
import { everyTool } from '../../programs/costs.ts'
import { faultTable } from '../../programs/docs/fault-table.ts'
import { inventedTable, knobMeanings, knobTable } from '../../programs/docs/sandbox.ts'
import { essentialTable } from '../../programs/docs/settings.ts'
import { table } from '../../programs/docs/table.ts'
import { toolsetList } from '../../programs/docs/tools.ts'

const names = (markdown: string): string[] =>
  [...markdown.matchAll(/^\| `(\w+)`/gm)].map(([, name = '']) => name)

describe('a table', () => {
  test('keeps cells aligned, and shows what GitHub would take for a tag', () => {
    expect(table(['a', 'b'], [['x | y', '<b> `<c>`']])).toBe(
      '| a | b |\n| --- | --- |\n| x \\| y | &lt;b> `<c>` |',
    )
  })
})

test('every tool is in exactly one toolset of the list', () => {
  const tools = everyTool.map(({ name }) => name)
  const listed = [...toolsetList().matchAll(/^- `(\w+)`: /gm)].map(([, name]) => name)
  expect(listed.sort()).toEqual(tools.sort())
})

test('ten settings are essential', () => {
  expect(names(essentialTable())).toHaveLength(10)
})

test('every knob has a row with the meaning from its comment', () => {
  expect(names(knobTable())).toEqual(Object.keys(defaultKnobs))
  const source =
    "const table = {\n  /** One. */\n  a: 1,\n  /**\n   * Two\n   * lines.\n   */\n  b: ['x', 'y'],\n  c: true,\n} as const\n"
  expect(Object.fromEntries(knobMeanings(source))).toEqual({
    a: { value: '1', meaning: 'One.' },
    b: { value: "['x', 'y']", meaning: 'Two lines.' },
    c: { value: 'true', meaning: '' },
  })
})

test('assumptions with one reason are one row', () => {
  expect(inventedTable()).toMatch(/^\| field `id`, `typeId`, .+ \| scripts \| No page shows a script record/m)
})

test('the fault table shows what is expected', () => {
  expect(faultTable()).toContain('| gzip | a body as gzip | the right rows | done | 1 / 1 |')
  expect(faultTable()).toMatch(
    /^\| reset \| .+ \| the right rows, then vendor error \| unclear error \| 4 \/ 1 \|$/m,
  )
})
