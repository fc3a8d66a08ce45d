import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { connect } from '../consent/raw-client.ts'
import { effectRequests, type TestSandbox } from '../sandbox.ts'
import { type Game, settingsOf } from './draw.ts'
import type { DrawnCall, Fleet, Made } from './draw-calls.ts'
import { LimitModel } from './model.ts'
import { idsOf, readEffect, scriptWith, type WireEffect, type WireSchedule } from './wire.ts'
import type { Moment, World } from './world.ts'

// Plays a game on a sandbox: unattended calls, and the model that reads what arrives there.

type Rows = readonly Readonly<Record<string, unknown>>[]

/** The collections in which calls make things. */
const collections = { scheduleId: 'schedules', scriptId: 'scripts', campaignId: 'campaigns' } as const

const rowsOf = (sandbox: TestSandbox, collection: string): Promise<Rows> => sandbox.control.dump(collection)

/** The hosts of a sandbox that calls name. */
export async function fleetOf(sandbox: TestSandbox): Promise<Fleet> {
  const assets = await rowsOf(sandbox, 'assets')
  const labTags = (await rowsOf(sandbox, 'tags')).filter(({ lab }) => lab === true)
  const labHosts = assets.filter(({ lab }) => lab === true)
  const labTag = labTags.find(({ id }) => labHosts.some(({ tags }) => idsOf(tags).includes(String(id))))
  return {
    hosts: assets.slice(0, 8).map(({ id }) => String(id)),
    labHosts: labHosts.slice(0, 3).map(({ id }) => String(id)),
    labTag: String(labTag?.['id']),
  }
}

const scheduleIn = (row: Rows[number]): WireSchedule => {
  const { frequency, interval } = (row['recurrence'] ?? {}) as { frequency?: string; interval?: number }
  return {
    kind: 'schedule',
    id: String(row['id']),
    title: String(row['title']),
    scripts: ((row['scripts'] ?? []) as Rows).map(({ id, params }) => scriptWith(id, params)),
    hosts: idsOf(row['assets']),
    tags: idsOf(row['assetTags']),
    excluded: idsOf(row['excludedAssets']),
    isActive: row['activate'] === true,
    start: Number(row['startTime']),
    ...(frequency !== undefined && { frequency }),
    ...(typeof row['endDate'] === 'number' && { end: row['endDate'] }),
    interval: interval ?? 1,
    reboots: row['rebootAfterScriptExecution'] === true,
    bypassesPolicy: row['executionPolicyBypassEnabled'] === true,
  }
}

/** What the sandbox holds, as the model reads it. */
async function worldOf(sandbox: TestSandbox): Promise<Omit<World, 'newIds'>> {
  const [assets, schedules, campaigns] = await Promise.all([
    rowsOf(sandbox, 'assets'),
    rowsOf(sandbox, 'schedules'),
    rowsOf(sandbox, 'campaigns'),
  ])
  return {
    tagsOfHost: new Map(assets.map(({ id, tags }) => [String(id), idsOf(tags)])),
    schedules: schedules.map(scheduleIn),
    campaigns: new Map(
      campaigns.map(({ id, recipientIds, status }) => [
        String(id),
        { recipients: (recipientIds as readonly unknown[]).length, isActive: status === 'ACTIVE' },
      ]),
    ),
  }
}

const isPlain = (id: unknown): boolean => /^[1-9]\d*$/.test(String(id))

/** The effect of a call whose hosts are named by id: within the limits it is sent. */
function plainEffect({ tool, args, uses }: DrawnCall): WireEffect | undefined {
  const { scriptId, assetIds, assetTagIds, excludedAssetIds = [], params } = args
  if (tool === 'car_block_assets' && Array.isArray(assetIds))
    return { kind: 'guard', objects: assetIds.length, falls: false }
  if (tool !== 'car_execute_script' || uses || assetTagIds !== undefined || !Array.isArray(assetIds))
    return undefined
  if (!isPlain(scriptId)) return undefined
  return {
    kind: 'run',
    script: {
      id: String(scriptId),
      values: Object.fromEntries(
        ((params ?? []) as Rows).map(({ key, value }) => [String(key), String(value)]),
      ),
    },
    hosts: assetIds.map(String),
    tags: [],
    excluded: [excludedAssetIds].flat().map(String),
    reboots: args['rebootAfterScriptExecution'] === true,
    bypassesPolicy: args['executionPolicyBypassEnabled'] === true,
  }
}

