import { type Reply, structureOf, textOf } from '../../../src/tools/replies/reply.ts'
import { followRun } from '../../../src/tools/workflows/run/follow-run.ts'
import { callerOn, Upstream } from '../workflows/memory.ts'
import { assetJobs, hostsReply } from '../workflows/runs.ts'
import type { FleetHost } from './fleet.ts'
import { holds } from './fleet-output.ts'

// The reply of car_follow_run about a fleet, and what it shows. This is the only file that knows how the digest is
// called and how its rows look.

/** The same answer in both forms. */
export interface RunReply {
  readonly text: string
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

/** Follows a run of these hosts, with the default budget. */
export async function runReplyOf(hosts: readonly FleetHost[]): Promise<RunReply> {
  const upstream = new Upstream()
  upstream.serve({ route: assetJobs, body: hostsReply(hosts) })
  const { run } = callerOn(upstream.answer)
  const reply = (await run(followRun, { jobId: '1', waitSeconds: 0 }, new AbortController().signal)) as Reply
  // The marker of a fence is drawn anew for each reply.
  const text = textOf(reply).replace(/<<([0-9a-f]{8})\n([\s\S]*?)\n?\1>>/g, '<<\n$2\n>>')
  return { text, rows: structureOf(reply).rows }
}

/** The number of hosts of each kind. */
export const kindSizes = ({ rows }: RunReply): number[] => rows.map(({ count }) => Number(count))

/** A part of a row that is about some hosts: a kind, a value of a place, or a line. */
interface Finding {
  readonly count: number
  /** The names of some of them; none for what most hosts have. */
  readonly hosts: readonly string[]
  /** All its other texts and numbers. */
  readonly shown: string
}

function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (typeof value !== 'object' || value === null) return [String(value)]
  return Object.entries(value).flatMap(([key, part]) => (key === 'hosts' ? [] : [key, ...textsIn(part)]))
}

function findingsIn(value: unknown): Finding[] {
  if (Array.isArray(value)) return value.flatMap(findingsIn)
  if (typeof value !== 'object' || value === null) return []
  const { count, hosts } = value as { count?: unknown; hosts?: unknown }
  const parts = Object.values(value).flatMap(findingsIn)
  if (typeof count !== 'number') return parts
  const names = Array.isArray(hosts) ? hosts.map(String) : []
  return [{ count, hosts: names, shown: textsIn(value).join('\n') }, ...parts]
}

/** All texts and numbers of the rows. */
export const rowTexts = ({ rows }: RunReply): string => textsIn(rows).join('\n')

/** Whether a part of the rows is about so many hosts and shows this. */
export const counts = ({ rows }: RunReply, count: number, shown: string | RegExp): boolean =>
  findingsIn(rows).some((found) => found.count === count && holds(found.shown, shown))

/** Texts that name a host beside a value: `0 (ws-0137)`. */
const besideHost = (row: unknown, { name }: FleetHost): string[] =>
  textsIn(row).filter((text) => text.length < 200 && text.includes(name))

/** How many hosts of a row may have what is shown, by its parts that name some of these. */
function countsIn(row: unknown, hosts: readonly FleetHost[], shown: string | RegExp): number[] {
  const names = new Set(hosts.map(({ name }) => name))
  const told = findingsIn(row).filter(
    ({ count, hosts: named, shown: text }) =>
      count <= hosts.length && named.some((name) => names.has(name)) && holds(text, shown),
  )
  if (told.length > 0) return told.map(({ count }) => count)
  return [hosts.filter((host) => besideHost(row, host).some((text) => holds(text, shown))).length]
}

/** Whether the rows tell how many hosts have what is shown, and name some of them. */
export function tells({ rows }: RunReply, hosts: readonly FleetHost[], shown: string | RegExp = ''): boolean {
  const told = rows.map((row) => countsIn(row, hosts, shown))
  // A few of the hosts may be of another kind, for another reason.
  const total = told.reduce((sum, row) => sum + Math.max(...row), 0)
  return told.flat().includes(hosts.length) || total === hosts.length
}
