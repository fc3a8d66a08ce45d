import { describe, expect, test } from 'vitest'
import { type Reply, textOf } from '../../../src/tools/replies/reply.ts'
import type { AuditTrail } from '../../../src/tools/tool.ts'
import { fleetReplies, type Host } from '../../support/effects/fleet-replies.ts'
import { performInMemory, previewIn, toolContextOn, unattendedCall } from '../../support/effects/in-memory.ts'
import { MemorySession, type Replies } from '../../support/effects/memory-session.ts'

// QUALYS_RUN_BY_TAG: a run by tag goes out as the hosts that were counted and shown.

const tag = (id: string) => ({ id, name: `Tag ${id}` })
const [red, blue] = [tag('11'), tag('12')]
/** Hosts 1, 2 and 10 are red, 10 and 3 blue; Qualys lists them in another order. */
const hosts: readonly Host[] = [
  { id: 10, tags: [red, blue] },
  { id: 2, tags: [red] },
  { id: 1, tags: [red] },
  { id: 3, tags: [blue] },
  { id: 4, tags: [] },
]

interface Run {
  readonly sent: unknown
  readonly text: string
  readonly logged: readonly unknown[]
}

async function run(targets: object, limits = {}, replies: Replies = fleetReplies({ hosts })): Promise<Run> {
  const session = new MemorySession(replies)
  const logged: unknown[] = []
  const audit: AuditTrail = { record: (_event, { sends }) => sends && logged.push(sends), close: () => {} }
  const context = toolContextOn(session, { QUALYS_MODE: 'unattended', ...limits })
  const safeguards = { ...context.safeguards, audit }
  const args = { scriptId: 5, ...targets }
  const reply = await performInMemory(session, 'car_execute_script', args, { ...context, safeguards })
  const sent = session.calls.find(({ name }) => name === 'car_execute_script')?.args
  return { sent, text: textOf(reply as Reply), logged }
}

describe('a run by tag is sent as its hosts', () => {
  test.each<readonly [string, object, readonly string[], string]>([
    ['of one tag', { assetTagIds: [11] }, ['1', '2', '10'], 'the 3 hosts counted now, and not as 1 tag'],
    [
      'of two',
      { assetTagIds: [11, 12] },
      ['1', '2', '3', '10'],
      'the 4 hosts counted now, and not as 2 tags',
    ],
    [
      'beside named ones',
      { assetTagIds: [12], assetIds: [4] },
      ['3', '4', '10'],
      'the 3 hosts counted now, and not as 1 tag',
    ],
    [
      'without excluded ones',
      { assetTagIds: [11], excludedAssetIds: [2, 4] },
      ['1', '10'],
      'the 2 hosts counted now, and not as 1 tag',
    ],
  ])('%s', async (_what, targets, assetIds, said) => {
    const { sent, text, logged } = await run(targets)
    expect(sent).toEqual({ scriptId: '5', assetIds })
    expect(text).toContain(`sent as ${said}`)
    expect(logged).toEqual([{ scriptId: '5', assetIds }])
  })

  test('and shown as such', async () => {
    const preview = await previewIn(fleetReplies({ hosts }), 'car_execute_script', {
      ...{ scriptId: 5, assetTagIds: [11], excludedAssetIds: [2] },
    })
    expect(preview).toMatch(/^Run a script on hosts \(execute\): 2 hosts, 1 tag/)
    expect(preview).toContain('! Sent as the 2 hosts counted now, and not as 1 tag.')
    expect(preview).toContain(
      'hosts (id, name, platform):\n  "1", "host 1", "WINDOWS"\n  "10", "host 10", "WINDOWS"\n',
    )
    expect(preview).not.toContain('assetTagIds')
  })

  test('in a lab, with what the request needs to know of them', async () => {
    const { sent } = await run({ testMode: true, testTags: [12] })
    expect(sent).toEqual({ scriptId: '5', testMode: true, testAssets: ['3', '10'] })
  })

  test('by host as it was passed', async () => {
    const { sent, logged, text } = await run({ assetIds: [10, 2], excludedAssetIds: [4] })
    expect(sent).toEqual({ scriptId: '5', assetIds: ['10', '2'], excludedAssetIds: ['4'] })
    expect(logged).toEqual([])
    expect(text).not.toContain('counted now')
  })
})

describe('a run by tag is sent as the tag, and a warning says so', () => {
  const warning = 'The tags are sent, and not the hosts that were counted: which hosts they hold may change'

  test('where the operator says so', async () => {
    const targets = { assetTagIds: [11], excludedAssetIds: [2] }
    const { sent, text } = await run(targets, { QUALYS_RUN_BY_TAG: 'tag' })
    expect(sent).toEqual({ scriptId: '5', assetTagIds: ['11'], excludedAssetIds: ['2'] })
    expect(text).toContain(warning)
  })

  test('in a lab whose hosts show no UUID', async () => {
    const row = ({ id, tags }: Host) => ({ id, name: `host ${id}`, tags })
    const { sent, text } = await run({ testMode: true, testTags: [12] }, {}, fleetReplies({ hosts, row }))
    expect(sent).toEqual({ scriptId: '5', testMode: true, testTags: ['12'] })
    expect(text).toContain(warning)
  })
})

test('hosts without a number are not sent at all', async () => {
  const row = ({ id, tags }: Host) => ({ id: `x${id}`, name: `host ${id}`, tags })
  await expect(run({ assetTagIds: [11] }, {}, fleetReplies({ hosts, row }))).rejects.toThrow(
    /QUALYS_RUN_BY_TAG is hosts, and not every host of the tags has an id that can be sent\. Concerned: tag "Tag 11"/,
  )
})

test('a schedule keeps its tags: it runs later', async () => {
  const session = new MemorySession({ ...fleetReplies({ hosts }), car_get_schedule: {} })
  const plan = { title: 'P', scripts: [{ id: 7, title: 'T' }], startDate: '2096-02-29', startTime: '08:30' }
  const args = { ...plan, assetTags: [11], activate: false }
  await unattendedCall(session, 'car_create_schedule', args)
  const sent = session.calls.find(({ name }) => name === 'car_create_schedule')?.args
  expect(sent).toMatchObject({ assetTags: ['11'] })
  expect(sent).not.toHaveProperty('assets')
})
