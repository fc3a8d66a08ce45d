import { expect } from 'vitest'
import type { Assistant, ToolReply } from '../../support/assistant.ts'
import type { Control } from '../../support/sandbox.ts'

export type PageSeen = ToolReply['structured']

/** Every page of a list from the first to the last, through its continuation tokens. */
export async function pagesOf(assistant: Assistant, tool: string, args: object): Promise<PageSeen[]> {
  const pages: PageSeen[] = []
  for (let continuationToken: string | undefined; ; ) {
    const { structured, isError, text } = await assistant.call(tool, { ...args, continuationToken }, 'json')
    expect(isError, text).toBe(false)
    pages.push(structured)
    expect(pages.length, 'a walk that does not end').toBeLessThan(2_000)
    if (structured.continuationToken === undefined) return pages
    continuationToken = structured.continuationToken
  }
}

/** One column of all rows of some pages, as text. */
export function columnOf(pages: readonly PageSeen[], column: string): string[] {
  return pages.flatMap(({ rows }) => rows.map((row) => String(row[column])))
}

/** The same members, each as often: order does not matter. */
export function expectSameIds(found: readonly string[], expected: readonly string[]): void {
  expect([...found].sort()).toEqual([...expected].sort())
}

export type SandboxRow = Record<string, unknown>

/** Ids of the sandbox's rows, requested once per kind: a fleet is 20 MB. */
export function sandboxIdsOf(control: Control) {
  const held = new Map<string, Promise<SandboxRow[]>>()
  return async (kind: string, keep: (row: SandboxRow) => boolean = () => true): Promise<string[]> => {
    const rows = held.get(kind) ?? control.dump(kind)
    held.set(kind, rows)
    return (await rows).filter(keep).map((row) => String(row['id'] ?? row['fileUuid'] ?? row['commandId']))
  }
}

/**
 * Requests for this number of rows in pages of one size: from the third page on, each request asks for as many rows
 * as were read so far.
 */
export function callsFor(rows: number, pageSize: number): number {
  let calls = 0
  let brought = 0
  for (let seen = 0; seen < rows; seen += pageSize) {
    if (brought >= Math.min(seen + pageSize, rows)) continue
    calls++
    brought = Math.min(rows, seen + (seen < 2 * pageSize ? pageSize : Math.min(1_000, seen)))
  }
  return calls
}
