import { describe, expect, test } from 'vitest'
import { safeText } from '../../../src/shared/safe-text.ts'
import { redactor, Secret } from '../../../src/shared/secrets.ts'
import { withoutVarying } from '../../../src/tools/workflows/run/normalize-output.ts'

// Megabytes of output, and hosts that mean harm: no pattern goes over what it read again and again.

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

  // A pattern that goes back over what it read takes minutes here, and the suite never ends.
  test.each(texts)('%j is cleaned, redacted and compared without going over it again and again', (text) => {
    const redact = redactor([new Secret('&"/canary+secret\\')])
    for (const hostile of [long(text), `\u001b${long(text)}`, `version${long(text)}!`]) {
      const clean = redact(safeText(hostile))
      expect(withoutVarying(clean, 'ws-01.corp.example.com').length).toBeLessThanOrEqual(hostile.length)
    }
  })

  test('a JWT in it is still found', () => {
    const redact = redactor([])
    const token = `eyJ${'a'.repeat(30)}.${'b'.repeat(30)}.${'c'.repeat(30)}`
    expect(redact(`eyJ. ${token} eyJ`)).toBe('eyJ. [secret] eyJ')
    expect(redact(`eyJx.${token}`)).toBe('eyJx.[secret]')
    expect(redact(`eyJeyJ ${'eyJ'.repeat(50)}`)).toBe(`eyJeyJ ${'eyJ'.repeat(50)}`)
  })

  test('a secret that begins with a sign is still found behind backslashes', () => {
    const redact = redactor([new Secret('&"/canary+secret')])
    expect(redact('\\\\\\&\\"/canary+secret')).toBe('[secret]')
    expect(redact('\\%26%22%2Fcanary%2Bsecret')).toBe('\\[secret]')
    expect(redact('x\\u0026\\u0022/canary+secret')).toBe('x[secret]')
  })
})
