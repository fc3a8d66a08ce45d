import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tokenOf } from '../../support/callers/callers-folder.ts'
import { openSandbox, type TestSandbox } from '../../support/sandbox.ts'
import { callOfEveryTool } from '../../support/tool-calls.ts'
import { changeRequests } from '../fuzz/changes.ts'
import { SeededRandom } from '../fuzz/seeded-random.ts'
import { controlFault } from './control.ts'
import { callTimeoutSeconds, type FuzzedService, startFuzzedService, type Usage } from './fuzzed-service.ts'
import { endpointFor, type Lane, lanes, makerFor } from './lanes.ts'
import { ServiceWatch } from './service-watch.ts'
import { stalledFaults } from './stalled.ts'
import { Trials } from './trials.ts'
import { vanish, vanishWhileRefused } from './vanished.ts'

const controlInterval = 50
/** MiB; far more than a service needs that keeps nothing. */
const maxMemory = 768
/** How much a heap may differ between two measurements, in MiB. */
const memorySlack = 96
/** Connections to Qualys stay open for the next call. */
const idleHandles = 24

/** A run with so many takes longer than the longest time-out of the service. */
const manyRequests = 20_000

/** The result of a run. */
export interface Report {
  readonly sent: number
  readonly connections: number
  /** How often the service was asked what it must answer. */
  readonly controls: number
  /** Responses by their status, and messages in them by what they are. */
  readonly received: ReadonlyMap<string, number>
  /** At first, in the middle and at last. */
  readonly usage: readonly Usage[]
  readonly complaints: readonly string[]
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

function watchFor(sandbox: TestSandbox, folder: string, secret: string): ServiceWatch {
  const paths = [folder, process.cwd(), process.execPath].map(escaped).join('|')
  return new ServiceWatch(
    { 'a path of the machine': new RegExp(paths) },
    {
      'a secret': new RegExp(secret),
      'the password': new RegExp(escaped(sandbox.password)),
      'a token': new RegExp(tokenOf('').slice(0, -8).replace(/-\d*$/, '')),
    },
  )
}

function watchUsage(usage: readonly Usage[], watch: ServiceWatch): readonly Usage[] {
  const [first, middle, last] = [0, usage.length >> 1, usage.length - 1].map((at) => usage[at])
  if (!first || !middle || !last) return []
  const most = Math.max(...usage.map(({ memory }) => memory))
  if (most > maxMemory) watch.report(`${most} MiB of memory`)
  if (last.memory > middle.memory * 1.5 + memorySlack)
    watch.report(`memory grows from ${middle.memory} to ${last.memory} MiB in the second half`)
  if (last.handles > first.handles + idleHandles)
    watch.report(`${last.handles} handles are open at last, and ${first.handles} were at first`)
  return [first, middle, last]
}

/** Sends so many requests, and reports what came back. The same seed sends the same requests. */
export async function httpFuzz(
  requests: number,
  seed: number,
  print: (line: string) => void = () => undefined,
): Promise<Report> {
  const sandbox = await openSandbox({ jobs: 200 })
  const folder = await mkdtemp(join(tmpdir(), 'qualys-mcp-http-fuzz-'))
  const secret = randomBytes(12).toString('hex')
  const watch = watchFor(sandbox, folder, secret)
  const calls = await callOfEveryTool(sandbox.control)
  const usage: Usage[] = []
  let controls = 0
  const service: FuzzedService = await startFuzzedService(sandbox, folder, secret, watch)
  const trials = new Trials(service.port, watch)
  watch.during = () => trials.open()
  const look = async (): Promise<void> => {
    const measured = await service.usage()
    if (measured) usage.push({ ...measured, memory: Math.round(measured.memory) })
    for (const { method, path } of await changeRequests(sandbox.control))
      watch.report(`a change: ${method} ${path}`)
    await sandbox.control.clearRequests()
  }
  const runLane = async (lane: Lane, nth: number): Promise<void> => {
    const name = `${lane.caller}, ${lane.modern ? '2026' : '2025'}`
    const maker = makerFor(lane, nth, { port: service.port, seed, calls })
    const share =
      Math.floor((requests * (nth + 1)) / lanes.length) - Math.floor((requests * nth) / lanes.length)
    for (let sent = 0, due = controlInterval; sent < share; ) {
      sent += await trials.next(maker, name, share - sent)
      if (sent < due && sent < share) continue
      due += controlInterval
      const ill = await controlFault(maker.endpoint, lane.modern, controls++)
      if (ill !== undefined) watch.report(`${name}, after ${sent}: ${ill}`)
      if (nth > 0) continue
      await look()
      if (controls % 100 < lanes.length) print(`${trials.sent} requests`)
    }
  }
  const run = async (): Promise<void> => {
    await look()
    const viewer = endpointFor('viewer', service.port)
    await vanishWhileRefused(viewer)
    const stalled = stalledFaults(service.port, viewer.token, requests >= manyRequests)
    await Promise.all(lanes.map(runLane))
    for (const fault of await stalled) watch.report(fault)
    await vanish(new SeededRandom(seed), viewer)
    // Less than the time that such calls would take.
    const left = await service.leftOpen(callTimeoutSeconds * 600)
    if (left !== undefined) watch.report(left)
    await look()
  }
  try {
    // A service that has ended refuses connections.
    await run().catch((error: unknown) => watch.report(String(error)))
  } finally {
    const ending = await service.stop()
    if (ending !== undefined) watch.report(ending)
    await sandbox.close()
    await rm(folder, { recursive: true, force: true })
  }
  const measured = watchUsage(usage, watch)
  const { sent, connections, received } = trials
  return { sent, connections, controls, received, usage: measured, complaints: watch.complaints }
}
