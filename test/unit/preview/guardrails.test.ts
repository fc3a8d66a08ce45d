import { describe, expect, test } from 'vitest'
import {
  findBlockedCommands,
  guardrailWarnings,
} from '../../../src/tools/effects/preview/content/guardrails.ts'
import type { Guardrails } from '../../../src/tools/effects/targets/guardrails.ts'
import { hostileTexts } from '../../support/consent/previews.ts'
import { linesFrom } from '../../support/preview/scripts.ts'

// Blocked commands in new content: a warning with the command and its first line.

const guardrailsOf = (commands: readonly string[], isOfOneLanguage = true): Guardrails => ({
  language: {},
  sets: [{ language: 'Shell', commands }],
  isOfOneLanguage,
})
const found = (content: string, ...commands: readonly string[]): (readonly [string, number])[] =>
  findBlockedCommands(linesFrom(content), guardrailsOf(commands)).map(
    ({ command, line }) => [command, line] as const,
  )

test.each<readonly [string, string, string, number]>([
  ['as it is', 'a\nGet-Service\n', 'Get-Service', 2],
  ['in another case', 'get-service', 'Get-Service', 1],
  ['in a comment', '# Get-Service', 'Get-Service', 1],
  ['after a path', '/usr/bin/curl -s x', 'curl', 1],
  ['as an argument', 'sudo curl', 'curl', 1],
  ['before a bracket', 'system("ls")', 'system', 1],
  ['with other blanks', 'Remove-Item \t -Recurse', 'Remove-Item -Recurse', 1],
  ['of signs', 'x\r\n:(){ :|:& };:\r\n', ':(){ :|:& };:', 2],
  ['that ends in a sign', 'rm -rf /tmp/x', 'rm -rf /', 1],
  ['behind a longer word', 'curly\ncurl', 'curl', 2],
  ['on the last line', 'a\nb\nc\nwget x', 'wget', 4],
  ['after letters whose case has another length', 'İİİ\nİ curl', 'curl', 2],
])('a command %s is found', (_what, content, command, line) => {
  expect(found(content, command)).toEqual([[command, line]])
})

test.each([
  ['within a word', 'curly', 'curl'],
  ['behind a letter', 'libcurl', 'curl'],
  ['with a longer end', 'Get-ServiceX', 'Get-Service'],
  ['over two lines', 'Remove-Item\n-Recurse', 'Remove-Item -Recurse'],
  ['that is empty', 'curl', '  '],
])('a command %s is not', (_what, content, command) => {
  expect(found(content, command)).toEqual([])
})

test('each command counts once, at its first line', () => {
  expect(found('curl\nwget\ncurl', 'wget', 'curl', 'CURL')).toEqual([
    ['curl', 1],
    ['wget', 2],
  ])
})

test('half a megabyte of one letter and hundreds of commands take no long time', () => {
  const commands = Array.from({ length: 500 }, (_, at) => 'a'.repeat(at + 1))
  expect(found('a'.repeat(500_000), ...commands)).toEqual([])
})

describe('the warning', () => {
  const warnings = (content: string, guardrails: Guardrails): string[] =>
    guardrailWarnings(linesFrom(content), guardrails)

  test('names the line and the command', () => {
    expect(warnings('a\ncurl x', guardrailsOf(['curl']))).toEqual([
      'Line 2 holds "curl", which a guardrail blocks: Qualys may refuse the script.',
    ])
  })

  test('names the language where that of the script is not known', () => {
    expect(warnings('curl x', guardrailsOf(['curl'], false))).toEqual([
      'Line 1 holds "curl", which a guardrail for "Shell" blocks (the language of the script is not known): Qualys may refuse the script.',
    ])
  })

  test('counts more than a few', () => {
    const commands = Array.from({ length: 9 }, (_, at) => `c${at}`)
    const lines = warnings(commands.join('\n'), guardrailsOf(commands))
    expect(lines).toHaveLength(5)
    expect(lines.at(-1)).toBe('It holds 5 more commands that guardrails block.')
  })

  test.each(Object.entries(hostileTexts))('quotes a command of %s', (_what, text) => {
    const [line = ''] = warnings(text, guardrailsOf([text.split(/[\r\n]/)[0] ?? '']))
    expect(line).toMatch(/^Line 1 holds "[^"\n]+", which a guardrail blocks: /)
    expect(line.length).toBeLessThan(200)
  })

  test('is none where nothing could be read', () => {
    expect(warnings('curl', { language: {}, isOfOneLanguage: true, unread: 'x' })).toEqual([])
  })
})
