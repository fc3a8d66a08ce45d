import { describe, expect, test } from 'vitest'
import { mask, redactor, Secret } from '../../../src/shared/secrets.ts'
import { redactFacts } from '../../../src/tools/effects/preview/facts.ts'
import {
  fieldBelow,
  labelled,
  type PreviewBlock,
  sentenceBelow,
} from '../../../src/tools/effects/preview/preview.ts'
import { linesIn } from '../../support/consent/previews.ts'

// A secret is taken out of the data, before a text is quoted and cut: no part of it is left, and no mask is cut.

const secret = 'pa"ss\\w\u00f6rd of\nours'
const { redact } = redactor([new Secret(secret)])

const redacted = (blocks: readonly PreviewBlock[]): readonly PreviewBlock[] =>
  redactFacts({ headline: 'H', warnings: [], blocks }, redact).blocks

test.each<readonly [string, (text: string) => PreviewBlock]>([
  ['a sentence', (text) => text],
  ['a sentence below another block', sentenceBelow],
  ['a value', (text) => labelled('x', 'y', text)],
  ['a label', (text) => fieldBelow(text, ['x'], 2)],
  ['a cell', (text) => ({ label: 'hosts', columns: ['id', 'name'], rows: [['1', text]] })],
  ['a column', (text) => ({ label: 'hosts', columns: [text], rows: [['1']] })],
])('in %s', (_what, blockOf) => {
  expect(redacted([blockOf(`before ${secret} behind`)])).toEqual([blockOf(`before ${mask} behind`)])
})

test('in an object', () => {
  expect(redacted([labelled('x', { value: secret })])).toEqual([labelled('x', { value: mask })])
})

describe('wherever a piece of its text begins', () => {
  test.each([40, 62, 70, 79, 80, 81])('%i characters before it', (before) => {
    const value = `${'x'.repeat(before)}${secret}`
    const lines = linesIn(
      redacted([labelled('a', value), { label: 'b', columns: ['c', 'd'], rows: [['', value]] }]),
    )
    const shown = lines.join('\n')
    expect(shown.split(mask)).toHaveLength(3)
    expect(shown).not.toMatch(/pa\\|ss\\|w\u00f6rd|ours/)
  })
})

test('what is left of a long text is not looked at again: it is made of masked text', () => {
  const text = { excerpt: ['  "x"'], lines: [], script: 'x\n' }
  expect(redacted([text])[0]).toBe(text)
})
