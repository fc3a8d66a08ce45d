import type { Environment } from '../../../src/config/settings.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import type { Person } from '../../../src/tools/tool.ts'
import { openChannel } from '../../../src/tools/server/in-process-client.ts'
import { campaignStatusBy } from '../../../src/tools/workflows/campaign/status.ts'
import { type Heard, partsOf, serving } from '../assistant.ts'
import { environmentFor } from '../environment.ts'

/** A server with saq_campaign_status alone, at a moment that does not pass. */
export interface StatusServer {
  readonly ask: (args: object, form?: 'text' | 'json') => Promise<Omit<Heard, 'error'>>
  /** Every progress message, in order: questionnaires counted, and of how many. */
  readonly progress: (readonly [done: number, total: number | undefined])[]
  readonly log: readonly string[]
  /** The same call without the protocol, cancelled by a signal. */
  readonly cancellable: (args: object, signal: AbortSignal) => Promise<unknown>
  readonly close: () => Promise<void>
}

/** Opens one on a sandbox, with the real session. */
export async function openStatusServer(
  sandbox: Sandbox,
  now: number,
  extra: Environment = {},
): Promise<StatusServer> {
  const { options, log, close } = partsOf(environmentFor(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0', ...extra }))
  const tool = campaignStatusBy(() => now)
  const progress: (readonly [number, number | undefined])[] = []
  const tell = (done: number, total: number | undefined): void => void progress.push([done, total])
  const channel = await openChannel({ ...options, ...serving(tool) }, tell)
  const person: Person = { reachable: false, modern: false, context: {} as Person['context'] }
  return {
    progress,
    log,
    ask: async (args, form = 'text') => {
      const raw = await channel.request('tools/call', {
        name: tool.name,
        arguments: args,
        _meta: { 'qualys-mcp/reply': form, progressToken: 1 },
      })
      const [{ text = '' } = {}] = raw['content'] as { text?: string }[]
      return {
        text,
        isError: raw['isError'] === true,
        structured: raw['structuredContent'] as Heard['structured'],
        raw,
      }
    },
    cancellable: async (args, signal) =>
      tool.run({ ...args }, { ...options, signal, progress: () => undefined, person }),
    close: async () => {
      await channel.close()
      await close()
    },
  }
}
