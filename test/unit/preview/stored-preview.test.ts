import { describe, expect, test } from 'vitest'
import { contentPreview } from '../../../src/tools/effects/preview/content/content-preview.ts'
import type { LongText, Preview, PreviewBlock } from '../../../src/tools/effects/preview/preview.ts'
import { sealedFacts } from '../../../src/tools/effects/preview/sealed.ts'
import { storedPreview } from '../../../src/tools/effects/preview/stored-preview.ts'
import { wholeText } from '../../../src/tools/effects/preview/text.ts'
import { base64Of, guardrailsFor, scriptFrom } from '../../support/preview/scripts.ts'

// A preview in the file of a waiting call, and what of it an approval is sealed with.

const previewOf = (...blocks: readonly PreviewBlock[]): Preview => ({
  facts: { headline: 'H', warnings: ['W.'], blocks },
  notes: ['N.'],
})
const changed = async (): Promise<LongText> => {
  const stored = ['a', 'b', `${'x '.repeat(900)}1${' y'.repeat(900)}`, base64Of(300, 'a'), 'c\rd'].join('\n')
  const added = ['a', 'B', `${'x '.repeat(900)}2${' y'.repeat(900)}`, base64Of(300, 'b'), 'c\rD'].join('\n')
  return (await contentPreview(scriptFrom(added), scriptFrom(stored), guardrailsFor())).content
}
const parsed = (preview: unknown): Preview | undefined =>
  storedPreview.safeParse(JSON.parse(JSON.stringify(preview))).data

test('a preview of every kind of block is read as it was written', async () => {
  const preview = previewOf(
    'A sentence.',
    { text: 'below', depth: 1 },
    { label: 'script 7', values: ['Restart', ''] },
    { label: 'options', values: ['a"\n\ud800'], depth: 2 },
    { label: 'hosts', columns: ['id', 'name'], rows: [['1', 'a\u202e'], []] },
    { label: 'commands', columns: [], rows: [] },
    { excerpt: [], lines: ['x', { text: 'y', depth: 2 }, { label: 'z', values: [] }] },
    await changed(),
  )
  const read = parsed(preview)
  expect(read).toEqual(preview)
  expect(read && wholeText(read)).toBe(wholeText(preview))
})

describe('is no preview', () => {
  test.each<readonly [string, unknown]>([
    ['rows of an earlier version', { label: 'hosts', rows: ['"1", "a"'] }],
    ['lines of an earlier version, with rows', { label: 'hosts', columns: ['id'], rows: ['1'] }],
    ['another member', { label: 'x', values: ['y'], colour: 'red' }],
    ['a depth that is none', { label: 'x', values: ['y'], depth: 3 }],
    ['a value that is no text', { label: 'x', values: [5] }],
    ['a cell that is no text', { label: 'x', columns: ['y'], rows: [[null]] }],
    ['a mark that is none', difference({ sign: '+', number: 1, parts: [{ text: 'x' }] })],
    ['another sign', difference({ sign: '*', number: 1, lines: [] })],
    ['no number of a line', difference({ sign: '+', number: 0, lines: [] })],
    ['a row of a table within a long text', { excerpt: [], lines: [{ label: 'x', columns: [], rows: [] }] }],
  ])('%s', (_what, block) => {
    expect(parsed({ facts: { headline: 'H', warnings: [], blocks: [block] }, notes: [] })).toBeUndefined()
  })
})

function difference(row: object): object {
  return { excerpt: [], lines: [], difference: { summary: 's', lineCount: 1, rows: [row] } }
}

describe('the seal of a long text', () => {
  const sealOf = (text: LongText): string => JSON.stringify(sealedFacts(previewOf(text).facts).blocks)

  test('is the same after the file was read', async () => {
    const text = await changed()
    const [read] = parsed(previewOf(text))?.facts.blocks ?? []
    expect(sealOf(read as LongText)).toBe(sealOf(text))
  })

  test('covers what its excerpt does not show', async () => {
    const text = await changed()
    const { difference: compared } = text
    if (!compared) throw new Error('There is a difference.')
    const others: readonly LongText[] = [
      { ...text, script: `${text.script} ` },
      { ...text, lines: [...text.lines, 'x'] },
      { ...text, difference: { ...compared, summary: 'x' } },
      { ...text, difference: { ...compared, rows: compared.rows.slice(1) } },
      { ...text, difference: { ...compared, lineCount: 99 } },
      { ...text, difference: undefined },
    ]
    expect(new Set([text, ...others].map(sealOf)).size).toBe(others.length + 1)
  })

  test('stays small', () => {
    const script = 'x\n'.repeat(250_000)
    expect(sealOf({ excerpt: ['"x"'], lines: [], script }).length).toBeLessThan(200)
  })
})
