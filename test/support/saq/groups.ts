import { expect } from 'vitest'
import type { Assistant, ToolReply } from '../assistant.ts'
import { countBy, type Fact, type GroupName } from '../counting/brute-force.ts'
import { testOn } from '../fixtures.ts'
import type { Control } from '../sandbox.ts'
import { readPeople, type SandboxPeople } from './sandbox-people.ts'

// Lists of SAQ in groups, compared with a count by brute force.

/** A test with what the sandbox holds about people. */
export const testWithPeople = testOn({ jobs: 10 }, { QUALYS_REPLY_CHARS: '400000' }).extend<{
  people: SandboxPeople
}>({
  people: async ({ sandbox }, use) => {
    const people = await readPeople(sandbox.control)
    await sandbox.control.clearRequests()
    await use(people)
  },
})

/** Groups of a reply: their values as JSON, and the count. */
export function groupsIn({ structured, text, isError }: ToolReply): Map<string, number> {
  expect(isError, text).toBe(false)
  return new Map(
    structured.rows.map(({ count, ...values }) => [JSON.stringify(Object.values(values)), Number(count)]),
  )
}

/** A reply as JSON, with as many groups as there may be. */
export const ask = (assistant: Assistant, tool: string, args: object): Promise<ToolReply> =>
  assistant.call(tool, { top: 500, ...args }, 'json')

/** Groups of the tool are the largest of those by brute force. */
export function expectGroups(reply: ToolReply, rows: readonly Fact[], names: readonly GroupName[]): void {
  const expected = countBy(rows, names)
  const shown = groupsIn(reply)
  expect(shown.size).toBe(Math.min(500, expected.size))
  expect(shown.size).toBeGreaterThan(0)
  for (const [key, count] of shown) expect([key, count]).toEqual([key, expected.get(key)])
}

/** The name of a group by a function of one kind of rows. */
export const asName = <Row extends Fact>(name: (row: Row) => string): GroupName =>
  name as unknown as GroupName

/** Number of requests to SAQ whose path holds a text. */
export const countRequests = async ({ requests }: Control, path = ''): Promise<number> =>
  (await requests()).filter((request) => request.path.includes(`/saq/${path}`)).length
