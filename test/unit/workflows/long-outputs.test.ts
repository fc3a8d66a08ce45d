import { describe, expect, test } from 'vitest'
import { safeText } from '../../../src/shared/safe-text.ts'
import { redactor, Secret } from '../../../src/shared/secrets.ts'
import { normalizeOutput } from '../../../src/tools/workflows/run/normalize-output.ts'

// Megabytes of output, and malicious hosts: no pattern backtracks.

describe('a long output of', () => {
  const long = (text: string): string => text.repeat(Math.ceil(100_000 / text.length))
  const texts = [
    ...['1:', 'a.', '1.', 'f:', ':', '::%a', '10:', 'abcd:', '1/', '12-', 'abcdef12-', 'fe80::1%', 'aa-'],
    ...[' ', '\n', '-', '1', 'Mon ', 'Mon, ', 'Jan ', 'version ', 'v1.2.3.', 'ws-', 'ws-01.corp.'],
    ...[
      '\u001b;?',
      '\u001b]0;',
      '\u001b[1;',
      ';?',
      '\u009b',
      '\u001b[',
      'eyJ',
      'eyJ.',
      'Bearer ',
      'ZXlK',
      '\\',
      '&#0',
    ],
  ]

  // A backtracking pattern takes minutes here, and the test fails at its time limit.
  test.each(texts)('%j is cleaned, redacted and compared in linear time', (text) => {
    const redact = redactor([new Secret('&"/canary+secret\\')]).redact
    for (const hostile of [long(text), `\u001b${long(text)}`, `version${long(text)}!`]) {
      const clean = redact(safeText(hostile))
      expect(normalizeOutput(clean, 'ws-01.corp.example.com').length).toBeLessThanOrEqual(hostile.length)
    }
  })

  test('a JWT in it is still found', () => {
    const redact = redactor([]).redact
    const token = `eyJ${'a'.repeat(30)}.${'b'.repeat(30)}.${'c'.repeat(30)}`
    expect(redact(`eyJ. ${token} eyJ`)).toBe('eyJ. [masked-by-qualys-mcp] eyJ')
    expect(redact(`eyJx.${token}`)).toBe('eyJx.[masked-by-qualys-mcp]')
    expect(redact(`eyJeyJ ${'eyJ'.repeat(50)}`)).toBe(`eyJeyJ ${'eyJ'.repeat(50)}`)
  })

  test('a secret that begins with a special character is still found after backslashes', () => {
    const redact = redactor([new Secret('&"/canary+secret')]).redact
    expect(redact('\\\\\\&\\"/canary+secret')).toBe('[masked-by-qualys-mcp]')
    expect(redact('\\%26%22%2Fcanary%2Bsecret')).toBe('\\[masked-by-qualys-mcp]')
    expect(redact('x\\u0026\\u0022/canary+secret')).toBe('x[masked-by-qualys-mcp]')
  })
})
