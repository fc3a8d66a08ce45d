import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener, ServerResponse } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Environment } from '../../../src/settings.ts'
import { assistantOn } from '../../support/assistant.ts'
import { effectsAt, openSandbox } from '../../support/sandbox.ts'
import { moment, noRows } from '../../support/session/gateway.ts'
import {
  closed,
  effect,
  effectArgs,
  failing,
  gatewayFor,
  read,
  sessionFor,
} from '../../support/waiting/ground.ts'

// Each time-out alone, at a second; the others stay far away.

const settings = [
  'QUALYS_CONNECT_TIMEOUT_SECONDS',
  'QUALYS_HEADERS_TIMEOUT_SECONDS',
  'QUALYS_BODY_TIMEOUT_SECONDS',
  'QUALYS_CALL_TIMEOUT_SECONDS',
  'QUALYS_MAX_WAIT_SECONDS',
] as const

/** The sentence names this setting, with its seconds, and no other. */
function expectNamed(text: string, setting: (typeof settings)[number], seconds = 1): void {
  expect(
    settings.filter((name) => text.includes(name)),
    text,
  ).toEqual([setting])
  expect(text).toMatch(new RegExp(`\\b${seconds} s\\b`))
}

/** Never answers; tells when the first asker has gone. */
function silent(answer: (response: ServerResponse) => void = () => undefined) {
  const gone = moment()
  let asked = 0
  const listener: RequestListener = (_request, response) => {
    asked++
    closed(response).then(gone.now)
    answer(response)
  }
  return { listener, gone: gone.come, asked: () => asked }
}
const begun = (response: ServerResponse): void => void response.write('{"body":')
const dripping = (response: ServerResponse): void => {
  response.write('{"body":')
  const drip = setInterval(() => response.write(' '), 100)
  response.on('close', () => clearInterval(drip))
}

const headers = { QUALYS_HEADERS_TIMEOUT_SECONDS: '1' }
const body = { QUALYS_BODY_TIMEOUT_SECONDS: '1' }

describe('an answer', () => {
  test.each([
    ['does not begin', () => undefined, headers, 'QUALYS_HEADERS_TIMEOUT_SECONDS'],
    ['pauses', begun, body, 'QUALYS_BODY_TIMEOUT_SECONDS'],
  ] as const)(
    '%s: a read fails with the setting, and its socket is closed',
    async (_name, answer, extra, setting) => {
      const { listener, gone, asked } = silent(answer)
      const { kind, text } = await failing(sessionFor(await gatewayFor(listener), extra).call(read, {}))
      expect(kind).toBe('vendor')
      expectNamed(text, setting)
      await gone
      expect(asked()).toBe(1)
    },
  )

  test.each([
    ['does not begin', () => undefined, headers, 'QUALYS_HEADERS_TIMEOUT_SECONDS'],
    ['pauses', begun, body, 'QUALYS_BODY_TIMEOUT_SECONDS'],
  ] as const)('%s: whether an effect happened is not known', async (_name, answer, extra, setting) => {
    const { listener, gone, asked } = silent(answer)
    const session = sessionFor(await gatewayFor(listener), { ...extra, QUALYS_MAX_WAIT_SECONDS: '60' })
    const { kind, text } = await failing(session.call(effect, effectArgs))
    expect(kind).toBe('unclear')
    expectNamed(text, setting)
    await gone
    expect(asked()).toBe(1)
  })

  test('that comes drop by drop is no pause: it is read to its end', async () => {
    let drops = 0
    const gateway = await gatewayFor((_request, response) => {
      const drip = setInterval(() => {
        if (++drops < 15) return void response.write(' ')
        clearInterval(drip)
        response.end(noRows)
      }, 100)
    })
    await expect(sessionFor(gateway, { ...headers, ...body }).call(read, {})).resolves.toMatchObject({
      rows: [],
    })
  })

  test('of the login counts as well', async () => {
    const gateway = await gatewayFor(
      () => undefined,
      () => undefined,
    )
    const { kind, text } = await failing(sessionFor(gateway, headers).call(read, {}))
    expect(kind).toBe('vendor')
    expectNamed(text, 'QUALYS_HEADERS_TIMEOUT_SECONDS')
  })

  test('of a read is asked for again where there is patience, with what is left of it', async () => {
    const { listener, asked } = silent()
    const session = sessionFor(await gatewayFor(listener), { ...headers, QUALYS_MAX_WAIT_SECONDS: '4' })
    await failing(session.call(read, {}))
    expect(asked()).toBeGreaterThan(1)
    expect(asked()).toBeLessThan(5)
  })
})

test('a later try that had only what was left of the patience does not blame the time-out of headers', async () => {
  let asked = 0
  const gateway = await gatewayFor((_request, response) => {
    if (++asked === 1) response.writeHead(503).end()
  })
  const { text } = await failing(sessionFor(gateway, { QUALYS_MAX_WAIT_SECONDS: '2' }).call(read, {}))
  expect(asked).toBe(2)
  expect(text).not.toContain('QUALYS_HEADERS_TIMEOUT_SECONDS')
  expect(text).toContain('QUALYS_MAX_WAIT_SECONDS')
})

