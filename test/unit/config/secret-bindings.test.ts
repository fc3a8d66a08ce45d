import { describe, expect, test } from 'vitest'
import { readSettings } from '../../../src/config/settings.ts'
import { SettingsError } from '../../../src/shared/errors.ts'

// QUALYS_SECRET_<NAME>_FOR: where a secret may go.

const hash = 'a'.repeat(64)
const read = (binding: string, more: object = {}) =>
  readSettings({}, { QUALYS_SECRET_A: 'some value', QUALYS_SECRET_A_FOR: binding, ...more })
const boundTo = (binding: string, more: object = {}) => {
  const { hosts, scripts } = read(binding, more).settings.secretBindings.get('QUALYS_SECRET_A') ?? {}
  return [[...(hosts ?? [])], [...(scripts ?? [])]]
}

test.each([
  ['github.com', [['github.com'], []]],
  [' GitHub.com, gitlab.example.org ', [['github.com', 'gitlab.example.org'], []]],
  [`7@${hash}`, [[], [['7', hash]]]],
  [
    `7@${hash.toUpperCase()} 8@${hash}`,
    [
      [],
      [
        ['7', hash],
        ['8', hash],
      ],
    ],
  ],
  ['7', [[], [['7', undefined]]]],
  [`github.com,7@${hash}`, [['github.com'], [['7', hash]]]],
])('%j', (text, expected) => {
  expect(boundTo(text)).toEqual(expected)
})

test('a secret from a file is bound as any other', () => {
  const environment = { QUALYS_SECRET_A_FILE: '/nonexistent', QUALYS_SECRET_A_FOR: 'github.com' }
  expect(() => readSettings({}, environment)).toThrow(/^The file that QUALYS_SECRET_A_FILE names/)
})

test('a binding is no unknown setting, and no secret', () => {
  const { unknown, settings } = read('github.com')
  expect(unknown).toEqual([])
  expect([...settings.secrets.keys()]).toEqual(['QUALYS_SECRET_A'])
})

describe('stops the start:', () => {
  test.each([
    'localhost',
    'git.corp',
    '10-0-0-1.nip.io',
    'git\u212aub.com',
    'https://github.com',
    'github.com/corp',
    'github.com:443',
    'gіthub.com',
    '*',
    '*.github.com',
    '127.0.0.1',
    '07',
    '7@abc',
    `7@${hash}0`,
    '7,7',
    `7,7@${hash}`,
    ',',
    'some-secret-value',
  ])('the value %j, which is not repeated', (text) => {
    expect(() => read(text)).toThrow(SettingsError)
    expect(() => read(text)).toThrow(
      'QUALYS_SECRET_A_FOR must list hosts of repositories, such as github.com, or scripts, each once, as 19218@<sha256 of the content, 64 hex digits>.',
    )
  })

  test.each(['', '  ', '""'])('an empty value %j', (text) => {
    expect(() => read(text)).toThrow(
      'QUALYS_SECRET_A_FOR is set but empty, which would bind the secret to nothing: give it a value, or unset it.',
    )
  })

  test.each(['', undefined])('a binding without its secret (%j)', (value) => {
    const environment = { QUALYS_SECRET_A: value, QUALYS_SECRET_A_FOR: 'github.com' }
    expect(() => readSettings({}, environment)).toThrow(
      'QUALYS_SECRET_A_FOR says where QUALYS_SECRET_A may go, which is not set: set QUALYS_SECRET_A (or QUALYS_SECRET_A_FILE), or unset QUALYS_SECRET_A_FOR.',
    )
  })

  test('a script without its content, in mode unattended alone', () => {
    const text = `8@${hash},7`
    expect(() => read(text, { QUALYS_MODE: 'unattended' })).toThrow(
      'QUALYS_SECRET_A_FOR names script 7 without its content, which mode unattended needs: write 7@<sha256 of the content>.',
    )
    expect(boundTo(text, { QUALYS_MODE: 'confirm' })[1]).toHaveLength(2)
    expect(boundTo(text, { QUALYS_MODE: 'read-only' })[1]).toHaveLength(2)
    expect(boundTo(`8@${hash}`, { QUALYS_MODE: 'unattended' })[1]).toHaveLength(1)
  })
})
