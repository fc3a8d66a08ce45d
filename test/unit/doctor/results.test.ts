import { describe, expect, test } from 'vitest'
import { planProbes } from '../../../src/cli/probe/plan.ts'
import {
  pendingAnswerOf,
  publishableAnswer,
  skippedAnswer,
} from '../../../src/cli/probe/recording/answers.ts'
import { ObservedValues } from '../../../src/cli/probe/recording/name-privacy.ts'
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

function resultOf(inquired: Partial<ProbeResult>, held = false, seen = new ObservedValues()) {
  return publishableAnswer(
    pendingAnswerOf(
      question as NonNullable<typeof question>,
      question?.route ?? 'GET /',
      { ...nothing, ...inquired },
      held,
      undefined,
      seen,
    ),
    seen,
  )
}

describe('an answer', () => {
  const rows = Array.from({ length: 5 }, (_, id) => ({
    sortValues: [1_700_000_000_000 - id, String(id)],
    data: { id, title: `script ${id}`, status: 'APPROVED' },
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
      envelope: [
        { path: 'body', present: 1, of: 1, kinds: { object: 1 } },
        { path: 'body.list', present: 1, of: 1, kinds: { list: 1 } },
      ],
      fields: [
        { path: 'id', present: 5, of: 5, kinds: { 'zero or one': 2, 'whole number': 3 } },
        { path: 'status', values: ['APPROVED'] },
        { path: 'title', kinds: { text: 5 } },
      ],
    })
  })

  test('of another kind has no fields', () => {
    expect(
      resultOf({ status: 200, value: { body: { list: rows } }, payload: { rows } }, false),
    ).not.toHaveProperty('fields')
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
    expect(publishableAnswer(skippedAnswer(count, 'shut'), new ObservedValues())).toMatchObject({
      skipped: 'shut',
      route: count.operation.route,
      sent: count.operation.route.replace('POST', 'GET'),
    })
  })
})

const secret = canary('recorded')
/** A name that a plain object inherits. */
const name = 'Canaryname'
/** A row with the canary wherever a text is possible. */
const row = {
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
  created: { dateTime: secret },
}
const headers = {
  'x-powered-by': `Qualys:${secret}`,
  'x-ratelimit-limit': secret,
  'retry-after': name,
  'content-type': `application/x-${name}`,
}

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
    const seen = new ObservedValues()
    const all = [true, false].map((held) => resultOf({ headers, ...answers[what] }, held, seen))
    const text = JSON.stringify(all)
    expect(leakSearch([secret])(text)).toEqual([])
    expect(text).not.toMatch(/canaryname/i)
    // Only what the form of a recording allows.
    const whole = {
      format: 'qualys-mcp transcript',
      version: 1,
      program: '0.1.0',
      platform: 'private',
      recordedOn: '2026-12-01',
      complete: true,
      answers: all,
    }
    expect(recordingSchema.safeParse(whole).error).toBeUndefined()
  })

  test('of a name that a later answer has as a value', () => {
    const seen = new ObservedValues()
    const known = question as NonNullable<typeof question>
    const rows = Array.from({ length: 5 }, (_, id) => ({ id, payroll: 1 }))
    const first = pendingAnswerOf(
      known,
      known.route,
      { ...nothing, status: 200, payload: { rows } },
      true,
      undefined,
      seen,
    )
    expect(JSON.stringify(publishableAnswer(first, seen))).toContain('payroll')
    pendingAnswerOf(
      known,
      known.route,
      { ...nothing, status: 200, payload: { rows: [{ id: 1, title: 'payroll' }] } },
      true,
      undefined,
      seen,
    )
    expect(JSON.stringify(publishableAnswer(first, seen))).not.toContain('payroll')
  })
})
