import { type Environment, readSettings } from '../../../src/config/settings.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { accountOf } from '../../../src/session/auth/account.ts'
import { openSession } from '../../../src/session/session.ts'
import type { Clock } from '../../../src/shared/clock.ts'
import { silentLog } from '../../../src/shared/log.ts'
import { safeguardsOf } from '../../../src/tools/effects/safeguards.ts'
import { Progress } from '../../../src/tools/progress.ts'
import { SentRuns } from '../../../src/tools/sent-runs.ts'
import { connectInProcess } from '../../../src/tools/server/in-process-client.ts'
import { type Approver, localCaller } from '../../../src/tools/tool.ts'
import { followRunTool } from '../../../src/tools/workflows/run/follow-run.ts'
import { optionsForTools, type ToolReply } from '../assistant.ts'
import { environmentFor } from '../environment.ts'

/** An assistant that follows runs, on a fake clock. */
export interface FollowRunServer {
  readonly follow: (
    args: object,
    form?: 'text' | 'json',
  ) => Promise<Pick<ToolReply, 'text' | 'isError' | 'structured'>>
  /** Every progress message, in order: finished hosts, and their total. */
  readonly progress: (readonly [done: number, total: number | undefined])[]
  /** The same call without the protocol, cancelled by a signal. */
  readonly cancellable: (args: object, signal: AbortSignal) => Promise<unknown>
  readonly close: () => Promise<void>
}

/** A server with the real session on a sandbox, and this one tool. */
export async function openFollowRunServer(
  sandbox: Sandbox,
  clock: Clock,
  extra: Environment = {},
): Promise<FollowRunServer> {
  const configuration = readSettings({}, environmentFor(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0', ...extra }))
  const { settings } = configuration
  const session = openSession(settings, async () => accountOf(settings))
  const tool = followRunTool(clock)
  const progress: (readonly [number, number | undefined])[] = []
  const options = {
    redact: session.redact,
    openSession: async () => session,
    configuration,
    safeguards: safeguardsOf(settings, session.redact),
    hostCounts: new Map(),
    sentRuns: new SentRuns(),
    log: silentLog,
    withheldTools: new Map<string, string>(),
    products: new Set(['car']),
    caller: localCaller,
  }
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
    follow: async (args, form = 'text') => {
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
      }
    },
    cancellable: async (args, signal) =>
      tool.run(
        { ...args },
        {
          ...options,
          session,
          signal,
          progress: new Progress(onProgress),
          approver: person,
          arrivedAt: performance.now(),
        },
      ),
    close: async () => {
      await channel.close()
      await session.close()
    },
  }
}
