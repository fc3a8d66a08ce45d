import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../../src/sandbox/faults.ts'
import {
  effects,
  requestOf,
  temporary,
  timesSeen,
  type Unattended,
  unattended,
} from '../../support/effects/bench.ts'
import { effectCalls, groundOf } from '../../support/effects/calls.ts'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'

// Every operation of CAR with an effect, under everything that can happen to its one request.

const folder = temporary()
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let server: Unattended
let calls: Awaited<ReturnType<typeof effectCalls>>
/** Tools that a model sees without further settings, and that only read. */
let readers: ReadonlySet<string>
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 200, assets: 60 })
  server = await unattended(environmentFor(sandbox), folder.path)
  calls = await effectCalls(sandbox.control, await groundOf(sandbox.control))
  readers = new Set(server.options.listings.flatMap(({ name, effect }) => (effect === 'read' ? [name] : [])))
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  await server.close()
  await sandbox.close()
  folder.remove()
})

type Blow = readonly Omit<Fault, 'route'>[]
const answer: Omit<Fault, 'route'> = { kind: 'reply', body: { errorCode: '0', message: 'Done', body: {} } }
const page = '<html><body>Sign in</body></html>'
const refusal = (status: number): Blow => [
  { kind: 'reply', status, body: { errorCode: String(status), message: 'No, because', body: null } },
]

interface Trouble {
  readonly name: string
  readonly blow: Blow
}

/** Nobody can know whether it happened. The answer is canned, so that no blow changes what the next one meets. */
const lost: readonly (Trouble & { readonly status?: number })[] = [
  {
    name: 'a refusal inside a success, by a code that is a status',
    blow: [{ kind: 'reply', body: { errorCode: '403', message: 'No' } }],
  },
  { name: 'a reset before it is looked at', blow: [{ kind: 'reset' }] },
  { name: 'a reset instead of the answer', blow: [answer, { kind: 'resetAfterBody' }] },
  { name: 'half an answer', blow: [answer, { kind: 'truncate' }] },
  ...[500, 502, 503, 504, 599].map((status) => ({
    name: `${status}`,
    blow: [{ kind: 'status', status }] as const,
    status,
  })),
  { name: 'a page with 502', blow: [{ kind: 'html', status: 502 }], status: 502 },
  {
    name: '503 with a hint when to come again',
    blow: [{ kind: 'status', status: 503, headers: { 'Retry-After': '1' } }],
    status: 503,
  },
  { name: 'a page with 200', blow: [{ kind: 'reply', body: page, contentType: 'text/html' }] },
  // It may say that part of it was done.
  {
    name: 'an error inside a success, by a code that nobody knows',
    blow: [{ kind: 'reply', body: { errorCode: '7', message: 'No' } }],
    status: 200,
  },
  { name: 'JSON that ends too early', blow: [{ kind: 'reply', body: '{"errorCode":"0","body":{"id' }] },
]

/** The door was shut: nothing happened, and who can mend it is told. */
const refused: readonly (Trouble & { readonly kind: string; readonly seconds?: number })[] = [
  { name: '400', blow: refusal(400), kind: 'input' },
  { name: '403', blow: refusal(403), kind: 'setup' },
  { name: '409', blow: refusal(409), kind: 'input' },
  { name: '422', blow: refusal(422), kind: 'input' },
  { name: '404 of CAR', blow: refusal(404), kind: 'input' },
  { name: '404 of a gateway', blow: [{ kind: 'status', status: 404 }], kind: 'setup' },
  { name: '410', blow: [{ kind: 'status', status: 410 }], kind: 'setup' },
  {
    name: 'a redirect',
    blow: [{ kind: 'redirect', status: 307, location: 'https://login.example.com/' }],
    kind: 'setup',
  },
  { name: 'a limit', blow: [{ kind: 'limit', toWaitSec: 0.02 }], kind: 'busy', seconds: 1 },
  {
    name: 'a longer limit',
    blow: [{ kind: 'limit', hint: 'retryAfter', toWaitSec: 7 }],
    kind: 'busy',
    seconds: 7,
  },
  {
    name: 'a limit without a hint',
    blow: [{ kind: 'limit', hint: 'none', emptyBody: true }],
    kind: 'busy',
    seconds: 60,
  },
  {
    name: 'a limit with 409',
    blow: [{ kind: 'limit', status: 409, toWaitSec: 9 }],
    kind: 'busy',
    seconds: 9,
  },
  {
    name: 'a limit by its code alone',
    blow: [{ kind: 'reply', status: 409, body: '<R><CODE>1965</CODE></R>', contentType: 'text/xml' }],
    kind: 'busy',
    seconds: 60,
  },
]

