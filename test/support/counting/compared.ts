import { expect } from 'vitest'
import type { Assistant } from '../assistant.ts'
import { at, type Bucket, countBy, type Fact, type Naming } from './truth.ts'

/** One count: the arguments, and the same by brute force. */
export interface Case {
  readonly args: Fact
  readonly keep?: (row: Fact) => boolean
  /** How each column of the groups is called, in the order of groupBy. */
  readonly by?: readonly Naming[]
}

export const buckets: readonly Bucket[] = ['hour', 'day', 'week', 'month']

export const created = (row: Fact): number => Number(at(row, 'created.dateTime'))

export const between = (from: string, to = '2100-01-01T00:00Z') => {
  const [first, last] = [Date.parse(from), Date.parse(to)]
  return (row: Fact) => created(row) >= first && created(row) <= last
}

export const is = (path: string, value: unknown) => (row: Fact) => at(row, path) === value

/** Whether some columns of a row hold all of these words, as `match` finds them. */
export function has(row: Fact, paths: readonly string[], ...words: string[]): boolean {
  const text = paths.map((path) => String(at(row, path) ?? '')).join('\n')
  return words.every((word) => text.toLowerCase().includes(word))
}

/** Cases by their arguments. */
export const named = (cases: readonly Case[]) => cases.map((one) => [JSON.stringify(one.args), one] as const)

const number = (value: number): string => value.toLocaleString('en')

/** Groups as the JSON form has them: name -> count. */
function groupsIn(rows: readonly Fact[]): Map<string, number> {
  return new Map(
    rows.map((row) => {
      const { count, ...names } = row
      return [JSON.stringify(Object.values(names)), Number(count)] as const
    }),
  )
}

/** Groups as the text has them. */
function linesIn(text: string): Map<string, number> {
  const [, head = '', ...lines] = text.split('\n')
  const width = head.split('\t').length
  return new Map(
    lines
      .map((line) => line.split('\t'))
      .filter((cells) => cells.length === width && width > 1)
      .map((cells) => [JSON.stringify(cells.slice(0, -1)), Number(cells.at(-1))] as const),
  )
}

/** Compares what an assistant is told, in both forms, with a count over all the rows there are. */
export async function compare(
  assistant: Assistant,
  tool: string,
  all: readonly Fact[],
  { args, keep = () => true, by }: Case,
): Promise<void> {
  const rows = all.filter(keep)
  const { structured, isError, text: told } = await assistant.call(tool, { ...args, top: 500 }, 'json')
  expect(isError, told).toBe(false)
  const { text } = await assistant.call(tool, { ...args, top: 500 })
  if (!by) {
    expect(structured.rows).toEqual([{ count: rows.length }])
    expect(text).toMatch(new RegExp(`^${number(rows.length)} `))
    return
  }
  const truth = countBy(rows, by)
  const shown = groupsIn(structured.rows)
  expect(structured.rows).toHaveLength(Math.min(500, truth.size))
  expect(shown.size).toBe(structured.rows.length)
  for (const [name, count] of shown) expect([name, count]).toEqual([name, truth.get(name)])
  expect(linesIn(text)).toEqual(shown)
  if (rows.length === 0) expect(structured.summary).toMatch(/^no (asset )?jobs found$/)
  else expect(structured.summary).toContain(`; ${number(truth.size)} group${truth.size === 1 ? '' : 's'} by `)
  // The rest, in one sentence.
  const hidden = [...truth].filter(([name]) => !shown.has(name))
  const left = hidden.reduce((sum, [, count]) => sum + count, 0)
  if (hidden.length > 0)
    expect(structured.note).toMatch(
      new RegExp(`^the rest: ${number(hidden.length)} groups? with ${number(left)} (asset )?jobs\\b`),
    )
  else expect(structured.note ?? '').not.toMatch(/the rest/)
  const timeAt = [args['groupBy']].flat().findIndex((label) => /:\w+$/.test(String(label)))
  expectOrder([...shown], hidden, timeAt)
}

type Group = readonly [name: string, count: number]

/** The largest first; with a bucket of time the latest first. What is not shown comes behind. */
function expectOrder(shown: readonly Group[], hidden: readonly Group[], timeAt: number): void {
  // No time at all comes last, as a text of nothing does.
  const keyOf = ([name, count]: Group): Group => [
    timeAt === -1 ? '' : (JSON.parse(name)[timeAt] as string),
    count,
  ]
  const inOrder = ([a, m]: Group, [b, n]: Group): boolean => (a === b ? m >= n : a > b)
  const keys = shown.map(keyOf)
  for (const [index, key] of keys.entries()) {
    const before = keys[index - 1]
    if (before) expect([before, key, inOrder(before, key)]).toEqual([before, key, true])
  }
  const last = keys.at(-1)
  for (const group of hidden) expect([group, last && inOrder(last, keyOf(group))]).toEqual([group, true])
}
