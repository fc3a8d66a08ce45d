import { describe, expect, test } from 'vitest'
import { signatureWarnings } from '../../../src/tools/effects/preview/content/signature.ts'
import { linesFrom, signatureLines } from '../../support/preview/scripts.ts'

// What a person must know about the signature of new content.

const block = signatureLines(8)
const signed = (code: string, signature = block): string => [code, ...signature, ''].join('\r\n')
const warnings = (added: string, stored?: string): string[] =>
  signatureWarnings(linesFrom(added), stored === undefined ? undefined : linesFrom(stored), {})

const outdated = 'The signature block is that of the stored content: it does not verify any more.'

test.each<readonly [string, string, string | undefined, string[]]>([
  ['new content above the stored block', signed('new'), signed('old'), [outdated]],
  ['other line ends above the stored block', signed('a\nb'), signed('a\r\nb'), [outdated]],
  ['the same content', signed('old'), signed('old'), []],
  ['new content with a block of its own', signed('new', signatureLines(8, 'b')), signed('old'), []],
  ['new content without a block', 'new', signed('old'), []],
  ['a block where none was', signed('new'), 'old', []],
  ['a new script', signed('new'), undefined, []],
  ['no block at all', 'new', 'old', []],
])('%s', (_what, added, stored, expected) => {
  expect(warnings(added, stored)).toEqual(expected)
})

describe('a broken block', () => {
  test('without its end', () => {
    expect(warnings(['code', ...block.slice(0, -1)].join('\n'))).toEqual([
      'The signature block that begins on line 2 has no end: it does not verify.',
    ])
  })

  test('with a line that is no base64', () => {
    expect(warnings(['code', ...block.slice(0, 3), '# no base64!', ...block.slice(3)].join('\n'))).toEqual([
      'Line 5 of a signature block is no base64 in a comment: the signature does not verify.',
    ])
  })

  test('with words in place of base64', () => {
    expect(warnings(['code', block[0], '# reboot', '# halt', block.at(-1)].join('\n'))).toEqual([
      'The signature block that begins on line 2 holds no base64 of one width: it does not verify.',
    ])
  })

  test('with code behind it', () => {
    expect(warnings(['code', ...block, '', 'more'].join('\n'))).toEqual([
      'Line 11 stands behind the signature block: the signature does not verify.',
    ])
  })

  test('with blank lines behind it is whole', () => {
    expect(warnings(['code', ...block, '', '  ', ''].join('\n'))).toEqual([])
  })

  test('many of them: three are told of', () => {
    expect(warnings('# SIG # Begin signature block\n'.repeat(16_000))).toHaveLength(3)
  })
})