/** Answers without a word: a status is all it takes. */
const silent: readonly Trouble[] = [
  { name: '204', blow: [{ kind: 'empty' }] },
  { name: '200 without a body', blow: [{ kind: 'reply' }] },
  { name: '201 with blanks', blow: [{ kind: 'reply', status: 201, body: ' \r\n' }] },
]

const ofCar = effects.filter(({ name }) => name.startsWith('car_'))

describe.each(ofCar.map((operation) => [operation.name, operation] as const))('%s', (name, operation) => {
  const meet = async (blow: Blow) => {
    const args = calls[name]
    if (!args) throw new Error(`no arguments for ${name}`)
    const request = requestOf(operation, args)
    // By its pattern where the sandbox serves it, by its path where it does not.
    const routes = [...new Set([operation.route, request])]
    await sandbox.control.faults(routes.flatMap((route) => blow.map((fault) => ({ route, ...fault }))))
    return { ...(await server.call(name, args)), times: await timesSeen(sandbox.control, request) }
  }

  test.each(lost)('after $name: one request, and nobody knows', async ({ blow, status }) => {
    const { text, error, times } = await meet(blow)
    expect(times, text).toBe(1)
    expect(error, text).toMatchObject({ kind: 'unclear', ...(status !== undefined && { status }) })
    expect(text).toContain(`Whether ${name} took effect is not known.`)
    const next = String(error?.['next'])
    expect(text.endsWith(next)).toBe(true)
    expect(next).toMatch(/do not repeat it|do not run it again|before anything is run again/i)
    const named = next.match(/car_\w+/g) ?? []
    // Nothing lists what is blocked, as Qualys documents it.
    if (/_(un)?block_/.test(name)) expect(next).toContain('Qualys UI')
    else
      expect(
        named.some((tool) => readers.has(tool)),
        next,
      ).toBe(true)
    expect(named).not.toContain(name)
    expect(text).not.toMatch(/did not happen|nothing happened|failed to|undefined|null|[<>]/)
  })

  test.each(refused)('after $name: one request, and not again', async ({ blow, kind, seconds }) => {
    const { text, error, times } = await meet(blow)
    expect(times, text).toBe(1)
    expect(error, text).toMatchObject({ kind })
    expect(text).not.toContain('not known')
    if (kind === 'busy') expect(text).toMatch(/limits the calls.*Call again in/)
    if (seconds !== undefined) {
      expect(error).toMatchObject({ retryAfterSeconds: seconds })
      expect(text).toContain(`Call again in ${seconds} s.`)
    }
  })

  test.each(silent)('after $name: it is done', async ({ blow }) => {
    const { text, error, times } = await meet(blow)
    expect(times, text).toBe(1)
    expect(text).not.toMatch(/undefined|null|\[object/)
    // What cannot be read back of a schedule is another matter (schedules.test.ts).
    if (/_(create|update)_schedule$/.test(name)) expect(error).toMatchObject({ kind: 'unclear' })
    else expect(error, text).toBeUndefined()
    // Without its correlationUuid nobody can follow a run.
    if (name === 'car_execute_script') expect(text).toMatch(/^Find its run with car_search_jobs/m)
  })
})
