import type { Control } from '../../support/sandbox.ts'

/** The collections that operations change. Runs follow from executions, at their own pace. */
export const collections = [
  'scripts',
  'schedules',
  'reports',
  'executions',
  'assetjobs',
  'blocked-commands',
  'blocked-assets',
  'blocked-tags',
  'users',
  'templates',
  'campaigns',
  'questionnaires',
] as const

export type Collection = (typeof collections)[number]

/** The rows of some collections, as the sandbox keeps them. */
export type SandboxState = ReadonlyMap<Collection, readonly string[]>

export async function readState(control: Control, of: readonly Collection[]): Promise<SandboxState> {
  const rows = await Promise.all(of.map((name) => control.dump(name)))
  return new Map(of.map((name, at) => [name, (rows[at] ?? []).map((row) => JSON.stringify(row))]))
}

/** How many rows were added and removed between two states, by collection; a changed row counts as both. */
export type Change = Readonly<Partial<Record<Collection, readonly [came: number, went: number]>>>

export function changeFrom(before: SandboxState, after: SandboxState): Change {
  const changes = [...after].flatMap(([name, rows]) => {
    const old = before.get(name) ?? []
    const [came, went] = [countMissing(rows, old), countMissing(old, rows)]
    return came + went > 0 ? [[name, [came, went]] as const] : []
  })
  return Object.fromEntries(changes)
}

/** How many rows are not among others, each counted as often as it occurs. */
function countMissing(rows: readonly string[], others: readonly string[]): number {
  const left = new Map<string, number>()
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1)
  return rows.filter((row) => {
    const count = left.get(row) ?? 0
    left.set(row, count - 1)
    return count <= 0
  }).length
}

export const isEmpty = (change: Change): boolean => Object.keys(change).length === 0
export const isSame = (one: Change, other: Change): boolean => JSON.stringify(one) === JSON.stringify(other)
