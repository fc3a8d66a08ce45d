import { expect } from 'vitest'
import type { Assistant } from '../assistant.ts'
import { type Bucket, countBy, type Fact, type GroupName, valueAt } from './brute-force.ts'

/** One count: the arguments, and the same count by brute force. */
export interface Case {
  readonly args: Fact
  readonly keep?: (row: Fact) => boolean
  /** The name of each grouped column, in the order of groupBy. */
  readonly by?: readonly GroupName[]
}

export const buckets: readonly Bucket[] = ['hour', 'day', 'week', 'month']

export const createdAt = (row: Fact): number => Number(valueAt(row, 'created.dateTime'))

export const createdBetween = (from: string, to = '2100-01-01T00:00Z') => {
  const [first, last] = [Date.parse(from), Date.parse(to)]
  return (row: Fact) => createdAt(row) >= first && createdAt(row) <= last
}

export const equals = (path: string, value: unknown) => (row: Fact) => valueAt(row, path) === value

/** Whether some columns of a row contain all of these words, as `match` finds them. */
export function matches(row: Fact, paths: readonly string[], ...words: string[]): boolean {
  const text = paths.map((path) => String(valueAt(row, path) ?? '')).join('\n')
  return words.every((word) => text.toLowerCase().includes(word))
}

/** Cases by their arguments. */
export const namedCases = (cases: readonly Case[]) =>
  cases.map((one) => [JSON.stringify(one.args), one] as const)

const number = (value: number): string => value.toLocaleString('en')

/** Groups of the JSON form: name -> count. Titles beside ids are left out. */
function groupsIn(rows: readonly Fact[], labels: readonly string[]): Map<string, number> {
  return new Map(
    rows.map((row) => [JSON.stringify(labels.map((label) => row[label])), Number(row['count'])] as const),
  )
}

/** Groups of the text form. */
function linesIn(text: string, labels: readonly string[]): Map<string, number> {
  const [, head = '', ...lines] = text.split('\n')
  const names = head.split('\t')
  const places = labels.map((label) => names.indexOf(label))
  return new Map(
    lines
      .map((line) => line.split('\t'))
      .filter((cells) => cells.length === names.length && names.length > 1)
      .map(
        (cells) =>
          [JSON.stringify(places.map((at) => cells[at])), Number(cells[names.indexOf('count')])] as const,
      ),
  )
}

/** Compares both forms of a reply with a count over all rows of the sandbox. */
export async function compare(
  assistant: Assistant,
  tool: string,
  all: readonly Fact[],
  { args, keep = () => true, by }: Case,
): Promise<void> {
  const rows = all.filter(keep)
  const { structured, isError, text: jsonText } = await assistant.call(tool, { ...args, top: 500 }, 'json')
  expect(isError, jsonText).toBe(false)
  const { text } = await assistant.call(tool, { ...args, top: 500 })
  if (!by) {
    expect(structured.rows).toEqual([{ count: rows.length }])
    expect(text).toMatch(new RegExp(`^${number(rows.length)} `))
    return
  }
  const expected = countBy(rows, by)
  const labels = [args['groupBy'] ?? []].flat().map(String)
  const shown = groupsIn(structured.rows, labels)
  expect(structured.rows).toHaveLength(Math.min(500, expected.size))
  expect(shown.size).toBe(structured.rows.length)
  for (const [name, count] of shown) expect([name, count]).toEqual([name, expected.get(name)])
  expect(linesIn(text, labels)).toEqual(shown)
  if (rows.length === 0) expect(structured.summary).toMatch(/^no (asset )?jobs found$/)
  else
    expect(structured.summary).toContain(
      `; ${number(expected.size)} group${expected.size === 1 ? '' : 's'} by `,
    )
  // One sentence reports the groups that are not shown.
  const hidden = [...expected].filter(([name]) => !shown.has(name))
  const left = hidden.reduce((sum, [, count]) => sum + count, 0)
  if (hidden.length > 0)
    expect(structured.note).toMatch(
      new RegExp(`^the rest: ${number(hidden.length)} groups? with ${number(left)} (asset )?jobs\\b`),
    )
  else expect(structured.note ?? '').not.toMatch(/the rest/)
  const sizes = [...shown.values()]
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
  const least = sizes.at(-1) ?? 0
  for (const [name, count] of hidden) expect([name, count <= least]).toEqual([name, true])
}
