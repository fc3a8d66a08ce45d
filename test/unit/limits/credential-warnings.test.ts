import { describe, expect, test } from 'vitest'
import { StoredText } from '../../../src/operations/stored-text.ts'
import {
  credentialWarnings,
  withoutCredentials,
} from '../../../src/tools/effects/policy/credential-warnings.ts'
import { refuseSecrets } from '../../../src/tools/effects/policy/refuse-secrets.ts'
import { credentialSamples, innocentTexts } from '../../support/secrets/credential-samples.ts'
import { drawn } from '../../support/secrets/drawn.ts'

// Credentials that a script may need are not refused: the person who approves and the assistant are warned of them.

const advice =
  'hosts and everyone who may read the script see it; name it as a parameter with secret instead.'
const samples = Object.entries(credentialSamples).flatMap(([kind, texts]) =>
  texts.map((text) => [kind, text] as const),
)
const kindIn = (warning = ''): string | undefined => / looks like (.*?): /.exec(warning)?.[1]

describe.each(samples)('%s: %s', (kind, text) => {
  const content = `#!/bin/sh\n# no. 2\n${text}\nexit 0\n`

  test('brings a warning with its kind and its line', () => {
    const [warning] = credentialWarnings({ scriptId: '7', content })
    expect(kindIn(warning)).toBe(kind)
    const line = content.split('\n').indexOf(text.split('\n').at(-1) ?? '') + 1
    expect(warning).toBe(`Line ${line} of content looks like ${kind}: ${advice}`)
  })

  test('is refused by nothing', () => expect(() => refuseSecrets({ content })).not.toThrow())

  test('is not in the audit log', () => {
    const { description } = withoutCredentials({ description: text })
    expect(description).toContain('[masked-by-qualys-mcp]')
    expect(credentialWarnings({ description })).toEqual([])
  })
})

test.each(innocentTexts)('%s brings no warning', (text) => {
  expect(credentialWarnings({ content: text, description: `${text}\n` })).toEqual([])
  expect(withoutCredentials({ text })).toEqual({ text })
})

test('all of them in one script bring none', () => {
  expect(innocentTexts.length).toBeGreaterThan(80)
  expect(credentialWarnings({ content: innocentTexts.join('\n') })).toEqual([])
})

test('the lines are those of what is sent, whatever ends them', () => {
  for (const lineEnd of ['\n', '\r\n', '\r'])
    expect(credentialWarnings({ content: ['a', 'b', 'PASSWORD=Xk29fjw!a', ''].join(lineEnd) })).toEqual([
      `Line 3 of content looks like a password: ${advice}`,
    ])
})

test('a text as Qualys stores it is looked through', () => {
  const content = new StoredText(Buffer.from('\ufeffa\nPASSWORD=Xk29fjw!a', 'utf16le'))
  const marked = new StoredText(Buffer.from('\ufeffPASSWORD=Xk29fjw!a\n'))
  expect(content.text).toContain('PASSWORD')
  expect(credentialWarnings({ content })).toEqual([`Line 2 of content looks like a password: ${advice}`])
  expect(credentialWarnings({ content: marked })).toEqual([
    `Line 1 of content looks like a password: ${advice}`,
  ])
})

test('a line that looks like several brings one warning, and lines of one kind share it', () => {
  const lines = Array.from({ length: 7 }, (_, index) => `export PASSWORD=Xk29fjw!a${index} DB_PASS=Xk29fjw!b`)
  const hook = `curl https://hooks.slack.com/services/T${drawn(44)}`
  expect(credentialWarnings({ content: [...lines, hook].join('\n') })).toEqual([
    `Lines 1, 2, 3, 4, 5 and 2 more of content look like a password: ${advice}`,
    `Line 8 of content looks like a webhook address: ${advice}`,
  ])
  expect(credentialWarnings({ content: lines.slice(0, 5).join('\n') })).toEqual([
    `Lines 1, 2, 3, 4, 5 of content look like a password: ${advice}`,
  ])
})

