import { describe, expect, test } from 'vitest'
import { planProbes } from '../../../src/cli/probe/plan.ts'
import { recordedAnswer, skippedAnswer } from '../../../src/cli/probe/recording/answers.ts'
import { envelopeFields, knownFields } from '../../../src/cli/probe/recording/known-fields.ts'
import { recordingSchema } from '../../../src/cli/probe/recording/schema.ts'
import type { ProbeResult } from '../../../src/session/requests/probe.ts'
import { BusyError } from '../../../src/shared/errors.ts'
import { canary } from '../../support/canary.ts'
import { leakSearch } from '../../support/leak-search.ts'

// What is recorded of one answer: its form, and nothing of the account.

const [question] = planProbes(new Set(['car']), {}).filter(
  ({ kind, operation }) => kind === 'own' && operation.name === 'car_search_scripts',
)
if (!question) throw new Error('scripts are not asked for')

const nothing: ProbeResult = { headers: {}, mediaType: '', bytes: 0, milliseconds: 3, value: undefined }

function resultOf(inquired: Partial<ProbeResult>, held = false) {
  const probe = question as NonNullable<typeof question>
  return recordedAnswer(probe, { ...nothing, ...inquired }, held, undefined)
}

describe('an answer', () => {
  const rows = Array.from({ length: 5 }, (_, id) => ({
    sortValues: [1_700_000_000_000 - id, String(id)],
    data: { id, title: `script ${id}`, status: 'APPROVED', owner: 'x' },
  }))

  test('is recorded by its status, its size, its rows and their fields', () => {
    expect(
      resultOf(
        { status: 200, bytes: 77, value: { body: { list: rows } }, payload: { rows, total: 120 } },
        true,
      ),
    ).toMatchObject({
      operation: 'car_search_scripts',
      kind: 'own',
      route: 'POST /sm/v1/scripts/search',
      about: 'as declared',
      status: 200,
      bytes: 77,
      milliseconds: 3,
      held: true,
      rows: { count: 5, total: '100-999', wrapped: true, sortValues: ['epoch milliseconds', 'numeric text'] },
      envelope: {
        fields: {
          body: { present: 1, of: 1, kinds: { object: 1 } },
          'body.list': { present: 1, of: 1, kinds: { list: 1 } },
        },
        unknown: 0,
      },
      record: {
        fields: {
          id: { present: 5, of: 5, kinds: { 'zero or one': 2, 'whole number': 3 } },
          status: { kinds: { text: 5 } },
          title: { kinds: { text: 5 } },
        },
        unknown: 1,
      },
    })
  })

  test('of another kind has no record', () => {
    expect(
      resultOf({ status: 200, value: { body: { list: rows } }, payload: { rows } }, false),
    ).not.toHaveProperty('record')
  })

  test('that is flat, or empty, is marked as such', () => {
    expect(resultOf({ status: 200, payload: { rows: [{ id: 1 }] } }, true).rows).toEqual({
      count: 1,
      wrapped: false,
    })
    expect(resultOf({ status: 200, payload: { rows: [], hasMore: false } }, true).rows).toEqual({
      count: 0,
      wrapped: false,
      more: false,
    })
  })

  test('that did not arrive has neither status nor headers', () => {
    const note = resultOf({ failure: new BusyError('', '') })
    expect(note).toMatchObject({ held: false, failure: 'busy' })
    expect(note).not.toHaveProperty('status')
    expect(note).not.toHaveProperty('headers')
  })

  test('that refuses is recorded by code and sentence, as far as they are known', () => {
    expect(
      resultOf({
        status: 400,
        refusal: { code: 'INVALID_REQUEST', message: 'x: Invalid value', fromProduct: true },
      }),
    ).toMatchObject({
      code: 'INVALID_REQUEST',
      says: 'invalid value',
    })
    const other = resultOf({
      status: 400,
      refusal: { code: 'PAYROLL', message: 'payroll is down', fromProduct: true },
    })
    expect(other.code).toBe('(another code)')
    expect(other).not.toHaveProperty('says')
  })

  test('with another method records how it was sent', () => {
    const [count] = planProbes(new Set(['saq']), {}).filter(
      ({ operation }) => operation.name === 'saq_count_users',
    )
    if (!count) throw new Error('users are not counted')
    expect(skippedAnswer(count, 'shut')).toMatchObject({
      skipped: 'shut',
      route: count.operation.route,
      sent: count.operation.route.replace('POST', 'GET'),
    })
  })
})