/** What came of a game. */
export interface Outcome {
  /** What broke a limit. */
  readonly broken: readonly string[]
  /** Calls that break none and were not sent. */
  readonly stopped: readonly string[]
  /** The number of requests with an effect. */
  readonly sent: number
  readonly replies: string
}

/** A file that a server may watch, and that does not exist yet. */
function newStopFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-mcp-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'stop')
}

/** The id of what the calls before made last; of schedules, one that was there before will do. */
async function lastMade(sandbox: TestSandbox, made: Made, known: ReadonlySet<string>) {
  const ids = (await rowsOf(sandbox, collections[made])).map(({ id }) => String(id))
  return ids.findLast((id) => !known.has(id)) ?? (made === 'scheduleId' ? ids.at(-1) : undefined)
}

/** Plays the steps on a fresh sandbox. */
export async function play(sandbox: TestSandbox, { limits, hour, steps }: Game): Promise<Outcome> {
  await sandbox.control.reset()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 30, hour, 30) })
  onTestFinished(() => void vi.useRealTimers())
  const before = await worldOf(sandbox)
  const known = new Set<string>()
  for (const collection of Object.values(collections))
    for (const { id } of await rowsOf(sandbox, collection)) known.add(String(id))
  const stopFile = newStopFile()
  const client = await connect(sandbox, 'modern', {
    settings: {
      ...{ QUALYS_UNVERIFIED: 'all', QUALYS_MODE: 'unattended', QUALYS_STOP_FILE: stopFile },
      ...settingsOf(limits),
    },
  })
  const effects: (readonly [WireEffect, Moment])[] = []
  const modelNow = async (): Promise<LimitModel> => {
    const made = [...(await rowsOf(sandbox, 'schedules')), ...(await rowsOf(sandbox, 'campaigns'))]
    const newIds = new Map(made.map(({ id, title, name }) => [String(title ?? name), String(id)]))
    const model = new LimitModel(limits, { ...before, newIds })
    for (const [effect, moment] of effects) model.add(effect, moment)
    return model
  }
  const replies: string[] = []
  const stopped: string[] = []
  let isStopped = false
  for (const step of steps) {
    if ('stops' in step) {
      isStopped = step.stops
      if (isStopped) writeFileSync(stopFile, '')
      else rmSync(stopFile, { force: true })
      replies.push(isStopped ? 'the stop file is there' : 'the stop file is gone')
      continue
    }
    const { tool, uses, hoursBefore = 0 } = step
    vi.setSystemTime(Date.now() + hoursBefore * 3_600_000)
    const moment: Moment = { at: Date.now(), happened: true, isStopped }
    const made = uses && (await lastMade(sandbox, uses, known))
    const args = { ...step.args, ...(uses && made !== undefined && { [uses]: made }) }
    const effect = plainEffect(step)
    const model = effect && (await modelNow())
    if (effect) model?.add(effect, moment)
    await sandbox.control.clearRequests()
    const { text } = await client.call(tool, args)
    const reads = /\/(search|count)\//
    const requests = (await effectRequests(sandbox.control)).filter(({ path }) => !reads.test(path))
    for (const request of requests) {
      const happened = request.status < 400 || request.status >= 500
      effects.push([readEffect(request), { ...moment, happened }])
    }
    replies.push(`${new Date(moment.at).toISOString()} ${tool} ${JSON.stringify(args)}: ${text}`)
    if (model?.broken.length === 0 && requests.length === 0) stopped.push(replies.at(-1) ?? '')
  }
  await client.close()
  const { broken } = await modelNow()
  vi.useRealTimers()
  return { broken, stopped, sent: effects.length, replies: replies.join('\n') }
}
