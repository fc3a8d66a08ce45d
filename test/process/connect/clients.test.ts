import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import {
  type Answer,
  type ConnectedPeer,
  generations,
  type RunningService,
  startServiceProgram,
} from '../../support/connect/programs.ts'
import { environmentFor } from '../../support/environment.ts'
import { effectRequests, openSandbox, type TestSandbox } from '../../support/sandbox.ts'
import { tokenOf, writeCallers } from '../../support/service/callers.ts'
import { textOf } from '../../support/stdio/peers.ts'

// Real clients over stdio, the built program between, and the built service over HTTP.

const jobs = 3_000
const accept: Answer = () => ({ action: 'accept', content: { approve: true } })
const decline: Answer = () => ({ action: 'decline' })
const unblock = ['car_delete_blocked_commands', { commandIds: [102] }] as const

let sandbox: TestSandbox
let folder: string
let settings: Environment
let service: RunningService
beforeAll(async () => {
  sandbox = await openSandbox({ jobs })
  folder = mkdtempSync(join(tmpdir(), 'qualys-connect-'))
  const callers = join(folder, 'callers.json')
  writeCallers(callers, { ada: { role: 'operator' } })
  settings = environmentFor(sandbox, {
    QUALYS_STATE_DIR: folder,
    QUALYS_CALLERS_FILE: callers,
    QUALYS_APPROVE_BY: 'client,terminal',
  })
  service = await startServiceProgram(settings)
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  await service.stop()
  await sandbox.close()
  rmSync(folder, { recursive: true })
})

/** The arguments of a client with the token of a caller. */
function argsFor(name: string): string[] {
  const file = join(folder, `token-of-${name}`)
  writeFileSync(file, tokenOf(name), { mode: 0o600 })
  return [service.url, '--token-file', file]
}

const own = () => ({ QUALYS_STATE_DIR: join(folder, 'own') })
const tokenIn = (text: string): string => /continuationToken "([^"]+)"/.exec(text)?.[1] ?? ''

describe.each(Object.entries(generations))('%s', (_name, connect) => {
  const questions: string[] = []
  let answer: Answer = accept
  let peer: ConnectedPeer
  beforeAll(async () => {
    peer = await connect(argsFor('ada'), own(), (question) => {
      questions.push(question)
      return answer(question)
    })
  })
  afterAll(() => peer.close())

  test('lists, calls, and goes on with the token', async () => {
    const { tools } = await peer.listTools()
    expect(tools.map(({ name }) => name)).toContain('car_search_jobs')
    expect(peer.instructions()).toMatch(/continuationToken/)
    const first = textOf(await peer.call('car_search_jobs', { pageSize: 3 }))
    expect(first).toMatch(/^jobs 1-3 of 3,000, newest first/)
    const again = { pageSize: 3, continuationToken: tokenIn(first) }
    expect(textOf(await peer.call('car_search_jobs', again))).toMatch(/^jobs 4-6 of 3,000/)
  })

  test('gets the progress of a long search', async () => {
    const seen: number[] = []
    const onprogress = ({ progress }: { progress: number }): void => void seen.push(progress)
    const result = await peer.call('car_search_jobs', { match: 'nothingofthatname' }, { onprogress })
    expect(textOf(result)).toMatch(/^jobs: 0 matches in 3,000 of 3,000 scanned/)
    expect(seen.slice(0, 2)).toEqual([1_000, 2_000])
  })

  test.each([
    ['yes', accept, /^1 set of blocked commands removed/, 1],
    ['no', decline, /The person said no, so nothing was sent/, 0],
  ] as const)('its person says %s to an effect', async (_word, given, sentence, sent) => {
    answer = given
    questions.length = 0
    expect(textOf(await peer.call(...unblock))).toMatch(sentence)
    expect(questions).toEqual([expect.stringContaining('Unblock commands')])
    expect(await effectRequests(sandbox.control)).toHaveLength(sent)
  })

  test('cancels a call: its request to Qualys is aborted', async () => {
    await peer.call('car_list_script_types')
    await sandbox.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'stall' }])
    await sandbox.control.clearRequests()
    const stop = new AbortController()
    const call = peer.call('car_search_jobs', {}, { signal: stop.signal })
    await expect
      .poll(async () => (await sandbox.control.requests()).length, { interval: 5, timeout: 30_000 })
      .toBe(1)
    stop.abort()
    await expect(call).rejects.toThrow()
    expect(textOf(await peer.call('car_list_script_types'))).not.toBe('')
  })

  test('says nothing of its token', () => {
    expect(peer.stderr()).toContain('"msg":"started"')
    expect(peer.stderr()).not.toContain('canary')
  })

  test('a wrong token: the first request fails in the words of the service', async () => {
    await expect(connect(argsFor('nobody'), own(), accept)).rejects.toThrow(/The token belongs to no caller/)
  })
})

test('a service that is started again in between is found again', async () => {
  const [connect] = Object.values(generations)
  const other = { ...settings, QUALYS_STATE_DIR: join(folder, 'restarted') }
  let restarted = await startServiceProgram(other)
  const [, ...token] = argsFor('ada')
  const peer = await connect?.([restarted.url, ...token], own(), accept)
  await peer?.call('car_list_script_types')
  await restarted.stop()
  const call = peer?.call('car_list_script_types')
  restarted = await startServiceProgram(other, restarted.port)
  expect(call && textOf(await call)).not.toBe('')
  await peer?.close()
  await restarted.stop()
})
