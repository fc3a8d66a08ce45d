import { describe, expect, test } from 'vitest'
import { StoredText } from '../../../src/operations/stored-text.ts'
import { contentPreview } from '../../../src/tools/effects/preview/content/content-preview.ts'
import { contentIn } from '../../../src/tools/effects/preview/content/facts.ts'
import { guardrailsFor, scriptFrom, sha256, signatureLines } from '../../support/preview/scripts.ts'

// The preview of new content: its facts, then the first lines or the difference to what is stored.

const powershell = guardrailsFor('PowerShell')

test('of a new script: facts and lines', async () => {
  expect(await contentPreview(scriptFrom('echo 1\n'), undefined, powershell)).toEqual({
    lines: [`content: 1 line, 7 characters, sha256 ${sha256('echo 1\n')}`, '  "echo 1"'],
    warnings: [],
    faults: [],
  })
})

test('of a stored script: facts, what no line shows, and the difference', async () => {
  const { lines } = await contentPreview(scriptFrom('a\nc\n'), scriptFrom('a\r\nb\r\n'), powershell)
  expect(lines).toEqual([
    `content: 2 lines, 4 characters, sha256 ${sha256('a\nc\n')}`,
    'line ends: CR LF -> LF',
    'difference to the stored content: 1 line removed, 1 line added',
    '    1 "a"',
    '  - 2 "b"',
    '  + 2 "c"',
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
  const { lines } = await contentPreview(scriptFrom('a'), undefined, {
    language: {},
    isOfOneLanguage: false,
    unread: 'this account may not read them',
  })
  expect(lines[1]).toBe('blocked commands: not compared, for this account may not read them')
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
