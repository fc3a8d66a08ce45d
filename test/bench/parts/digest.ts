import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Row } from '../../../src/session/answer.ts'
import { countTokens } from '../../programs/token-counter.ts'
import { RunDigest } from '../../support/outputs/digest.ts'
import { fleetOf } from '../../support/outputs/fleet.ts'
import type { FleetOutput } from '../../support/outputs/fleet-output.ts'
import { fleetOutputs } from '../../support/outputs/fleet-outputs.ts'
import { largeRuns } from '../../support/outputs/large-outputs.ts'
import { bundleMemoryProgram, memoryUseOf } from '../../support/outputs/memory.ts'
import { decodedOutput, resultOf, rowsOf } from '../../support/outputs/rows.ts'
import { runReplyOf } from '../../support/outputs/run-reply.ts'
import type { Measured } from '../table.ts'

// What the digest of a run costs, for outputs as real fleets print them, compared with a bare loop that decodes and
// hashes the same outputs.

const seed = 17
/** Of the runs that the figure is made of, and of those in the details. */
const usualHosts = 2_000
const hostCounts = [200, usualHosts, 10_000]

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

async function bareLoop(rows: readonly Row[]): Promise<number> {
  return new Set(rows.map((row) => createHash('sha256').update(decodedOutput(row)).digest('base64'))).size
}

async function digestOf(rows: readonly Row[]): Promise<number> {
  const digest = new RunDigest()
  for (const row of rows) digest.add(resultOf(row))
  return digest.kinds()
}

/** Milliseconds per megabyte. */
interface Cost {
  readonly digest: number
  readonly bare: number
}

async function costOf(printed: FleetOutput, hosts: number): Promise<Cost> {
  const rows = rowsOf(fleetOf(printed, hosts, seed))
  const megabytes = sum(rows.map((row) => Buffer.byteLength(decodedOutput(row)))) / 1e6
  const bare = (await timed(() => bareLoop(rows))) / megabytes
  return { bare, digest: (await timed(() => digestOf(rows))) / megabytes }
}

interface FleetCost {
  readonly name: string
  /** The number of kinds and the tokens of the reply about 200 hosts. */
  readonly kinds: number
  readonly tokens: number
  /** By the number of hosts. */
  readonly costs: readonly Cost[]
}

async function fleetCostOf(printed: FleetOutput): Promise<FleetCost> {
  const hosts = fleetOf(printed, 200, seed)
  const [{ text }, kinds] = await Promise.all([runReplyOf(hosts), digestOf(rowsOf(hosts))])
  const costs: Cost[] = []
  for (const count of hostCounts) costs.push(await costOf(printed, count))
  return { name: printed.name, kinds, tokens: countTokens(text), costs }
}

const columns = (cells: readonly (string | number)[]): string =>
  cells.map((text, at) => (at === 0 ? String(text).padEnd(40) : String(text).padStart(8))).join('')

/** All outputs, for runs of several sizes. */
async function costTable(): Promise<string[]> {
  const costs: FleetCost[] = []
  for (const printed of fleetOutputs) costs.push(await fleetCostOf(printed))
  const perMegabyte = (values: readonly number[]): string[] => values.map((value) => value.toFixed(1))
  const mean = (of: keyof Cost): number[] =>
    hostCounts.map((_, at) => sum(costs.map((cost) => cost.costs[at]?.[of] ?? 0)) / costs.length)
  return [
    columns([
      'outputs of 200 hosts',
      'kinds',
      'tokens',
      ...hostCounts.map((count) => `ms/MB ${count / 1_000}k`),
    ]),
    ...costs.map(({ name, kinds, tokens, costs }) =>
      columns([name, kinds, tokens, ...perMegabyte(costs.map(({ digest }) => digest))]),
    ),
    columns([
      'mean',
      '',
      Math.round(sum(costs.map(({ tokens }) => tokens)) / costs.length),
      ...perMegabyte(mean('digest')),
    ]),
    columns(['mean of the bare loop', '', '', ...perMegabyte(mean('bare'))]),
  ]
}

/** The largest runs in processes of their own. */
async function memoryTable(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-bench-'))
  const program = await bundleMemoryProgram(folder)
  const lines: string[] = []
  for (const run of largeRuns) {
    const digest = await memoryUseOf(program, run, 'digest')
    const read = await memoryUseOf(program, run, 'read')
    const what = `${run.hosts} hosts of ${run.characters / 1_000} kB, ${run.likeness}`
    const mebibytes = [digest.liveMiB, digest.peakMiB, read.peakMiB].map((value) => value.toFixed(0))
    lines.push(columns([what, digest.kinds, ...mebibytes]))
  }
  rmSync(folder, { recursive: true })
  return [columns(['memory in MiB', 'kinds', 'kept', 'peak', 'bare']), ...lines]
}

/** The digest over the bare loop for runs of 2,000 hosts, and a table of all outputs. */
export async function digestCosts(quick: boolean): Promise<Measured> {
  if (quick) return { figures: [] }
  const costs: Cost[] = []
  for (const printed of fleetOutputs) costs.push(await costOf(printed, usualHosts))
  const total = (of: keyof Cost): number => sum(costs.map((cost) => cost[of]))
  return {
    figures: [
      {
        name: 'digest',
        what: 'the digest of runs on 2,000 hosts, over a bare loop that decodes and hashes the outputs',
        figure: total('digest') / total('bare'),
        unit: 'x',
      },
    ],
    details: async () => [...(await costTable()), '', ...(await memoryTable())],
  }
}
