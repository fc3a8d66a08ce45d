import { describe, expect, onTestFinished, vi } from 'vitest'
import { type Assistant, openAssistant } from '../../support/assistant.ts'
import { alteredPlatform } from '../../support/effects/altered-platform.ts'
import { carStates, type EffectState, stateCalls } from '../../support/effects/car-states.ts'
import { effectNamed } from '../../support/effects/in-memory.ts'
import { carEffects } from '../../support/effects/sent-once.ts'
import { requestOf } from '../../support/effects/unattended.ts'
import { environmentFor } from '../../support/environment.ts'
import { testOn, unattendedSettings } from '../../support/fixtures.ts'
import type { SandboxRequest, TestSandbox } from '../../support/sandbox.ts'
import { holdTimers, waitOptions } from '../../support/waiting/fake-time.ts'

// After an effect the reply says the new state, with one read at most. A read that fails, or shows something else, never
// makes the effect look failed.

const test = testOn({ jobs: 300, assets: 60 })

/** An effect on a sandbox; what happens after its request has arrived can be changed. */
async function prepared(
  sandbox: TestSandbox,
  { tool }: EffectState,
  faultsAfter: readonly object[] = [],
  more: Readonly<Record<string, string>> = {},
) {
  const { control } = sandbox
  const args = (await stateCalls(control))[tool] ?? {}
  const request = requestOf(effectNamed(tool), args)
  const id = Object.values(args).find((value) => typeof value === 'string') ?? ''
  const faults = JSON.parse(JSON.stringify(faultsAfter).replaceAll('$ID', String(id))) as object[]
  const platform = await alteredPlatform(sandbox, {
    arrived: async (arrived) => {
      if (arrived.split('?')[0] !== request) return
      await control.clearRequests()
      await control.faults(faults)
    },
  })
  const environment = environmentFor(platform, {
    ...{ ...unattendedSettings, QUALYS_MAX_WAIT_SECONDS: '0' },
    ...more,
  })
  const assistant: Assistant = await openAssistant(environment)
  onTestFinished(() => assistant.close())
  const requests = async (): Promise<readonly SandboxRequest[]> =>
    (await control.requests()).filter(({ path }) => !path.startsWith('/auth'))
  return { assistant, args, request, requests }
}

const routeOf = ({ method, path }: SandboxRequest): string => `${method} ${path}`
const reads = carStates.filter(({ read }) => read !== undefined)

test('every effect of CAR but the two that are compared tells its state', () => {
  const compared = ['car_create_schedule', 'car_update_schedule']
  expect([...carStates.map(({ tool }) => tool), ...compared].sort()).toEqual(
    carEffects.map(({ name }) => name).sort(),
  )
})

describe('the state', () => {
  test.for(carStates)('of $tool, in both forms, with one read at most', async (state, { sandbox }) => {
    const { assistant, args, request, requests } = await prepared(sandbox, state)
    const { text, isError } = await assistant.call(state.tool, args)
    expect(isError, text).toBe(false)
    expect(text.split('\n')[0]).toMatch(state.said)
    const after = (await requests()).map(routeOf)
    expect(after).toEqual([request, ...(state.read === undefined ? [] : [state.read])])
  })

  test.for(carStates)('of $tool as fields', async (state, { sandbox }) => {
    const { assistant, args } = await prepared(sandbox, state)
    const { structured } = await assistant.call(state.tool, args, 'json')
    expect(structured.summary).toMatch(state.said)
    expect(structured.rows).toEqual([expect.objectContaining(state.fields)])
  })
})

const failures = [
  ['500', { kind: 'status', status: 500 }],
  ['403', { kind: 'reply', status: 403, body: { errorCode: '403', message: 'No', body: null } }],
  ['404', { kind: 'status', status: 404 }],
  ['a page', { kind: 'html', status: 200 }],
  ['half of it', { kind: 'truncate' }],
  ['a list that is none', { kind: 'reply', body: { body: { totalCount: 3, list: 'none' } } }],
] as const

describe('a read that fails', () => {
  test.for(
    reads.flatMap((state) => failures.map((failure) => [state.tool, failure[0], state, failure[1]] as const)),
  )('after %s with %s does not make the effect look failed', async ([tool, , state, fault], { sandbox }) => {
    const { assistant, args, request, requests } = await prepared(sandbox, state, [
      { route: state.read, ...fault },
    ])
    const { text, isError } = await assistant.call(tool, args)
    expect(isError, text).toBe(false)
    expect(text).toMatch(/could not be read|may not be read by this user \(403\)|cannot be read|is not known/)
    expect(text).toMatch(/car_(?:search|list|get)_/)
    expect(text).not.toMatch(/\b0 sets|no longer shows|not active|undefined|null/)
    const after = await requests()
    expect(after.filter((one) => routeOf(one) === request)).toHaveLength(1)
    expect(after.filter((one) => routeOf(one) !== request).length).toBeLessThanOrEqual(1)
  })

  test.for(reads)('after $tool with an empty list is told as it is', async (state, { sandbox }) => {
    const body =
      state.read === 'GET /sm/v1/reports'
        ? { list: [], totalCount: 0 }
        : { body: { totalCount: 0, list: [] } }
    const { assistant, args } = await prepared(sandbox, state, [{ route: state.read, kind: 'reply', body }])
    const { text, isError } = await assistant.call(state.tool, args)
    expect(isError, text).toBe(false)
    expect(text.split('\n')[0]).toMatch(state.empty ?? state.said)
  })

  test.for(reads)('after $tool too slowly ends after ten seconds', async (state, { sandbox }) => {
    const time = holdTimers(10_000)
    const { assistant, args, requests } = await prepared(sandbox, state, [
      { route: state.read, kind: 'delay', ms: 3_600_000 },
    ])
    const call = assistant.call(state.tool, args)
    await vi.waitFor(async () => expect((await requests()).map(routeOf)).toContain(state.read), waitOptions)
    time.fire()
    const { text, isError } = await call
    expect(isError, text).toBe(false)
    expect(text).toContain('was not looked at, since time was up')
  })
})

test.for(
  reads.flatMap((state) => (state.differing ?? []).map((one) => [state.tool, one[0], state, one] as const)),
)('after %s a list that shows %s', async ([tool, , state, [, body, said]], { sandbox }) => {
  const { assistant, args } = await prepared(sandbox, state, [{ route: state.read, kind: 'reply', body }])
  const { text, isError } = await assistant.call(tool, args)
  expect(isError, text).toBe(false)
  expect(text.split('\n')[0]).toMatch(said)
})
