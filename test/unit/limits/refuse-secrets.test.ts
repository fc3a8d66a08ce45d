import { describe, expect, test } from 'vitest'
import { InputError } from '../../../src/shared/errors.ts'
import { refuseSecrets } from '../../../src/tools/effects/policy/refuse-secrets.ts'
import { drawn, jwtOf, privateKey } from '../../support/secrets/drawn.ts'

// No tool takes a secret: text that looks like one is refused before it is used.

/** The pieces are put together here, so that no scanner of secrets finds one in this file. */
const letters = (count: number): string => 'aB3'.repeat(count).slice(0, count)
const begin = ['-----BEGIN', 'KEY-----'] as const
const rsa = privateKey('RSA ')
const oneLine = (lineEnd: string): string => rsa.replaceAll('\n', lineEnd)
const privateKeys: readonly string[] = [
  ...['', 'RSA ', 'EC ', 'DSA ', 'OPENSSH ', 'ENCRYPTED ', 'EC2 ENCRYPTED '].map((kind) => privateKey(kind)),
  // Ed25519 in PKCS #8 has one line.
  privateKey('', { lines: 1 }),
  privateKey('RSA ', { headers: `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,${'0F'.repeat(16)}\n` }),
  privateKey('PGP ', { block: ' BLOCK', headers: 'Version: GnuPG v2\nComment: of the build\n' }),
  oneLine('\r\n'),
  oneLine('\\n'),
  oneLine('`n'),
  oneLine('%0A'),
  oneLine('&#10;'),
  oneLine(' '),
  oneLine(''),
  oneLine('\n    '),
  oneLine('\n# '),
  oneLine('" +\n  "'),
  oneLine('\\n" \\\n  "'),
  `PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 1\n${drawn(64)}`,
]
const secret: Readonly<Record<string, readonly string[]>> = {
  'a GitHub token': [
    ...['o', 'p', 'r', 's', 'u'].map((kind) => `gh${kind}_${letters(20)}`),
    `github_pat_${letters(20)}`,
  ],
  'a GitLab token': ['pat', 'ptt', 'dt', 'rt', 'cbt', 'soat'].map((kind) => `gl${kind}-${letters(16)}`),
  'a JWT': [
    jwtOf(),
    jwtOf({ alg: 'HS256' }, {}),
    `x.y.${jwtOf()}`,
    `${'eyJ'}${letters(20)}.${jwtOf()}`,
    // Encrypted, with a key and without one.
    `${jwtOf({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.${letters(40)}.${letters(22)}`,
    `${jwtOf({ alg: 'dir', enc: 'A256GCM' }).split('.')[0]}..${letters(16)}.${letters(40)}.${letters(22)}`,
  ],
  'a private key': privateKeys,
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
  ['a JWT without a signature', jwtOf({ alg: 'none' }, { sub: 'x' }, '')],
  ['a JWT cut before its signature', jwtOf().split('.').slice(0, 2).join('.')],
  ['a JWT whose payload is no JSON', jwtOf().replace(/\.[\w-]+\./, `.${letters(40)}.`)],
  ['a JWT whose header is no JSON', `eyJ${letters(20)}.${jwtOf().split('.').slice(1).join('.')}`],
  ['a JWT whose header names no algorithm', jwtOf({ typ: 'JWT' })],
  ['the JWT of jwt.io', jwtOf({ alg: 'HS256', typ: 'JWT' }, { sub: '1234567890', name: 'John Doe' })],
  ['a JWT that ends a word', `x-${jwtOf()}`],
  ['a certificate', rsa.replaceAll('RSA PRIVATE KEY', 'CERTIFICATE')],
  ['a public key', rsa.replaceAll('RSA PRIVATE KEY', 'PUBLIC KEY')],
  ['the header of a key alone', `${begin[0]} RSA PRIVATE ${begin[1]}`],
  ['a search for keys', `grep -rlE "${begin[0]} (RSA |EC )?PRIVATE ${begin[1]}" /home /root`],
  [
    'a search in a long folder',
    `grep -l '${begin[0]} RSA PRIVATE ${begin[1]}' /opt/Company1/Application/Releases/Current2/Certificates/private`,
  ],
  ['a match in PowerShell', `if ($text -match '${begin[0]} PRIVATE ${begin[1]}') { Write-Output $path }`],
  [
    'a list of headers',
    ['', 'RSA ', 'EC ', 'OPENSSH '].map((kind) => `'${begin[0]} ${kind}PRIVATE ${begin[1]}'`).join(',\n'),
  ],
  ['a header that is printed', `echo "${begin[0]} PRIVATE ${begin[1]}"\necho "$body"`],
  ['a body that is a placeholder', `${begin[0]} PRIVATE ${begin[1]}\n<your key>\n`],
  ['a body that begins only', `${begin[0]} PRIVATE ${begin[1]}\nMIIEpAIBAAKCAQEA...\n`],
  ['a body of one letter', `${begin[0]} PRIVATE ${begin[1]}\n${'x'.repeat(64)}\n${'x'.repeat(64)}\n`],
  ['a token of one letter', `ghp_${'x'.repeat(36)}`],
  ['a token of zeros', `ghp_${'0'.repeat(36)}`],
  ['a token of two letters', `ghp_${'xX0'.repeat(12)}`.replaceAll('0', 'x')],
  ['a token in the order of the alphabet', 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'],
  ['a token that repeats an order', `glpat-${'abc123'.repeat(4)}`],
  ['a token that says so', `glpat-EXAMPLE${letters(13)}`],
  ['a token to be filled in', 'github_pat_your_token_goes_in_here_please'],
  ['a token with a hole', `ghp_${letters(4)}${'x'.repeat(30)}`],
])('%s is no secret', (_what, text) => {
  expect(refusal({ text, list: [text], number: 5, none: null, flag: true })).toBeUndefined()
})

// A search that restarts at each position would take minutes; a test of this layer has five seconds.
test.each([
  `eyJ${letters(8)}`,
  `eyJ${letters(8)}.`,
  `${jwtOf().split('.')[0]}..`,
  `${begin[0]} RSA PRIVATE ${begin[1]}\n`,
  `${begin[0]} RSA PRIVATE ${begin[1]}${'+'.repeat(200)}`,
  'Private-Lines: 1\n',
  `ghp_${'x'.repeat(20)} `,
  drawn(997),
])('half a megabyte of %s is checked in linear time', (part) => {
  expect(refusal({ text: part.repeat(Math.ceil(500_000 / part.length)) })).toBeUndefined()
})
