import { describe, expect, test } from 'vitest'
import { readSettings } from '../../../src/config/settings.ts'
import { checkPassedParameters } from '../../../src/tools/effects/policy/limits/parameters.ts'
import { lookUpCarTargets } from '../../../src/tools/effects/targets/car-targets.ts'
import { fleetReplies } from '../../support/effects/fleet-replies.ts'
import { attemptInBothModes, toolContextOn } from '../../support/effects/in-memory.ts'
import { forbidden } from '../../support/effects/limit-texts.ts'
import { MemorySession, type Replies } from '../../support/effects/memory-session.ts'

// QUALYS_ALLOWED_PARAMETERS: the values that scripts get.

const setting = 'QUALYS_ALLOWED_PARAMETERS'
const limits = { [setting]: '{"7":{"path":"/tmp/[a-z]+|/var","age":"\\\\d+"}}' }

const keys = [{ key: 'path' }, { key: 'age' }]
const passing = (path: string, age = '5') => [
  { key: 'path', value: path },
  { key: 'age', value: age },
]
const schedule = (params: unknown) => ({
  ...{ id: 'a', title: 'Nightly', activate: true, scripts: [{ id: 8 }, { id: 7, params }] },
  ...{ assets: [{ id: 1 }], assetTags: [], excludedAssets: [] },
})
const replies = (stored: unknown = passing('/tmp/a'), params: unknown = keys): Replies => ({
  ...fleetReplies({ hosts: [{ id: 1, tags: [] }] }),
  car_get_script: ({ scriptId }) => ({
    id: scriptId,
    title: 'Sweep',
    params: scriptId === '7' ? params : [],
  }),
  car_get_schedule: schedule(stored),
  car_search_schedules: [schedule(stored)],
})
const attempt = (tool: string, args: object, more = replies()) => attemptInBothModes(more, tool, args, limits)
const run = (params: object[], more = replies()) =>
  attempt('car_execute_script', { scriptId: 7, assetIds: [1], params }, more)

describe('a run', () => {
  test.each(['/tmp/a', '/tmp/abc', '/var'])('passes %s', async (path) => {
    expect((await run(passing(path))).sent).toBe(1)
  })

  test.each([
    '/',
    '/tmp',
    '/tmp/',
    '/tmp/a/b',
    '/tmp/A',
    'x/tmp/a',
    '/tmp/a\n',
    '\n/tmp/a',
    '/tmp/a\nrm',
    '/var/x',
    '',
    ' /var',
  ])('does not pass %j', async (path) => {
    expect(await run(passing(path))).toEqual({
      sent: 0,
      kind: 'setup',
      text: forbidden(
        `the value of the parameter "path" of script 7 does not match ${setting}`,
        setting,
        'script "Sweep" (id 7)',
      ),
    })
  })

  test('passes no parameter that is not listed, whatever it holds', async () => {
    const three = replies(undefined, [...keys, { key: 'mode' }])
    expect((await run([...passing('/var'), { key: 'mode', value: '' }], three)).text).toMatch(
      /QUALYS_ALLOWED_PARAMETERS does not list the parameter "mode" of script 7\./,
    )
  })

  test('of a script that is not listed passes what it likes', async () => {
    const other = { scriptId: 8, assetIds: [1], params: [{ key: 'path', value: '/' }] }
    const more = { ...replies(), car_get_script: { id: '8', params: [{ key: 'path' }] } }
    expect((await attempt('car_execute_script', other, more)).sent).toBe(1)
  })

  test('in a lab goes by the same list', async () => {
    const args = { scriptId: 7, testMode: true, testAssets: [1], params: passing('/') }
    expect((await attempt('car_execute_script', args)).text).toMatch(/the value of the parameter "path"/)
  })
})

test('of a secret only the key is compared', async () => {
  const context = toolContextOn(new MemorySession(replies()), limits)
  const targets = await lookUpCarTargets({ product: 'car' }, context)
  const check = (key: string) => () =>
    checkPassedParameters([{ script: '7', values: [{ key, secret: 'db' }] }], targets, context)
  expect(check('path')).not.toThrow()
  expect(check('token')).toThrow(/does not list the parameter "token"/)
})

