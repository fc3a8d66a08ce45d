import { expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { environmentFor } from '../environment.ts'
import type { TestSandbox } from '../sandbox.ts'
import { type CallResult, type generations, type Peer, textOf } from '../stdio/peers.ts'

/** The notifications that a client received. */
export interface ProgressNotification {
  readonly progress: number
  readonly total?: number | undefined
  readonly message?: string | undefined
}

type Connect = (typeof generations)[string]

/** Connects a client to the built program, on a sandbox, with waiting allowed. */
export const connectClient = (
  connect: Connect,
  sandbox: TestSandbox,
  extra: Environment = {},
): Promise<Peer> => connect(environmentFor(sandbox, { QUALYS_MAX_WAIT_SECONDS: '30', ...extra }))

/** A call, its result, and the notifications that the client received meanwhile. */
export async function callWithProgress(
  peer: Peer,
  name: string,
  args: Record<string, unknown> = {},
): Promise<{ readonly notified: readonly ProgressNotification[]; readonly result: CallResult }> {
  const notified: ProgressNotification[] = []
  const onprogress = (one: ProgressNotification): void => void notified.push(one)
  const result = await peer.callTool({ name, arguments: args }, { onprogress })
  return { notified, result }
}

export function expectAnswered(result: CallResult): void {
  expect(result.isError ?? false, textOf(result)).toBe(false)
}

/** "progress … MUST increase with each notification, even if the total is unknown" (MCP); never above a total. */
export function expectRising(notified: readonly ProgressNotification[]): void {
  const values = notified.map(({ progress }) => progress)
  expect(values.length).toBeGreaterThan(0)
  expect(values).toEqual([...new Set(values)].sort((one, other) => one - other))
  expect(notified.filter(({ progress, total = progress }) => progress > total)).toEqual([])
  expect(notified.filter(({ message = '' }) => message === '')).toEqual([])
}
