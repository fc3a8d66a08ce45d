import { expect } from 'vitest'
import { envelopeFields, knownFields } from '../../../src/cli/probe/recording/known-fields.ts'
import { operations } from '../../../src/operations/index.ts'
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

/** Words of the data that a recording also contains by itself. */
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
      if (value.length <= 3 || ours.has(value)) continue
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
  expect(text).toContain('created.dateTime')
})

/** Every field name in a value. */
function* namesIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield* Object.keys(value)
  for (const part of Object.values(value)) yield* namesIn(part)
}

test('a recording holds no field name of the data that this program does not know', async ({
  sandbox,
  recorder,
}) => {
  const recorded = await recorder.record(sandbox)
  const shownWords = wordsOf(recorded.text())
  const known = new Set([...operations.flatMap(knownFields), ...envelopeFields].map(({ name }) => name))
  const unknown = new Set<string>()
  for (const collection of collections)
    for (const name of namesIn(await sandbox.control.dump(collection)))
      if (!known.has(name)) unknown.add(name)
  expect(unknown.size).toBeGreaterThan(20)
  // Routes are this program's own.
  const routes = wordsOf(
    recorded
      .transcript()
      .answers.map(({ route, about }) => `${route} ${about}`)
      .join(' '),
  )
  expect([...unknown].filter((name) => shownWords.has(name) && !routes.has(name))).toEqual([])
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
/** Names that look like a customer's, or like those of secrets. */
const odd = ['apiKey', 'passwordHash', 'acme-prod-db01', 'PAYROLL_UNIT', 'costCenterEMEA']
const oddFields = Object.fromEntries(odd.map((unknown) => [unknown, `${unknown}s`]))

/** A row with the canary wherever a text is possible, and with unknown names at each level. */
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
  created: { dateTime: secret, ...oddFields },
  params: [{ key: secret, [name]: [oddFields], ...oddFields }],
  'jane.doe@acme.example': { '10.20.30.40': oddFields },
  ...oddFields,
}

/** The same in SAQ's XML. */
const escaped = secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
const xmlFields = odd.map((unknown) => `<${unknown}>${unknown}s</${unknown}>`).join('')
const xmlObject = `<${name} type="${name}"><id>19218</id><name>${escaped}</name><tags><Tag><id>${escaped}</id>${xmlFields}</Tag></tags>${xmlFields}<${name}>${escaped}</${name}></${name}>`
const xmlResponse = (code: string) =>
  `<ServiceResponse><responseCode>${code}</responseCode><count>1</count><hasMoreRecords>${escaped}</hasMoreRecords><responseErrorDetails><errorMessage>${escaped}: Invalid value</errorMessage>${xmlFields}</responseErrorDetails><data>${xmlObject}</data>${xmlFields}</ServiceResponse>`

const headers = {
  'X-Powered-By': `Qualys:${secret}`,
  'X-RateLimit-Limit': secret.replace('ü', 'u'),
  'X-Powered-By-Other': name,
  'Retry-After': name,
}

/** The answer of every read of both products: to CAR the body, to SAQ its XML. */
const answersOfAll = (status: number, contentType: string, body: unknown, xmlBody: string) =>
  operations
    .filter(({ effect }) => effect === 'read')
    .map(({ name: tool, route }) => ({
      route,
      kind: 'reply',
      status,
      contentType: tool.startsWith('saq_') && contentType.includes('json') ? 'text/xml' : contentType,
      body: tool.startsWith('saq_') ? xmlBody : body,
      headers,
    }))

test.for([
  [
    'rows',
    200,
    'application/json',
    {
      errorCode: null,
      message: secret,
      body: { totalCount: 1, list: [row, row], ...oddFields },
      ...oddFields,
    },
    xmlResponse('SUCCESS'),
  ],
  ['a record', 200, 'application/json', { message: secret, body: row, ...row }, xmlResponse('SUCCESS')],
  ['a list', 200, 'application/json', [row, [row], secret], xmlResponse('SUCCESS')],
  [
    'a refusal',
    400,
    'application/json',
    { errorCode: secret, message: `${secret}: Invalid value`, [secret]: name, ...oddFields },
    xmlResponse(escaped),
  ],
  [
    'a refusal by name',
    400,
    'application/json',
    { _error: { errorCode: 'PAYROLL_UNIT', message: name, ...oddFields }, ...row },
    xmlResponse('PAYROLL_UNIT'),
  ],
  [
    'a page',
    200,
    `text/html; name=${name}`,
    `<html><title>${secret}</title>${name}</html>`,
    `<html><title>${escaped}</title>${name}</html>`,
  ],
] as const)(
  '%s with canaries everywhere reveal none',
  async ([_what, status, contentType, body, xmlBody], { sandbox, recorder }) => {
    await sandbox.control.faults(answersOfAll(status, contentType, body, xmlBody))
    const recorded = await recorder.record(sandbox)
    expect(recorded.transcript().answers.filter((answer) => answer.status === status).length).toBeGreaterThan(
      5,
    )
    for (const text of [recorded.text(), recorded.printed.join('\n'), recorded.compared().text]) {
      expect(leakSearch([secret])(text)).toEqual([])
      expect(text).not.toMatch(/canaryname|acme|jane|10\.20/i)
      expect(odd.filter((unknown) => text.includes(unknown))).toEqual([])
    }
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
