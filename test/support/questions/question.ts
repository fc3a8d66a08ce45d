import type { ToolReply } from '../assistant.ts'
import type { Control } from '../sandbox.ts'

/** The answer to a question: names in any order, a number, or numbers by name. */
export type Answer = readonly (string | number)[] | number | Readonly<Record<string, number>>

/** Calls a tool. */
export type Call = (tool: string, args: object) => Promise<ToolReply['structured']>

/** Rows of the sandbox's own data, by collection. */
export type Truth = (collection: string) => Promise<readonly Fact[]>

export type Fact = Readonly<Record<string, unknown>>

/** A question that people ask, as a script of calls that answers it. */
export interface Question {
  readonly asks: string
  /** What is there before the question comes up. */
  readonly prepare?: (call: Call, control: Control, truth: Truth) => Promise<void>
  /** The answer, from the replies alone. */
  readonly answer: (call: Call, truth: Truth) => Promise<Answer>
  /** The answer by brute force. */
  readonly expected: (truth: Truth) => Promise<Answer>
}

/** Settings under which nobody is asked before a run on many hosts. */
export const fleetSettings = { QUALYS_MODE: 'unattended', QUALYS_MAX_ASSETS_PER_RUN: '300' } as const

/** Each collection is read once: the results of a fleet are 20 MB. */
export function truthOf({ dump }: Control): Truth {
  const collections = new Map<string, Promise<readonly Fact[]>>()
  return (collection) => {
    const rows = collections.get(collection) ?? dump(collection)
    collections.set(collection, rows)
    return rows
  }
}

/** The rows of a list on its first pages, three at most. */
export async function pagesOf(call: Call, tool: string, args: object): Promise<readonly Fact[]> {
  const rows: Fact[] = []
  let continuationToken: string | undefined
  for (let page = 0; page < 3; page++) {
    const structured = await call(tool, { ...args, ...(continuationToken && { continuationToken }) })
    rows.push(...structured.rows)
    continuationToken = structured.continuationToken
    if (continuationToken === undefined) break
  }
  return rows
}

/** A member of a row at a dotted path. */
export const at = (row: Fact, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as Fact | null | undefined)?.[name], row)

export const column = (rows: readonly Fact[], path: string): string[] =>
  rows.map((row) => String(path in row ? row[path] : at(row, path)))

/** Numbers by the text of some columns, joined by a blank. */
export const countsBy = <Row>(rows: readonly Row[], key: (row: Row) => unknown): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const row of rows) counts[String(key(row))] = (counts[String(key(row))] ?? 0) + 1
  return counts
}

/** The groups of a count as numbers by name. */
export const groupsOf = (
  rows: readonly Fact[],
  names: readonly string[],
  number = 'count',
): Record<string, number> =>
  Object.fromEntries(rows.map((row) => [names.map((name) => row[name]).join(' '), Number(row[number])]))

/** The largest groups, as many as asked for; those of equal size stand in the order of their names. */
export const largest = (counts: Readonly<Record<string, number>>, max: number): Record<string, number> =>
  Object.fromEntries(
    Object.entries(counts)
      .sort(([a, most], [b, other]) => other - most || (a < b ? -1 : 1))
      .slice(0, max),
  )

export const byId = (rows: readonly Fact[]): ReadonlyMap<string, Fact> =>
  new Map(rows.map((row) => [String(row['id']), row]))
