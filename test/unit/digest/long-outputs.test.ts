import { describe, expect, test } from 'vitest'
import { safeText } from '../../../src/shared/safe-text.ts'
import { redactor, Secret } from '../../../src/shared/secrets.ts'
import { hostsLike, kindsOf } from '../../support/workflows/digest.ts'

// Megabytes of output, and malicious hosts: no pattern backtracks, and nothing grows with the square of a line.

const long = (text: string): string => text.repeat(Math.ceil(500_000 / text.length))

describe('half a megabyte of', () => {
  // A backtracking pattern takes minutes here, and the test fails at its time limit.
  test.each([
    ...['a.', '1.', ':', '10', '1/', 'abcdef12-', 'fe80 1%', ' ', '\n', '-', 'Mon ', 'version ', 'v1.2.3.'],
    ...['ws-', 'ws-01.corp.', 'a, ', 'a=', 'a\n', '1\n', '!?', '- ', '=-', '\u00a0', '1\u00a0', '{', '['],
    ...[
      '{"a":',
      '{"a":1}\n',
      '"',
      "1'",
      'http://',
      'KB1',
      '0x',
      '年',
      '\u001b;?',
      '\u001b]0;',
      ';?',
      '\u009b',
    ],
    ...['\u001b[', 'eyJ', 'eyJ.', 'Bearer ', '\\', '&#0'],
  ])('%j is cleaned, redacted and compared', async (text) => {
    const redact = redactor([new Secret('&"/canary+secret\\')]).redact
    const host = 'ws-01.corp.example.com'
    const outputs = [long(text), `\u001b${long(text)}`, `version${long(text)}!`].map((hostile) =>
      redact(safeText(hostile)),
    )
    const kinds = await kindsOf(
      [...outputs, ...outputs.map((output) => `${output}\nthe end`)].map((output) => ({ host, output })),
    )
    expect(kinds.reduce((sum, { count }) => sum + count, 0)).toBe(6)
  })

  test.each(['a'.repeat(255), '-'.repeat(255), 'a-'.repeat(127), 'a.'.repeat(127), '1a'.repeat(127)])(
    'the name of the host (%#) is compared',
    async (host) => {
      const nearly = long(`${host.slice(0, -1)}!`)
      expect(await kindsOf(hostsLike(6, (index) => ({ host, output: `${nearly} ${index}` })))).toHaveLength(1)
    },
  )
})

describe('in a long output', () => {
  test('a JWT is still found', () => {
    const redact = redactor([]).redact
    const token = `eyJ${'a'.repeat(30)}.${'b'.repeat(30)}.${'c'.repeat(30)}`
    expect(redact(`eyJ. ${token} eyJ`)).toBe('eyJ. [masked-by-qualys-mcp] eyJ')
    expect(redact(`eyJx.${token}`)).toBe('eyJx.[masked-by-qualys-mcp]')
    expect(redact(`eyJeyJ ${'eyJ'.repeat(50)}`)).toBe(`eyJeyJ ${'eyJ'.repeat(50)}`)
  })

  test('a secret that begins with a special character is still found after backslashes', () => {
    const redact = redactor([new Secret('&"/canary+secret')]).redact
    expect(redact('\\\\\\&\\"/canary+secret')).toBe('[masked-by-qualys-mcp]')
    expect(redact('\\%26%22%2Fcanary%2Bsecret')).toBe('[masked-by-qualys-mcp]')
    expect(redact('x\\u0026\\u0022/canary+secret')).toBe('x[masked-by-qualys-mcp]')
  })
})