test('more than four warnings are counted', () => {
  const params = Array.from({ length: 6 }, (_, index) => ({ key: 'password', value: `Winter202${index}` }))
  const warnings = credentialWarnings({ params })
  expect(warnings).toHaveLength(5)
  expect(warnings.slice(3)).toEqual([
    expect.stringMatching(/^The text of params\.3\.value looks like a password: /),
    '2 more warnings like these.',
  ])
  expect(credentialWarnings({ params: params.slice(0, 5) }).at(-1)).toBe('1 more warning like these.')
  expect(credentialWarnings({ params: params.slice(0, 4) })).toHaveLength(4)
})

test('a script of one line has a line', () => {
  expect(credentialWarnings({ content: 'PASSWORD=Xk29fjw!a' })).toEqual([
    `Line 1 of content looks like a password: ${advice}`,
  ])
})

test('other arguments are looked through, with advice that fits them', () => {
  const everyone = 'everyone who may read it in Qualys sees it'
  expect(
    credentialWarnings({
      description: 'PASSWORD=Xk29fjw!a',
      params: [
        { key: 'host', value: 'db1' },
        { key: 'dbPassword', value: 'Winter2024!' },
        { key: 'url', value: 'https://svc:Secret12345@repo.example/x' },
      ],
      scripts: [{ id: '7', params: [{ key: 'api_key', value: drawn(32) }] }],
    }).sort(),
  ).toEqual([
    `The text of description looks like a password: ${everyone}; leave it out.`,
    `The text of params.1.value looks like a password: ${everyone}; pass {key, secret: "<name>"} instead of the value.`,
    `The text of params.2.value looks like a password in an address: ${everyone}; pass {key, secret: "<name>"} instead of the value.`,
    `The text of scripts.0.params.0.value looks like a key or token: ${everyone}; pass {key, secret: "<name>"} instead of the value.`,
  ])
})

test('a parameter that is filled in, named or plain brings none', () => {
  const params = [
    { key: 'password', value: '' },
    { key: 'password', value: '$PASS' },
    { key: 'password', secret: 'db-password' },
    { key: 'token', value: 'changeme' },
    { key: 'path', value: 'C:\\Program Files' },
  ]
  expect(credentialWarnings({ params, repositoryToken: 'corp-github-2024', commands: ['passwd'] })).toEqual(
    [],
  )
})

test('only the credential is masked, and other arguments stay as they are', () => {
  const args = {
    count: 3,
    flag: true,
    none: null,
    description: 'uses PASSWORD=Xk29fjw!a and https://svc:Secret12345@repo.example/x',
    params: [{ key: 'dbPassword', value: 'Winter2024!' }],
  }
  expect(withoutCredentials(args)).toEqual({
    ...args,
    description: 'uses PASSWORD=[masked-by-qualys-mcp] and https://svc:[masked-by-qualys-mcp]@repo.example/x',
    params: [{ key: 'dbPassword', value: '[masked-by-qualys-mcp]' }],
  })
})

// A search that restarts at each position would take minutes; a test of this layer has five seconds.
test.each([
  ...[
    'PASSWORD=Xk29fjw!a\n',
    'password=',
    'password="',
    '"password": ',
    '--password ',
    'PASSWORD=\n',
    '<password>',
    'token',
    'sig=',
  ],
  ...['curl ', 'mysql ', 'net user a ', 'net use a ', 'echo a:b ', 'sqlcmd ', 'setx ', 'AKIA', 'https://a:b'],
  ...[
    'ConvertTo-SecureString -AsPlainText ',
    'openssl enc ',
    'auth=("a", ',
    'connect("dbi:',
    'Authorization: Bearer ',
    'eyJ',
    '"',
    ' ',
    '=',
    drawn(997),
  ],
])('half a megabyte of %s is looked through in linear time', (part) => {
  const content = part.repeat(Math.ceil(500_000 / part.length))
  expect(credentialWarnings({ content }).length).toBeLessThanOrEqual(5)
})
