import { expect } from 'vitest'
import { canary } from '../../support/canary.ts'
import { test } from '../../support/doctor/recorder-fixtures.ts'
import { leakSearch } from '../../support/leak-search.ts'

// A recording is made to be shown to anybody: it must contain nothing of the account, whatever the server sends.
// Answer by answer: test/unit/doctor/results.test.ts.

const collections = [
  'jobs',
  'assetjobs',
  'assets',
  'scripts',
  'schedules',
  'tags',
  'reports',
  'blocked-commands',
  'library',
  'templates',
  'librarytemplates',
  'campaigns',
  'questionnaires',
  'users',
]

/**
 * Qualys' own words in the seeded data, field by field as its pages document them; all other text belongs to the
 * account.
 */
const words = new Set(
  `WINDOWS LINUX UNIX MAC APPROVED PENDING_TEST PENDING_APPROVAL REJECTED DEPRECATED Detection Response Automated Manual
  PowerShell ONE_TIME RECURRING HOURLY DAILY WEEKLY MONTHLY COMPLETED IN_PROGRESS FAILED DRAFT PUBLISHED ACTIVE INACTIVE
  COMPLETE CANCELED SIMPLE REVIEWABLE FULL INFORMATION_GATHERING REVIEW APPROVAL CLOSED INCOMPLETE VERY_HIGH HIGH MEDIUM
  LOW INFO CRITICAL Button Radio Combo booleanQuestion textQuestion numericQuestion singleSelectQuestion
  multiSelectQuestion`.split(/\s+/),
)

/** Words in outputs of scripts that a recording also contains by itself. */
const ours = new Set(['json', 'error', 'empty'])

/** Every text in a value, and every number too long to be a count. */
function* valuesIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'number' && value >= 1_000_000) yield String(value)
  else if (typeof value === 'object' && value !== null)
    for (const part of Object.values(value)) yield* valuesIn(part)
}

/** The whole words, numbers and quoted texts of a text. */
function wordsOf(text: string): Set<string> {
  return new Set([
    ...text.split(/[^\w-]+/),
    ...[...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, inner = '']) => inner),
  ])
}

test('a recording holds no value of the data', async ({ sandbox, recorder }) => {
  const recorded = await recorder.record(sandbox)
  const text = recorded.text()
  const shownWords = wordsOf(text)
  let looked = 0
  const found = new Set<string>()
  for (const collection of collections) {
    for (const value of valuesIn(await sandbox.control.dump(collection))) {
      if (value.length <= 3 || words.has(value) || ours.has(value)) continue
      looked += 1
      if (shownWords.has(value) || (value.length >= 12 && text.includes(value)))
        found.add(`${collection}: ${value}`)
    }
  }
  expect(looked).toBeGreaterThan(20_000)
  expect([...found]).toEqual([])
  const { gatewayUrl, username, password } = sandbox
  for (const own of [new URL(gatewayUrl).host, username, password]) expect(text).not.toContain(own)
  // The intended findings are still in it.
  expect(text).toContain('"PENDING_APPROVAL"')
  expect(text).toContain('created.dateTime')
})

test('the progress output holds no value either', async ({ sandbox, recorder }) => {
  const { printed } = await recorder.record(sandbox)
  const shownWords = wordsOf(printed.slice(3).join('\n'))
  const users = await sandbox.control.dump('users')
  const values = [...valuesIn(users), ...valuesIn(await sandbox.control.dump('assets'))]
  expect(values.filter((value) => value.length > 4 && !words.has(value) && shownWords.has(value))).toEqual([])
})

const secret = canary('recorded')
/** A name that a plain object inherits. */
const name = 'Canaryname'

/** A row with the canary wherever a text is possible. */
const row = {
  id: 19218,
  title: secret,
  [secret]: secret,
  status: secret,
  platform: `WINDOWS ${secret}`,
  [name]: { [name]: name },
  login: name,
  subType: name,
  owners: { [`${name}One`]: { type: 'x' }, [`${name}Two`]: { type: 'y' } },
  tags: [{ [secret]: [secret, { type: secret }] }],
  created: { dateTime: secret },
}

const spread = (status: number, contentType: string, body: unknown) =>
  [
    'POST /sm/v1/scripts/search',
    'POST /sm/v2/scripts/search',
    'GET /sm/v1/scripts/export',
    'GET /sm/v1/script-types',
  ].map((route) => ({
    route,
    kind: 'reply',
    status,
    contentType,
    body,
    headers: {
      'X-Powered-By': `Qualys:${secret}`,
      'X-RateLimit-Limit': secret.replace('ü', 'u'),
      'X-Powered-By-Other': name,
      'Retry-After': name,
    },
  }))

test.for([
  [
    'rows',
    200,
    'application/json',
    { errorCode: null, message: secret, body: { totalCount: 1, list: [row, row] } },
  ],
  [
    'a refusal',
    400,
    'application/json',
    { errorCode: secret, message: `${secret}: Invalid value`, [secret]: name },
  ],
  ['a page', 200, `text/html; name=${name}`, `<html><title>${secret}</title>${name}</html>`],
] as const)(
  '%s with canaries everywhere reveal none',
  async ([_what, status, contentType, body], { sandbox, recorder }) => {
    await sandbox.control.faults(spread(status, contentType, body))
    const recorded = await recorder.record(sandbox, { QUALYS_TOOLSETS: 'car' })
    const text = recorded.text()
    expect(leakSearch([secret])(text)).toEqual([])
    expect(text).not.toMatch(/canaryname/i)
    expect(recorded.printed.join('\n')).not.toMatch(/canary/i)
    expect(recorded.compared().text).not.toMatch(/canary/i)
  },
)

test('a secret from the settings is redacted, even where the text would be allowed', async ({
  sandbox,
  recorder,
}) => {
  const odd = 'PAYROLLSECRET'
  await sandbox.control.faults([
    {
      route: 'GET /sm/v1/script-types',
      kind: 'reply',
      body: { body: { list: [{ id: 1, status: odd, [odd]: 7 }], totalCount: 1 } },
    },
  ])
  const recorded = await recorder.record(sandbox, { QUALYS_TOOLSETS: 'car', QUALYS_SECRET_ODD: odd })
  expect(recorded.text()).not.toContain(odd)
})
