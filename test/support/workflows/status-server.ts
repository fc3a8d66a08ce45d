import type { Environment } from '../../../src/config/settings.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { Progress } from '../../../src/tools/progress.ts'
import { connectInProcess } from '../../../src/tools/server/in-process-client.ts'
import type { Approver } from '../../../src/tools/tool.ts'
import { campaignStatusTool } from '../../../src/tools/workflows/campaign/status.ts'
import { buildServerParts, optionsForTools, type ToolReply } from '../assistant.ts'
import { environmentFor } from '../environment.ts'

/** A server with saq_campaign_status alone, at a fixed time. */
export interface StatusServer {
  readonly ask: (args: object, form?: 'text' | 'json') => Promise<Omit<ToolReply, 'error'>>
  /** Every progress message, in order: counted questionnaires, and their total. */
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
  const { options, log, close } = buildServerParts(
    environmentFor(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0', ...extra }),
  )
  const tool = campaignStatusTool(() => now)
  const progress: (readonly [number, number | undefined])[] = []
  const onProgress = (done: number, total: number | undefined): void => void progress.push([done, total])
  const channel = await connectInProcess({ ...options, ...optionsForTools(tool) }, onProgress)
  const person: Approver = {
    isReachable: false,
    opensAddresses: false,
    usesInputRequired: false,
    request: {} as NonNullable<Approver['request']>,
  }
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
        structured: raw['structuredContent'] as ToolReply['structured'],
        raw,
      }
    },
    cancellable: async (args, signal) => {
      const session = await options.openSession()
      const progress = new Progress(() => undefined)
      return tool.run(
        { ...args },
        { ...options, session, signal, progress, approver: person, arrivedAt: performance.now() },
      )
    },
    close: async () => {
      await channel.close()
      await close()
    },
  }
}
