import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Environment } from '../../../src/settings.ts'
import { approvePending } from '../../../src/tools/effects/approvals.ts'
import { execute, run } from '../../support/consent/calls.ts'
import { environmentFor } from '../../support/environment.ts'
import { effectsAt, openSandbox } from '../../support/sandbox.ts'
import { generations, type Peer, type Person, textOf } from '../../support/stdio/peers.ts'

// The built server over stdio, with real clients and the people before them.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

const call = { name: execute, arguments: { ...run } }
const yes = { action: 'accept' as const, content: { approve: true } }
const code = /qualys-mcp approve ([2-9A-Z]{4}-[2-9A-Z]{4})/
const effects = async (): Promise<number> => (await effectsAt(sandbox.control)).length

describe.each(Object.entries(generations))('%s', (_name, connect) => {
  let stateDir: string
  let asked: string[]
  let answer: Person['answer']
  const open: Peer[] = []
  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), 'qualys-mcp-'))
    asked = []
    answer = async () => yes
  })
  afterEach(async () => {
    for (const peer of open.splice(0)) await peer.close()
    rmSync(stateDir, { recursive: true })
  })

  /** A client with somebody before it, unless it shows nothing. */
  async function meet(
    settings: Environment = {},
    shows: Person['shows'] | 'nothing' = 'forms',
  ): Promise<Peer> {
    const environment = environmentFor(sandbox, { QUALYS_STATE_DIR: stateDir, ...settings })
    const person = (what: Person['shows']): Person => ({
      shows: what,
      answer: (question) => {
        asked.push(question)
        return answer(question)
      },
    })
    const peer = await connect(environment, shows === 'nothing' ? undefined : person(shows))
    open.push(peer)
    return peer
  }

  test('accepted, declined, cancelled, unticked, without content, and accepted again', async () => {
    const peer = await meet()
    expect(textOf(await peer.callTool(call))).toMatch(/^script 19218 started, correlationUuid /)
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatch(
      /^Run a script on hosts \(execute\): 1 host, 1 script\nscript 19218: "Auto_script/,
    )
    expect(await effects()).toBe(1)
    for (const [no, says] of [
      [{ action: 'decline' }, /^The person said no, so nothing was sent/],
      [{ action: 'cancel' }, /^The question was closed without an answer/],
      [{ action: 'accept', content: { approve: false } }, /^The person said no/],
      [{ action: 'accept' }, /so nothing was sent/],
      [{ action: 'accept', content: {} }, /so nothing was sent/],
      [{ action: 'accept', content: { approve: 'true' } }, /so nothing was sent/],
    ] as const) {
      answer = async () => no
      const result = await peer.callTool(call)
      expect(textOf(result)).toMatch(says)
      expect(result.isError).toBe(true)
    }
    expect(asked).toHaveLength(7)
    expect(await effects()).toBe(1)
    answer = async () => yes
    expect((await peer.callTool(call)).isError).not.toBe(true)
    expect(asked).toHaveLength(8)
    expect(await effects()).toBe(2)
  })

  test('a person whose client fails says nothing', async () => {
    const peer = await meet()
    answer = () => Promise.reject(new Error('the window is gone'))
    const outcome = await peer.callTool(call).then(
      (result) => (result.isError ? textOf(result) : 'it ran'),
      (error: Error) => error.message,
    )
    expect(outcome).toMatch(/the window is gone/)
    expect(await effects()).toBe(0)
  })

  test('a call that is given up while the person thinks sends nothing, whatever they say then', async () => {
    const peer = await meet()
    const stop = new AbortController()
    let decide: (answer: Awaited<ReturnType<Person['answer']>>) => void = () => undefined
    answer = () => new Promise((resolve) => (decide = resolve))
    const given = peer.callTool(call, { signal: stop.signal })
    await expect.poll(() => asked.length, { timeout: 30_000 }).toBe(1)
    stop.abort()
    decide(yes)
    await expect(given).rejects.toThrow()
    // The server answers in order: what the yes would have started, this call would see.
    expect((await peer.callTool({ name: 'car_list_script_types' })).isError).not.toBe(true)
    expect(await effects()).toBe(0)
  })

  test.each(['nothing', 'addresses'] as const)(
    'a client that shows %s: approved in a terminal',
    async (shows) => {
      const peer = await meet({}, shows)
      const refusal = await peer.callTool(call)
      expect(refusal.isError).toBe(true)
      const given = code.exec(textOf(refusal))?.[1] ?? ''
      expect(given).not.toBe('')
      expect(approvePending(stateDir, given)).toBe(true)
      const other = { ...call, arguments: { ...run, assetIds: [21789634] } }
      expect(textOf(await peer.callTool(other))).toMatch(code)
      expect(await effects()).toBe(0)
      expect((await peer.callTool(call)).isError).not.toBe(true)
      expect(textOf(await peer.callTool(call))).toMatch(code)
      expect(asked).toEqual([])
      expect(await effects()).toBe(1)
    },
  )

  test('unattended: once, and nobody is asked', async () => {
    const peer = await meet({ QUALYS_MODE: 'unattended' })
    expect((await peer.callTool(call)).isError).not.toBe(true)
    expect(asked).toEqual([])
    expect(await effects()).toBe(1)
  })

  test('read-only: there is no such tool', async () => {
    const peer = await meet({ QUALYS_MODE: 'read-only' })
    const { tools } = await peer.listTools()
    expect(tools.filter(({ name }) => /execute|create|update|delete|block_(assets|tags)/.test(name))).toEqual(
      [],
    )
    const outcome = await peer.callTool(call).then(
      (result) => (result.isError ? textOf(result) : 'it ran'),
      (error: Error) => error.message,
    )
    expect(outcome).toMatch(/not found/)
    expect(asked).toEqual([])
    expect(await effects()).toBe(0)
  })

  test('structured replies change nothing about it', async () => {
    const peer = await meet({ QUALYS_REPLY: 'json' })
    answer = async () => ({ action: 'decline' })
    await peer.listTools()
    expect(textOf(await peer.callTool(call))).toMatch(/^The person said no/)
    answer = async () => yes
    expect((await peer.callTool(call)).structuredContent).toMatchObject({ returned: 1 })
    expect(asked).toHaveLength(2)
    expect(await effects()).toBe(1)
  })

  test('a limit is no question', async () => {
    const peer = await meet({ QUALYS_MAX_ASSETS_PER_RUN: '0' })
    expect(textOf(await peer.callTool(call))).toMatch(/^The operator’s limits forbid it/)
    expect(asked).toEqual([])
    expect(await effects()).toBe(0)
  })
})