test('no connection: nothing of an effect was sent, so that nobody need look', async () => {
  const held: Socket[] = []
  const server = createServer((socket) => void held.push(socket.on('error', () => undefined)))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const folder = mkdtempSync(join(tmpdir(), 'qualys-token-'))
  onTestFinished(() => {
    server.close()
    for (const socket of held) socket.destroy()
    rmSync(folder, { recursive: true })
  })
  const tokenFile = join(folder, 'token')
  writeFileSync(tokenFile, 'header.payload.signature', { mode: 0o600 })
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const nobody = { username: 'nobody', password: 'nothing', clientId: 'none', clientSecret: 'none' }
  const place = { gatewayUrl: url, apiUrl: url, ...nobody, close: async () => undefined }
  const session = sessionFor(place, { QUALYS_TOKEN_FILE: tokenFile, QUALYS_CONNECT_TIMEOUT_SECONDS: '1' })
  const { kind, text } = await failing(session.call(effect, effectArgs))
  expect(kind).toBe('setup')
  expectNamed(text, 'QUALYS_CONNECT_TIMEOUT_SECONDS')
})

describe('the whole call', () => {
  const late = { QUALYS_CALL_TIMEOUT_SECONDS: '1' }

  async function assistantFor(listener: RequestListener, extra: Environment = {}, login?: RequestListener) {
    const gateway = await gatewayFor(listener, login)
    const settings = {
      QUALYS_MODE: 'unattended',
      QUALYS_UNVERIFIED: 'all',
      QUALYS_MAX_WAIT_SECONDS: '60',
      ...late,
      ...extra,
    }
    const assistant = await assistantOn(gateway, settings)
    onTestFinished(() => assistant.close())
    return assistant
  }

  test.each([
    ['for an answer', () => undefined],
    ['while an answer drips', dripping],
  ] as const)('%s: ended, and the socket closed', async (_name, answer) => {
    const { listener, gone, asked } = silent(answer)
    const assistant = await assistantFor(listener)
    const { text, isError, error } = await assistant.call('car_list_script_types')
    expect({ isError, kind: error?.['kind'] }).toEqual({ isError: true, kind: 'vendor' })
    expectNamed(text, 'QUALYS_CALL_TIMEOUT_SECONDS')
    await gone
    expect(asked()).toBe(1)
    expect(assistant.log.filter((line) => /"level":"(warn|error)"/.test(line))).toEqual([])
  })

  test('in a login that drips', async () => {
    const { listener, gone } = silent(dripping)
    const assistant = await assistantFor(() => undefined, {}, listener)
    const { text } = await assistant.call('car_list_script_types')
    expectNamed(text, 'QUALYS_CALL_TIMEOUT_SECONDS')
    await assistant.close()
    await gone
  })

  test('in the status of the server', async () => {
    const { listener } = silent()
    const assistant = await assistantFor(listener, {}, listener)
    const { text, isError } = await assistant.call('qualys_status')
    expect(isError).toBe(true)
    expectNamed(text, 'QUALYS_CALL_TIMEOUT_SECONDS')
  })

  test('in the wait for a limit', async () => {
    let asked = 0
    const assistant = await assistantFor((_request, response) => {
      asked++
      response.writeHead(429, { 'x-ratelimit-towait-sec': '50' }).end()
    })
    const { text } = await assistant.call('car_list_script_types')
    expectNamed(text, 'QUALYS_CALL_TIMEOUT_SECONDS')
    expect(asked).toBe(1)
  })

  test('of an effect, before it is sent: it is not, and not said to be unclear', async () => {
    const seen: string[] = []
    const assistant = await assistantFor(({ method, url }, response) => {
      seen.push(`${method} ${url}`)
      if (method === 'GET') dripping(response)
      else response.end('{"body":{"list":[],"totalCount":0}}')
    })
    const { error, text } = await assistant.call('car_activate_schedule', effectArgs)
    expect(error?.['kind'], text).toBe('vendor')
    expectNamed(text, 'QUALYS_CALL_TIMEOUT_SECONDS')
    expect(text).not.toMatch(/Do not repeat/)
    expect(seen.filter((request) => request.endsWith('/activate'))).toEqual([])
  })

  test('of an effect, once it is sent: unclear, and sent once', async () => {
    const sandbox = await openSandbox({ jobs: 100 })
    onTestFinished(sandbox.close)
    const route = 'POST /sm/v1/scripts/{scriptId}/clone'
    await sandbox.control.faults([{ route, kind: 'delay', ms: 3_600_000 }])
    const settings = { QUALYS_MODE: 'unattended', QUALYS_CALL_TIMEOUT_SECONDS: '2' }
    const assistant = await assistantOn(sandbox, settings)
    onTestFinished(() => assistant.close())
    const copy = { scriptId: '19218', scriptTitle: 'Copied in vain' }
    const { error, text } = await assistant.call('car_clone_script', copy)
    expect(error?.['kind'], text).toBe('unclear')
    expectNamed(text, 'QUALYS_CALL_TIMEOUT_SECONDS', 2)
    expect(text).toMatch(/Do not repeat/)
    expect(await effectsAt(sandbox.control)).toHaveLength(1)
  })

  test('is each call’s own: the next one has its second again', async () => {
    let open = false
    const assistant = await assistantFor((_request, response) => void (open && response.end(noRows)))
    expect((await assistant.call('car_list_script_types')).isError).toBe(true)
    open = true
    expect((await assistant.call('car_list_script_types')).isError).toBe(false)
  })
})
