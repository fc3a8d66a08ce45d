import { describe, expect, test } from 'vitest'
import { planOf } from '../../../src/cli/probe/plan.ts'
import { Sightings } from '../../../src/cli/probe/recording/name-privacy.ts'
import { noteOf, skipped, told } from '../../../src/cli/probe/recording/results.ts'
import { transcript } from '../../../src/cli/probe/recording/transcript.ts'
import type { Inquired } from '../../../src/session/requests/probe.ts'
import { BusyError } from '../../../src/shared/errors.ts'
import { canary } from '../../support/canary.ts'
import { leakSearch } from '../../support/leak-search.ts'

// What is kept of one answer: its form, and nothing of the account.

const [question] = planOf(new Set(['car']), {}).filter(
  ({ kind, operation }) => kind === 'own' && operation.name === 'car_search_scripts',
)
if (!question) throw new Error('scripts are not asked for')

const nothing: Inquired = { headers: {}, mediaType: '', bytes: 0, milliseconds: 3, value: undefined }

function noted(inquired: Partial<Inquired>, held = false, seen = new Sightings()) {
  return told(
    noteOf(
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

  test('is told by its status, its size, its rows and their fields', () => {
    expect(
      noted({ status: 200, bytes: 77, value: { body: { list: rows } }, payload: { rows, total: 120 } }, true),
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

  test('that is none of its kind has no fields', () => {
    expect(
      noted({ status: 200, value: { body: { list: rows } }, payload: { rows } }, false),
    ).not.toHaveProperty('fields')
  })

  test('that is flat, or empty, says so', () => {
    expect(noted({ status: 200, payload: { rows: [{ id: 1 }] } }, true).rows).toEqual({
      count: 1,
      wrapped: false,
    })
    expect(noted({ status: 200, payload: { rows: [], more: false } }, true).rows).toEqual({
      count: 0,
      wrapped: false,
      more: false,
    })
  })

  test('that did not come has neither status nor headers', () => {
    const note = noted({ failure: new BusyError('', '') })
    expect(note).toMatchObject({ held: false, failure: 'busy' })
    expect(note).not.toHaveProperty('status')
    expect(note).not.toHaveProperty('headers')
  })

  test('that refuses is told by code and sentence, as far as they are known', () => {
    expect(
      noted({
        status: 400,
        refusal: { code: 'INVALID_REQUEST', message: 'x: Invalid value', fromProduct: true },
      }),
    ).toMatchObject({
      code: 'INVALID_REQUEST',
      says: 'invalid value',
    })
    const other = noted({
      status: 400,
      refusal: { code: 'PAYROLL', message: 'payroll is down', fromProduct: true },
    })
    expect(other.code).toBe('(another code)')
    expect(other).not.toHaveProperty('says')
  })

  test('with another method says how it was sent', () => {
    const [count] = planOf(new Set(['saq']), {}).filter(
      ({ operation }) => operation.name === 'saq_count_users',
    )
    if (!count) throw new Error('users are not counted')
    expect(told(skipped(count, 'shut'), new Sightings())).toMatchObject({
      skipped: 'shut',
      route: count.operation.route,
      sent: count.operation.route.replace('POST', 'GET'),
    })
  })
})

const secret = canary('recorded')
/** A name that a careless map could be keyed by. */
const name = 'Canaryname'
/** A row that holds the canary wherever a text can be. */
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

describe('nothing of the account is told', () => {
  const answers: Readonly<Record<string, Partial<Inquired>>> = {
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
    const seen = new Sightings()
    const all = [true, false].map((held) => noted({ headers, ...answers[what] }, held, seen))
    const text = JSON.stringify(all)
    expect(leakSearch([secret])(text)).toEqual([])
    expect(text).not.toMatch(/canaryname/i)
    // What is told is what the form of a recording allows.
    const whole = {
      format: 'qualys-mcp transcript',
      version: 1,
      program: '0.1.0',
      platform: 'private',
      recordedOn: '2026-12-01',
      complete: true,
      answers: all,
    }
    expect(transcript.safeParse(whole).error).toBeUndefined()
  })

  test('of a name that a later answer has as a value', () => {
    const seen = new Sightings()
    const known = question as NonNullable<typeof question>
    const rows = Array.from({ length: 5 }, (_, id) => ({ id, payroll: 1 }))
    const first = noteOf(
      known,
      known.route,
      { ...nothing, status: 200, payload: { rows } },
      true,
      undefined,
      seen,
    )
    expect(JSON.stringify(told(first, seen))).toContain('payroll')
    noteOf(
      known,
      known.route,
      { ...nothing, status: 200, payload: { rows: [{ id: 1, title: 'payroll' }] } },
      true,
      undefined,
      seen,
    )
    expect(JSON.stringify(told(first, seen))).not.toContain('payroll')
  })
})
