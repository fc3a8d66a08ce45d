import { type Environment, readSettings } from '../../../src/config/settings.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { accountOf } from '../../../src/session/auth/account.ts'
import { openSession } from '../../../src/session/session.ts'
import type { Pace } from '../../../src/shared/clock.ts'
import { silent } from '../../../src/shared/log.ts'
import type { Person } from '../../../src/tools/tool.ts'
import { safeguardsOf } from '../../../src/tools/effects/safeguards.ts'
import { openChannel } from '../../../src/tools/server/in-process-client.ts'
import { followRunBy } from '../../../src/tools/workflows/run/follow-run.ts'
import { type Heard, serving } from '../assistant.ts'
import { environmentFor } from '../environment.ts'

/** An assistant that follows runs by a clock of the test's. */
export interface Follower {
  readonly follow: (
    args: object,
    form?: 'text' | 'json',
  ) => Promise<Pick<Heard, 'text' | 'isError' | 'structured'>>
  /** Every progress message, in order: hosts done, and of how many. */
  readonly progress: (readonly [done: number, total: number | undefined])[]
  /** The same call without the protocol, cancelled by a signal. */
  readonly cancellable: (args: object, signal: AbortSignal) => Promise<unknown>
  readonly close: () => Promise<void>
}

/** The server with its real session on a sandbox, and the one tool. */
export async function openFollower(sandbox: Sandbox, pace: Pace, extra: Environment = {}): Promise<Follower> {
  const configuration = readSettings({}, environmentFor(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0', ...extra }))
  const { settings } = configuration
  const session = openSession(settings, async () => accountOf(settings))
  const tool = followRunBy(pace)
  const progress: (readonly [number, number | undefined])[] = []
  const surroundings = {
    session,
    configuration,
    safeguards: safeguardsOf(settings, session.redact),
    log: silent,
    withheld: new Map<string, string>(),
    products: new Set(['car']),
  }
  const tell = (done: number, total: number | undefined): void => void progress.push([done, total])
  const channel = await openChannel({ ...surroundings, ...serving(tool) }, tell)
  const person: Person = { reachable: false, modern: false, context: {} as Person['context'] }
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
        structured: raw['structuredContent'] as Heard['structured'],
      }
    },
    cancellable: async (args, signal) =>
      tool.run({ ...args }, { ...surroundings, signal, progress: tell, person }),
    close: async () => {
      await channel.close()
      await session.close()
    },
  }
}
