import { describe, expect } from 'vitest'
import { executeScript } from '../../../src/operations/car/execution.ts'
import { connectInProcess } from '../../../src/tools/server/in-process-client.ts'
import { operationTool } from '../../../src/tools/server/operation-tool.ts'
import { followRunTool } from '../../../src/tools/workflows/run/follow-run.ts'
import { buildServerParts, optionsForTools, readToolReply, type ToolReply } from '../../support/assistant.ts'
import { type Objects, objectsOf } from '../../support/effects/calls.ts'
import { environmentFor } from '../../support/environment.ts'
import { testOn, unattendedSettings } from '../../support/fixtures.ts'
import { FakeClock } from '../../support/workflows/fake-clock.ts'

// A run that this server started ends with its last result; one that was started elsewhere waits for more hosts.

interface Server {
  readonly run: (args: object) => Promise<ToolReply>
  readonly follow: (args: object) => Promise<ToolReply>
  /** The progress of all calls: value, total, message. */
  readonly progress: readonly (readonly [number, number | undefined, string])[]
}

interface OwnRuns {
  readonly clock: FakeClock
  readonly objects: Objects
  readonly open: () => Promise<Server>
  readonly server: Server
}

const test = testOn({ jobs: 200 }, unattendedSettings).extend<OwnRuns>({
  clock: async ({ sandbox }, use) =>
    use(
      new FakeClock(async (seconds) => {
        const init = { method: 'POST', body: JSON.stringify({ seconds }) }
        await fetch(`${sandbox.gatewayUrl}/_sandbox/advance`, init)
      }),
    ),
  objects: async ({ sandbox }, use) => use(await objectsOf(sandbox.control)),
  open: async ({ sandbox, clock }, use) => {
    const closing: (() => Promise<void>)[] = []
    await sandbox.control.knobs({ jobDelayMs: 0, hostSeconds: 3, executionOutcome: 'succeeded' })
    await use(async () => {
      const parts = buildServerParts(environmentFor(sandbox, unattendedSettings))
      const tools = optionsForTools(operationTool(clock, executeScript), followRunTool(clock))
      const progress: [number, number | undefined, string][] = []
      const client = await connectInProcess({ ...parts.options, ...tools }, (...one) => progress.push(one))
      closing.push(client.close, parts.close)
      const _meta = { progressToken: 1 }
      const call = async (name: string, args: object): Promise<ToolReply> =>
        readToolReply(await client.request('tools/call', { name, arguments: args, _meta }))
      return {
        run: (args) => call('car_execute_script', args),
        follow: (args) => call('car_follow_run', args),
        progress,
      }
    })
    for (const close of closing) await close()
  },
  server: async ({ open }, use) => use(await open()),
})

const uuidIn = ({ text }: ToolReply): string => /correlationUuid ([\w-]+)/.exec(text)?.[1] ?? ''

/** Starts a run on two hosts; how it is followed by the ids of the reply. */
async function started(server: Server, { script, hosts }: Objects) {
  const reply = await server.run({ scriptId: script, assetIds: hosts.slice(0, 2) })
  expect(reply.isError, reply.text).toBe(false)
  return { scriptId: script, correlationUuid: uuidIn(reply), waitSeconds: 50 }
}

const total = (slept: readonly number[]): number => slept.reduce((sum, seconds) => sum + seconds, 0)

describe('a run of this server', () => {
  test('ends as soon as every host that it was sent to is done', async ({ server, objects, clock }) => {
    const { text } = await server.follow(await started(server, objects))
    expect(text).toMatch(/^run \d+ finished: 2 hosts, 2 succeeded/)
    expect(text).not.toMatch(/so far|More hosts may|call again/)
    expect(total(clock.slept)).toBeLessThan(50 - 5)
  })

  test('also by its job id, known or not', async ({ sandbox, server, objects, clock }) => {
    const args = await started(server, objects)
    await clock.pass(30)
    const jobs = await sandbox.control.dump('jobs')
    const jobId = jobs.find(({ correlationUuid }) => correlationUuid === args.correlationUuid)?.['id']
    const before = clock.slept.length
    expect((await server.follow({ jobId })).text).toMatch(/^run \d+ finished: 2 hosts/)
    expect((await server.follow(args)).text).toMatch(/^run \d+ finished: 2 hosts/)
    expect((await server.follow({ jobId })).text).toMatch(/^run \d+ finished: 2 hosts/)
    expect(clock.slept).toHaveLength(before)
  })

  test('waits while a host is open', async ({ sandbox, server, objects }) => {
    await sandbox.control.knobs({ hostSeconds: 10_000 })
    const { text } = await server.follow(await started(server, objects))
    expect(text).toMatch(/^run \d+ so far: 0 of 2 hosts done/)
  })

  test('waits while Qualys lists fewer hosts than it was sent to', async ({
    sandbox,
    server,
    objects,
    clock,
  }) => {
    await sandbox.control.knobs({ assetJobSpreadMs: 400_000 })
    const args = await started(server, objects)
    const { text } = await server.follow({ ...args, waitSeconds: 100 })
    expect(text).toMatch(/^run \d+ so far: 1 of 2 hosts done; 1 succeeded\n/)
    expect(text).toContain(
      'It was sent to 2 hosts, and Qualys lists 1 of them so far. To wait on, call again',
    )
    await clock.pass(400)
    expect((await server.follow({ ...args, waitSeconds: 0 })).text).toMatch(/ finished: 2 hosts/)
    const counted = server.progress.filter(([, , message]) => message.endsWith('hosts done'))
    expect(counted.at(-1)).toEqual([2, 2, '2 of 2 hosts done'])
    expect([...new Set(counted.map(([, total]) => total))]).toEqual([2])
  })

  test('is forgotten after ten minutes', async ({ server, objects, clock }) => {
    const args = await started(server, objects)
    await clock.pass(599)
    expect((await server.follow({ ...args, waitSeconds: 0 })).text).toMatch(/ finished: 2 hosts/)
    const later = await started(server, objects)
    await clock.pass(600)
    expect((await server.follow({ ...later, waitSeconds: 0 })).text).toMatch(/ so far: 2 of 2 hosts done/)
  })
})

test('a run that another server started waits for more hosts', async ({ server, open, objects, clock }) => {
  const args = await started(await open(), objects)
  await started(server, objects)
  const { text } = await server.follow(args)
  expect(text).toMatch(/^run \d+ so far: 2 of 2 hosts done/)
  expect(text).toContain('More hosts may still be listed')
  expect(total(clock.slept)).toBeGreaterThan(40)
})