const secret = canary('recorded')
/** A name that a plain object inherits. */
const name = 'Canaryname'
/** Names that look like a customer's, or like those of secrets and of this program. */
const odd = [
  'apiKey',
  'acme-prod-db01',
  'jane.doe@acme.example',
  '10.20.30.40',
  'PAYROLL_UNIT',
  'costCenter_EMEA',
]
const oddFields = Object.fromEntries(odd.map((unknown) => [unknown, { [unknown]: unknown }]))
/** A row with the canary wherever a text is possible, and unknown names at each level. */
const row = {
  ...oddFields,
  id: 19_218,
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
  params: [{ key: secret, value: secret, ...oddFields, [name]: [{ ...oddFields }] }],
}
const headers = {
  'x-powered-by': `Qualys:${secret}`,
  'x-ratelimit-limit': secret,
  'retry-after': name,
  'content-type': `application/x-${name}`,
}

const publicPaths = new Set(
  [...envelopeFields, ...knownFields((question as NonNullable<typeof question>).operation)].map(
    ({ path }) => path,
  ),
)

describe('no data of the account is recorded', () => {
  const answers: Readonly<Record<string, Partial<ProbeResult>>> = {
    'of rows': {
      status: 200,
      value: { message: secret, body: { list: [row, row] } },
      payload: { rows: [row, row] },
    },
    'of an object by names': {
      status: 200,
      value: { [secret]: row, [name]: { body: [row] } },
      payload: { record: { [secret]: row, [name]: row } },
    },
    'of a list': { status: 200, value: [row, secret, [secret, [row]]], payload: { rows: [row, secret] } },
    'of a refusal': {
      status: 400,
      value: { errorCode: secret, message: `${secret}: Invalid value`, [secret]: name },
      refusal: { code: secret, message: `${secret}: Invalid value`, fromProduct: true },
    },
    'of a refusal by name': {
      status: 400,
      value: { errorCode: name, error: { [name]: name } },
      refusal: { code: name, message: name, fromProduct: true },
    },
    'of an absent path': {
      status: 404,
      value: { status: 404, error: secret, path: `/sm/${secret}`, message: name },
    },
    'of a failure': { status: 500, value: { _error: { message: secret, [name]: [secret] } } },
    'of a file': {
      status: 200,
      mediaType: `application/x-${name}`,
      value: undefined,
      payload: { record: { [name]: secret } },
    },
  }

  test.each(Object.keys(answers))('%s', (what) => {
    const all = [true, false].map((held) => resultOf({ headers, ...answers[what] }, held))
    const text = JSON.stringify(all)
    expect(leakSearch([secret])(text)).toEqual([])
    expect(text).not.toMatch(/canaryname/i)
    expect(odd.filter((unknown) => text.includes(unknown))).toEqual([])
    for (const { envelope, record } of all) {
      const paths = [...Object.keys(envelope?.fields ?? {}), ...Object.keys(record?.fields ?? {})]
      expect(paths.filter((path) => !publicPaths.has(path))).toEqual([])
    }
    // Only what the form of a recording allows.
    const whole = {
      format: 'qualys-mcp transcript',
      version: 2,
      program: '0.1.0',
      platform: 'private',
      recordedOn: '2026-12-01',
      complete: true,
      answers: all,
    }
    expect(recordingSchema.safeParse(whole).error).toBeUndefined()
  })

  test('but how many unknown fields there were', () => {
    const { record } = resultOf({ headers, ...answers['of rows'] }, true)
    const unknownInRow = Object.keys(row).filter((field) => !publicPaths.has(field)).length
    expect(record?.unknown).toBe(unknownInRow + odd.length + odd.length + 1)
  })
})