describe('a schedule', () => {
  const plan = (path: string) => ({
    ...{ title: 'P', startDate: '2096-02-29', startTime: '08:30', assets: [1], activate: false },
    scripts: [
      { id: 8, title: 'T' },
      { id: 7, title: 'T', params: passing(path) },
    ],
  })

  test.each([
    ['car_create_schedule', {}],
    ['car_create_schedule', { activate: true }],
    ['car_update_schedule', { scheduleId: 'a', recurrence: 'ONCE', activate: true }],
  ])('by %s %j passes only such values', async (tool, more) => {
    expect((await attempt(tool, { ...plan('/'), ...more })).text).toMatch(/the value of the parameter "path"/)
    expect((await attempt(tool, { ...plan('/var'), ...more })).sent).toBe(1)
  })

  const switchedOn = (stored: unknown) =>
    attempt('car_activate_schedule', { scheduleId: 'a' }, replies(stored))
  const rewritten = (stored: unknown) =>
    attempt('car_update_script', { scriptId: 7, content: 'x', comment: 'y' }, replies(stored))

  test.each([
    ['switched on', switchedOn],
    ['whose script is rewritten', rewritten],
  ] as const)('%s has to store such values', async (_what, change) => {
    expect((await change(passing('/tmp/a'))).sent).toBe(1)
    expect((await change(passing('/'))).text).toMatch(
      /the value of the parameter "path" of script 7 does not/,
    )
    expect((await change([{ key: 'mode', value: '1' }])).text).toMatch(/does not list the parameter "mode"/)
  })

  test.each<readonly [string, unknown]>([
    ['only the keys', keys],
    ['one value of two', [...passing('/var').slice(1), { key: 'path' }]],
    ['null', null],
    ['a text', 'path=/var'],
    ['a list of texts', ['path']],
  ])('that shows %s is not switched on', async (_what, stored) => {
    expect((await switchedOn(stored)).text).toMatch(
      /schedule a does not show the parameters that it passes to script 7, and QUALYS_ALLOWED_PARAMETERS needs/,
    )
  })

  test('that shows none is not switched on', async () => {
    const more = { ...replies(), car_get_schedule: { ...schedule([]), scripts: [{ id: 7 }] } }
    expect((await attempt('car_activate_schedule', { scheduleId: 'a' }, more)).text).toMatch(
      /schedule a does not show the parameters/,
    )
  })

  test('of a script without parameters is switched on', async () => {
    const more = {
      ...replies(undefined, []),
      car_get_schedule: { ...schedule([]), scripts: [{ id: 7 }] },
    }
    expect((await attempt('car_activate_schedule', { scheduleId: 'a' }, more)).sent).toBe(1)
  })
})

test('a script stores only such values', async () => {
  const store = (path: string) => attempt('car_update_script', { scriptId: 7, params: passing(path) })
  expect((await store('/')).text).toMatch(/the value of the parameter "path"/)
  expect((await store('/var')).sent).toBe(1)
  expect((await attempt('car_update_script', { scriptId: 7, params: [] })).sent).toBe(1)
})

test('a script whose values are limited is not copied', async () => {
  expect((await attempt('car_clone_script', { scriptId: 7 })).text).toMatch(
    /QUALYS_ALLOWED_PARAMETERS holds for script 7, and not for a copy of it/,
  )
  expect((await attempt('car_clone_script', { scriptId: 8 })).sent).toBe(1)
})

test.each(['{"7":{"path":"a)|(b"}}', '{"7":{"path":"["}}', '{}', '[]', '{"07":{"a":"b"}}', '{"7":{"a":""}}'])(
  '%s stops the start',
  (text) => {
    expect(() => readSettings({}, { [setting]: text })).toThrow(
      /^QUALYS_ALLOWED_PARAMETERS must be a JSON object/,
    )
  },
)
