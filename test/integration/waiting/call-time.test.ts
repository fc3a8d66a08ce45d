import type { RequestListener, ServerResponse } from 'node:http'
import { describe, expect, onTestFinished, vi } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { openAssistantOn } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import { effectRequests } from '../../support/sandbox.ts'
import { deferred, noRows } from '../../support/session/gateway.ts'
import { type HeldTimers, holdTimers, waitOptions } from '../../support/waiting/fake-time.ts'
import {
  connectionClosed,
  effectArgs,
  expectSettingNamed,
  gatewayFor,
} from '../../support/waiting/gateway.ts'

// QUALYS_CALL_TIMEOUT_SECONDS: a call that takes too long ends, whatever it waits for.

const seconds = 777

const test = testOn({ jobs: 100 }, {}).extend<{ time: HeldTimers }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  time: async ({}, use) => use(holdTimers(seconds * 1_000)),
})

const settings = {
  QUALYS_MODE: 'unattended',
  QUALYS_UNVERIFIED: 'all',
  QUALYS_MAX_WAIT_SECONDS: '60',
  QUALYS_CALL_TIMEOUT_SECONDS: String(seconds),
}

async function assistantFor(listener: RequestListener, extra: Environment = {}, login?: RequestListener) {
  const assistant = await openAssistantOn(await gatewayFor(listener, login), { ...settings, ...extra })
  onTestFinished(() => assistant.close())
  return assistant
}

/** Sends the start of an answer, and then a blank with each turn of the event loop. */
const dripping = (response: ServerResponse): void => {
  response.write('{"body":')
  const drip = (): void => {
    if (response.destroyed) return
    response.write(' ')
    setImmediate(drip)
  }
  drip()
}

/** Never finishes its answer; reports when the first request has arrived, and when its client has disconnected. */
function silent(answer: (response: ServerResponse) => void = () => undefined) {
  const [come, gone] = [deferred(), deferred()]
  let asked = 0
  const listener: RequestListener = (_request, response) => {
    asked++
    connectionClosed(response).then(gone.resolve)
    answer(response)
    come.resolve()
  }
  return { listener, come: come.promise, gone: gone.promise, asked: () => asked }
}

describe('ends a call', () => {
  test.for([
    ['that waits for an answer', () => undefined],
    ['whose answer drips', dripping],
  ] as const)('%s, and closes the socket', async ([_name, answer], { time }) => {
    const { listener, come, gone, asked } = silent(answer)
    const assistant = await assistantFor(listener)
    const call = assistant.call('car_list_script_types')
    await come
    time.fire()
    const { text, isError, error } = await call
    expect({ isError, kind: error?.['kind'] }).toEqual({ isError: true, kind: 'vendor' })
    expectSettingNamed(text, 'QUALYS_CALL_TIMEOUT_SECONDS', seconds)
    await gone
    expect(asked()).toBe(1)
    expect(assistant.log.filter((line) => /"level":"(warn|error)"/.test(line))).toEqual([])
  })

  test('during a login whose answer arrives slowly', async ({ time }) => {
    const { listener, come, gone } = silent(dripping)
    const assistant = await assistantFor(() => undefined, {}, listener)
    const call = assistant.call('car_list_script_types')
    await come
    time.fire()
    expectSettingNamed((await call).text, 'QUALYS_CALL_TIMEOUT_SECONDS', seconds)
    await assistant.close()
    await gone
  })

  test('that requests the status of the server', async ({ time }) => {
    const { listener, come } = silent()
    const assistant = await assistantFor(listener, {}, listener)
    const call = assistant.call('qualys_status')
    await come
    time.fire()
    const { text, isError } = await call
    expect(isError).toBe(true)
    expectSettingNamed(text, 'QUALYS_CALL_TIMEOUT_SECONDS', seconds)
  })

  test('that waits for a rate limit', async ({ time }) => {
    let asked = 0
    const assistant = await assistantFor((_request, response) => {
      asked++
      response.writeHead(429, { 'x-ratelimit-towait-sec': '50' }).end()
    })
    const call = assistant.call('car_list_script_types')
    await vi.waitFor(() => expect(asked).toBe(1), waitOptions)
    time.fire()
    expectSettingNamed((await call).text, 'QUALYS_CALL_TIMEOUT_SECONDS', seconds)
    expect(asked).toBe(1)
  })
})

describe('of an effect', () => {
  test('before it is sent: it is not sent, and not reported as unclear', async ({ time }) => {
    const seen: string[] = []
    const assistant = await assistantFor(({ method, url }, response) => {
      seen.push(`${method} ${url}`)
      if (method === 'GET') dripping(response)
      else response.end('{"body":{"list":[],"totalCount":0}}')
    })
    const call = assistant.call('car_activate_schedule', effectArgs)
    await vi.waitFor(() => expect(seen.some((request) => request.startsWith('GET'))).toBe(true), waitOptions)
    time.fire()
    const { error, text } = await call
    expect(error?.['kind'], text).toBe('vendor')
    expectSettingNamed(text, 'QUALYS_CALL_TIMEOUT_SECONDS', seconds)
    expect(text).not.toMatch(/Do not repeat/)
    expect(seen.filter((request) => request.endsWith('/activate'))).toEqual([])
  })

  test('after it was sent: unclear, and sent once', async ({ sandbox, time }) => {
    const route = 'POST /sm/v1/scripts/{scriptId}/clone'
    await sandbox.control.faults([{ route, kind: 'delay', ms: 3_600_000 }])
    const assistant = await openAssistantOn(sandbox, settings)
    onTestFinished(() => assistant.close())
    const copy = { scriptId: '19218', title: 'Copied in vain' }
    const call = assistant.call('car_clone_script', copy)
    await vi.waitFor(async () => expect(await effectRequests(sandbox.control)).toHaveLength(1), waitOptions)
    time.fire()
    const { error, text } = await call
    expect(error?.['kind'], text).toBe('unclear')
    expectSettingNamed(text, 'QUALYS_CALL_TIMEOUT_SECONDS', seconds)
    expect(text).toMatch(/Do not repeat/)
    expect(await effectRequests(sandbox.control)).toHaveLength(1)
  })
})

test('belongs to each call: the next one has its full time again', async ({ time }) => {
  let open = false
  const come = deferred()
  const assistant = await assistantFor((_request, response) => {
    if (open) response.end(noRows)
    come.resolve()
  })
  const call = assistant.call('car_list_script_types')
  await come.promise
  time.fire()
  expect((await call).isError).toBe(true)
  open = true
  expect((await assistant.call('car_list_script_types')).isError).toBe(false)
  expect(time.running()).toBe(0)
})
