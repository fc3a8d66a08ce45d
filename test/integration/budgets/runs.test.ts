import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { connect, eras, type RawClient, type RawReply, yes } from '../../support/consent/raw-client.ts'
import { executeOn, runOn } from '../../support/effects/fixtures.ts'
import { countRequests } from '../../support/effects/unattended.ts'
import { hostsADay as hosts, test } from './fixtures.ts'

// Budgets of hosts and runs, through real calls. (The file itself: test/unit/budgets.)

const executing = 'POST /sm/v1/scripts/19218/execute'
const route = 'POST /sm/v1/scripts/{scriptId}/execute'

describe('a run', () => {
  test('takes its hosts: at the limit it goes out, above it not', async ({ sandbox, serveHere, objects }) => {
    const server = await serveHere(hosts(5))
    expect((await executeOn(server, objects, 0, 3)).isError).toBe(false)
    const over = await executeOn(server, objects, 3, 3)
    expect(over.error).toMatchObject({ kind: 'setup' })
    expect(over.text).toContain(
      'this call would spend 3 hosts, and 2 of today’s 5 (QUALYS_MAX_HOSTS_PER_DAY) are left.',
    )
    expect((await executeOn(server, objects, 3, 2)).isError).toBe(false)
    expect(await countRequests(sandbox.control, executing)).toBe(2)
  })

  test('counts in another server on the same state folder', async ({ serveHere, objects }) => {
    expect((await executeOn(await serveHere(hosts(4)), objects, 0, 3)).isError).toBe(false)
    expect((await executeOn(await serveHere(hosts(4)), objects, 3, 2)).isError).toBe(true)
  })

  test('is one of the hour', async ({ serveHere, objects }) => {
    const server = await serveHere({ QUALYS_MAX_RUNS_PER_HOUR: '2' })
    const outcomes = [await executeOn(server, objects), await executeOn(server, objects)]
    expect(outcomes.map(({ isError }) => isError)).toEqual([false, false])
    expect((await executeOn(server, objects)).text).toMatch(/0 of this hour’s 2 \(QUALYS_MAX_RUNS_PER_HOUR\)/)
  })

  test('of a budget of 0 never goes out', async ({ sandbox, serveHere, objects }) => {
    expect((await executeOn(await serveHere(hosts(0)), objects)).isError).toBe(true)
    expect(await countRequests(sandbox.control, executing)).toBe(0)
  })

  test('is not counted without a budget, and no file is made', async ({ folder, serveHere, objects }) => {
    expect((await executeOn(await serveHere({}), objects)).isError).toBe(false)
    expect(existsSync(join(folder, 'budget.jsonl'))).toBe(false)
  })
})

describe('a charge', () => {
  test.for<readonly [string, object, number]>([
    ['Qualys refuses the request', { kind: 'reply', status: 403, body: { message: 'Forbidden' } }, 2],
    ['Qualys may have done it', { kind: 'reply', status: 502, body: 'Bad gateway' }, 0],
    ['the connection is lost', { kind: 'reset' }, 0],
  ])('after which %s', async ([, fault, left], { sandbox, serveHere, objects }) => {
    const server = await serveHere(hosts(2))
    await sandbox.control.faults([{ route, ...fault, times: 1 }])
    expect((await executeOn(server, objects, 0, 2)).isError).toBe(true)
    expect((await server.call('qualys_status', {})).text).toContain(
      `budgets: ${left} of 2 hosts of today’s budget are left`,
    )
  })

  test('is not taken where the audit log cannot be written', async ({
    folder,
    audit,
    serveHere,
    objects,
  }) => {
    const server = await serveHere(hosts(2))
    rmSync(audit.folder, { recursive: true })
    expect((await executeOn(server, objects, 0, 2)).isError).toBe(true)
    expect(existsSync(join(folder, 'budget.jsonl'))).toBe(false)
  })
})

