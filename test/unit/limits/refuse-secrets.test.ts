import { describe, expect, test } from 'vitest'
import { InputError } from '../../../src/shared/errors.ts'
import { refuseSecrets } from '../../../src/tools/effects/policy/refuse-secrets.ts'

// No tool takes a secret: text that looks like one is refused before it is used.

/** The pieces are put together here, so that no scanner of secrets finds one in this file. */
const letters = (count: number): string => 'aB3'.repeat(count).slice(0, count)
const begin = ['-----BEGIN', 'KEY-----'] as const
const secret: Readonly<Record<string, readonly string[]>> = {
  'a GitHub token': [
    ...['o', 'p', 'r', 's', 'u'].map((kind) => `gh${kind}_${letters(20)}`),
    `github_pat_${letters(20)}`,
  ],
  'a GitLab token': ['pat', 'ptt', 'dt', 'rt', 'cbt', 'soat'].map((kind) => `gl${kind}-${letters(16)}`),
  'a JWT': [`eyJ${letters(8)}.${letters(8)}.`, `eyJ${letters(20)}.${letters(20)}.${letters(20)}`],
  'a private key': [
    `${begin[0]} PRIVATE ${begin[1]}`,
    `${begin[0]} RSA PRIVATE ${begin[1]}`,
    `${begin[0]} EC2 ENCRYPTED PRIVATE ${begin[1]}`,
  ],
}
const cases = Object.entries(secret).flatMap(([kind, texts]) => texts.map((text) => [kind, text] as const))

function refusal(args: object): string | undefined {
  try {
    refuseSecrets({ ...args })
    return undefined
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return `${error.message} ${error.next}`
  }
}

describe.each(cases)('%s (%s)', (kind, text) => {
  test('is refused with the way to keep it', () => {
    expect(refusal({ title: 'x', description: `use ${text} for it` })).toBe(
      `description holds what looks like ${kind}, and no tool takes a secret. Ask the operator to keep it as QUALYS_SECRET_<NAME>, and name it: repositoryToken: "<name>", or {key, secret: "<name>"} in params. The one passed here has been seen by others: replace it.`,
    )
  })

  test('is refused at any depth', () => {
    for (const args of [
      { params: [{ key: 'a', value: text }] },
      { params: { deep: { deeper: [null, [text]] } } },
    ])
      expect(refusal(args)).toMatch(/^params holds what looks like /)
  })
})

test.each([
  ['one character too few for GitHub', `ghp_${letters(19)}`],
  ['one character too few for a fine-grained one', `github_pat_${letters(19)}`],
  ['a kind that GitHub has not', `ghx_${letters(30)}`],
  ['a word that ends so', `xghp_${letters(30)}`],
  ['one character too few for GitLab', `glpat-${letters(15)}`],
  ['one character too few in the head of a JWT', `eyJ${letters(7)}.${letters(8)}.`],
  ['one character too few in its body', `eyJ${letters(8)}.${letters(7)}.`],
  ['two parts alone', `eyJ${letters(8)}.${letters(8)}`],
  ['a word before it', `x-eyJ${letters(8)}.${letters(8)}.`],
  ['a certificate', `${begin[0]} CERTIFICATE-----`],
  ['a public key', `${begin[0]} PUBLIC ${begin[1]}`],
])('%s is no secret', (_what, text) => {
  expect(refusal({ text, list: [text], number: 5, none: null, flag: true })).toBeUndefined()
})

test('half a megabyte of prefixes is checked in linear time', () => {
  expect(refusal({ text: `eyJ${letters(8)}`.repeat(50_000) })).toBeUndefined()
})
