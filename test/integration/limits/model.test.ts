import { expect } from 'vitest'
import { connect } from '../../support/consent/raw-client.ts'
import { type DrawnCall, games, settingsOf } from '../../support/limits/draw.ts'
import { LimitModel, type Limits, type World } from '../../support/limits/model.ts'
import { readEffect, type WireEffect, type WireRun, type WireSchedule } from '../../support/limits/wire.ts'
import { checkAsyncProperty } from '../../support/properties/property.ts'
import { effectRequests, type TestSandbox } from '../../support/sandbox.ts'
import { schedulesOf } from './attempt.ts'
import { test } from './fixtures.ts'

// Random sequences of unattended calls against a small model of the limits: nothing beyond them is ever on the wire,
// and a run within them is sent.

type Rows = readonly Readonly<Record<string, unknown>>[]

const idsOf = (list: unknown): string[] =>
  Array.isArray(list) ? list.map(({ id }: { id: unknown }) => String(id)) : []

/** What the sandbox holds, as the model reads it. */
async function worldOf(sandbox: TestSandbox): Promise<Omit<World, 'scheduleIds'>> {
  const [assets, schedules, campaigns] = (await Promise.all(
    ['assets', 'schedules', 'campaigns'].map((name) => sandbox.control.dump(name)),
  )) as unknown as readonly [Rows, Rows, Rows]
  return {
    tagsOfHost: new Map(assets.map(({ id, tags }) => [String(id), idsOf(tags)])),
    schedules: schedules.map(
      (row): WireSchedule => ({
        kind: 'schedule',
        id: String(row['id']),
        title: String(row['title']),
        scripts: idsOf(row['scripts']),
        hosts: idsOf(row['assets']),
        tags: idsOf(row['assetTags']),
        excluded: idsOf(row['excludedAssets']),
        isActive: row['activate'] === true,
        start: Number(row['startTime']),
        interval: 1,
        reboots: row['rebootAfterScriptExecution'] === true,
        bypassesPolicy: row['executionPolicyBypassEnabled'] === true,
      }),
    ),
    campaigns: new Map(
      campaigns.map(({ id, recipientIds, status }) => [
        String(id),
        { recipients: (recipientIds as readonly unknown[]).length, isActive: status === 'ACTIVE' },
      ]),
    ),
  }
}

interface Game {
  readonly limits: Limits
  readonly calls: readonly DrawnCall[]
}

/** What came of a game. */
interface Outcome {
  /** What broke a limit. */
  readonly broken: readonly string[]
  /** Runs that break none and were not sent. */
  readonly stopped: readonly string[]
  /** The number of requests with an effect. */
  readonly sent: number
  readonly replies: string
}

/** The run that a call asks for, if it names its hosts by id. */
function plainRun(tool: string, args: DrawnCall['args']): WireRun | undefined {
  const { scriptId, assetIds, assetTagIds, excludedAssetIds = [] } = args
  if (tool !== 'car_execute_script' || assetTagIds !== undefined || !Array.isArray(assetIds)) return undefined
  return {
    kind: 'run',
    script: String(scriptId),
    hosts: assetIds.map(String),
    tags: [],
    excluded: [excludedAssetIds].flat().map(String),
    reboots: args['rebootAfterScriptExecution'] === true,
    bypassesPolicy: args['executionPolicyBypassEnabled'] === true,
  }
}

/** Plays the calls on a fresh sandbox. */
async function play(sandbox: TestSandbox, { limits, calls }: Game): Promise<Outcome> {
  await sandbox.control.reset()
  const before = await worldOf(sandbox)
  const settings = { QUALYS_UNVERIFIED: 'all', QUALYS_MODE: 'unattended', ...settingsOf(limits) }
  const client = await connect(sandbox, 'modern', { settings })
  const replies: string[] = []
  const effects: (readonly [WireEffect, happened: boolean])[] = []
  const modelNow = async (...more: WireEffect[]): Promise<LimitModel> => {
    const scheduleIds = new Map((await schedulesOf(sandbox)).map(({ id, title }) => [title, id]))
    const model = new LimitModel(limits, { ...before, scheduleIds })
    for (const [effect, happened] of effects) model.add(effect, happened)
    for (const effect of more) model.add(effect, true)
    return model
  }
  const stopped: string[] = []
  for (const { tool, args, usesLastSchedule } of calls) {
    const scheduleId = usesLastSchedule && (await schedulesOf(sandbox)).at(-1)?.id
    const run = plainRun(tool, args)
    const maySend = run !== undefined && (await modelNow(run)).broken.length === 0
    await sandbox.control.clearRequests()
    const { text } = await client.call(tool, { ...args, ...(scheduleId && { scheduleId }) })
    const requests = (await effectRequests(sandbox.control)).filter(({ path }) => !path.includes('/search/'))
    for (const request of requests)
      effects.push([readEffect(request), request.status < 400 || request.status >= 500])
    replies.push(`${tool} ${JSON.stringify(args)}: ${text}`)
    if (maySend && requests.length === 0) stopped.push(replies.at(-1) ?? '')
  }
  await client.close()
  const { broken } = await modelNow()
  return { broken, stopped, sent: effects.length, replies: replies.join('\n') }
}

test('nothing beyond the limits is ever on the wire', async ({ sandbox, fleet }) => {
  const hosts = fleet.assets.slice(0, 8).map(({ id }) => String(id))
  let sent = 0
  let played = 0
  await checkAsyncProperty(games(hosts), 40, async (game) => {
    const { broken, stopped, replies, ...result } = await play(sandbox, game)
    expect(broken, replies).toEqual([])
    expect(stopped, replies).toEqual([])
    sent += result.sent
    played += game.calls.length
  })
  // Limits that refuse everything would pass as well.
  expect(sent).toBeGreaterThan(played / 6)
})