describe('a damaged file', () => {
  test('refuses what is budgeted, and nothing else', async ({ sandbox, folder, serveHere, objects }) => {
    writeFileSync(join(folder, 'budget.jsonl'), 'nonsense\n', { mode: 0o600 })
    const server = await serveHere(hosts(100))
    const refused = await executeOn(server, objects)
    expect(refused.error).toMatchObject({ kind: 'setup' })
    expect(refused.text).toContain('The budgets cannot be counted')
    expect(await countRequests(sandbox.control, executing)).toBe(0)
    const other = await server.call('car_add_blocked_commands', { languageId: 201, commands: ['format'] })
    expect(other.isError).toBe(false)
    expect((await server.call('qualys_status', {})).text).toContain('budgets: failed: The budgets cannot be')
  })
})

describe.each(eras)('a person who is asked (%s)', (era) => {
  const settings = (folder: string, max: number) => ({
    ...{ QUALYS_MODE: 'confirm', QUALYS_STATE_DIR: folder, QUALYS_UNVERIFIED: 'all' },
    ...hosts(max),
  })

  /** Asks about a run, does something else before the yes, and returns the reply. */
  async function askedMeanwhile(
    client: RawClient,
    args: object,
    work: (preview: unknown) => Promise<unknown>,
  ): Promise<RawReply> {
    const tool = 'car_execute_script'
    if (era === 'modern') {
      const asked = await client.call(tool, args)
      await work(asked.preview)
      return client.answerQuestion(tool, args, asked.state)
    }
    const isAsked = new Promise((resolve) => {
      client.answer = (question) => {
        resolve(question['message'])
        return undefined
      }
    })
    const reply = client.call(tool, args)
    await work(await isAsked)
    await client.answerLate(yes)
    return reply
  }

  test('reads what is left; if that changes until the yes, the yes holds', async ({
    sandbox,
    folder,
    serveHere,
    objects,
  }) => {
    const other = await serveHere(hosts(9))
    const client = await connect(sandbox, era, { settings: settings(folder, 9) })
    const reply = await askedMeanwhile(client, runOn(objects, 0, 2), async (preview) => {
      expect(preview).toMatch(
        /\nnot part of what you approve:\n {2}now: 9 of 9 hosts of today’s budget are left/,
      )
      expect((await executeOn(other, objects, 2, 3)).isError).toBe(false)
    })
    expect(reply).toMatchObject({ isError: false, preview: undefined })
    expect(await countRequests(sandbox.control, executing)).toBe(2)
  })

  test('is not asked about what cannot fit', async ({ sandbox, folder, objects }) => {
    const client = await connect(sandbox, era, { settings: settings(folder, 1) })
    const { isError, text } = await client.callAndAnswer('car_execute_script', runOn(objects, 0, 2), yes)
    expect({ isError, questions: client.questions }).toEqual({ isError: true, questions: [] })
    expect(text).toContain('1 of today’s 1 (QUALYS_MAX_HOSTS_PER_DAY) are left')
  })

  test('may say yes to what no longer fits: it is refused', async ({
    sandbox,
    folder,
    serveHere,
    objects,
  }) => {
    const other = await serveHere(hosts(4))
    const client = await connect(sandbox, era, { settings: settings(folder, 4) })
    const reply = await askedMeanwhile(client, runOn(objects, 0, 2), () => executeOn(other, objects, 2, 3))
    expect(reply.text).toContain('1 of today’s 4')
    expect(await countRequests(sandbox.control, executing)).toBe(1)
  })
})

test('lines name the account, and never the hosts', async ({ folder, serveHere, objects }) => {
  await executeOn(await serveHere(hosts(4)), objects, 0, 3)
  const lines = readFileSync(join(folder, 'budget.jsonl'), 'utf8').trimEnd().split('\n')
  expect(lines.map((line) => Object.keys(JSON.parse(line)))).toEqual([
    ['at', 'id', 'account', 'caller', 'what', 'n'],
  ])
})
