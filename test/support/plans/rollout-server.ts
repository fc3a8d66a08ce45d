import { openPlanFiles } from '../../../src/tools/plans/journal/plan-files.ts'
import { setJournals } from '../../../src/tools/plans/journals.ts'
import { movePlans, newMemory } from '../../../src/tools/plans/run/move-plans.ts'
import { connectInProcess } from '../../../src/tools/server/in-process-client.ts'
import { buildServerParts, readToolReply, type ServerOverrides, type ToolReply } from '../assistant.ts'
import { environmentFor } from '../environment.ts'
import type { TestSandbox } from '../sandbox.ts'

/** A server with a client, whose plans are moved on when a test says so, by a clock of its own. */
export interface RolloutServer {
  readonly call: (tool: string, args: object, form?: 'text' | 'json') => Promise<ToolReply>
  /** Moves all plans on as far as they go at the time of the clock. */
  readonly move: () => Promise<void>
  /** Sets the clock forward, here and at the sandbox. */
  readonly pass: (ms: number) => Promise<void>
  readonly now: () => number
  readonly parts: ReturnType<typeof buildServerParts>
  readonly close: () => Promise<void>
}

/** Settings with which plans run without a person. */
export const unattended = {
  QUALYS_MODE: 'unattended',
  QUALYS_MAX_ASSETS_PER_RUN: '2000',
  QUALYS_MAX_ASSETS_PER_PLAN: '2000',
} as const

export async function openRolloutServer(
  sandbox: TestSandbox,
  environment: Readonly<Record<string, string>> = unattended,
  overrides: ServerOverrides = {},
): Promise<RolloutServer> {
  const parts = buildServerParts(environmentFor(sandbox, environment), overrides)
  let ahead = 0
  const now = (): number => Date.now() + ahead
  const { safeguards } = parts.options
  setJournals(safeguards, openPlanFiles(safeguards.stateDir, { now }))
  const client = await connectInProcess(parts.options, () => undefined)
  const ended = new AbortController()
  return {
    call: async (name, args, form = 'text') =>
      readToolReply(
        await client.request('tools/call', { name, arguments: args, _meta: { 'qualys-mcp/reply': form } }),
      ),
    move: async () => {
      await movePlans(parts.options, newMemory(), ended.signal, now)
    },
    pass: async (ms) => {
      ahead += ms
      await sandbox.control.advance(ms / 1_000)
    },
    now,
    parts,
    close: async () => {
      ended.abort()
      await client.close()
      await parts.close()
    },
  }
}
