import { describe, expect, test } from 'vitest'
import { StoredText } from '../../../src/operations/stored-text.ts'
import { contentPreview } from '../../../src/tools/effects/preview/content/content-preview.ts'
import { contentIn } from '../../../src/tools/effects/preview/content/facts.ts'
import { longTextLines } from '../../../src/tools/effects/preview/text.ts'
import { guardrailsFor, scriptFrom, sha256, signatureLines } from '../../support/preview/scripts.ts'

// The preview of new content: its facts, then the first lines or the difference to what is stored; all of it in the
// whole view.

const powershell = guardrailsFor('PowerShell')

test('of a new script: facts and lines', async () => {
  const facts = `content: 1 line, 7 characters, sha256 ${sha256('echo 1\n')}`
  expect(await contentPreview(scriptFrom('echo 1\n'), undefined, powershell)).toEqual({
    content: {
      excerpt: [facts, '  "echo 1"'],
      lines: [facts],
      script: 'echo 1\n',
    },
    warnings: [],
    faults: [],
  })
})

test.each([
  ['a\nb\n', []],
  ['a\r\nb\r\n', ['line ends: CR LF']],
  ['a\rb\r', ['line ends: CR']],
  ['a\r\nb\n', ['line ends: 1 LF, 1 CR LF']],
])('of a new script with other line ends than LF: %j', async (text, ends) => {
  const { content } = await contentPreview(scriptFrom(text), undefined, powershell)
  expect(content.excerpt.slice(1, -2)).toEqual(ends)
  expect(content.lines.slice(1)).toEqual(ends)
})

test('of a stored script: facts, what no line shows, and the difference', async () => {
  const { content } = await contentPreview(scriptFrom('a\nc\n'), scriptFrom('a\r\nb\r\n'), powershell)
  expect(content.excerpt).toEqual([
    `content: 2 lines, 4 characters, sha256 ${sha256('a\nc\n')}`,
    'line ends: CR LF -> LF',
    'difference to the stored content: 1 line removed, 1 line added',
    '    1 "a"',
    '  - 2 "b"',
    '  + 2 "c"',
  ])
  expect([...longTextLines(content)]).toEqual([
    ...content.excerpt,
    'all of the new content:',
    '  1 "a"',
    '  2 "c"',
  ])
})

test('warns of blocked commands, and of a signature also in the reply', async () => {
  const signed = (code: string) => scriptFrom([code, ...signatureLines(8)].join('\n'))
  const guardrails = { ...powershell, sets: [{ language: 'PowerShell', commands: ['Get-Service'] }] }
  const { warnings, faults } = await contentPreview(signed('Get-Service'), signed('Get-Date'), guardrails)
  expect(warnings).toEqual([
    'Line 1 holds "Get-Service", which a guardrail blocks: Qualys may refuse the script.',
  ])
  expect(faults).toEqual(['The signature block is that of the stored content: it does not verify any more.'])
})

test('says why blocked commands are not compared', async () => {
  const { content } = await contentPreview(scriptFrom('a'), undefined, {
    language: {},
    isOfOneLanguage: false,
    unread: 'this account may not read them',
  })
  const why = 'blocked commands: not compared, for this account may not read them'
  expect([content.excerpt[1], content.lines[1]]).toEqual([why, why])
})

describe('a content', () => {
  test('is stored bytes, or a text', () => {
    const stored = new StoredText(Buffer.of(0xff, 0x41))
    expect(contentIn('ä')?.bytes).toEqual(Buffer.from('ä'))
    expect(contentIn(stored)).toBe(stored)
    expect(contentIn(undefined)).toBeUndefined()
    expect(contentIn(5)).toBeUndefined()
  })
})
