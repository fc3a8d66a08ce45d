import { setTimeout } from 'node:timers/promises'
import type { ToolContext } from '../../tool.ts'
import { waitLeft } from '../timing/lateness.ts'
import { decisionOn } from './pending/pending-calls.ts'
import { ifUsable } from './pending/pending-folder.ts'
import type { FoundCall } from './pending/stored-call.ts'

/** How often the state folder is looked at, in ms: a page or a terminal of another process writes there. */
const intervalMs = 200

/** What a person decided about a call, within the time that it may wait; undefined if nobody did. */
export async function awaitDecision(
  digest: string,
  key: string,
  context: Pick<ToolContext, 'arrivedAt' | 'safeguards' | 'configuration'>,
  signal: AbortSignal,
): Promise<FoundCall | undefined> {
  const { arrivedAt, configuration, safeguards } = context
  const { stateDir, ending } = safeguards
  const callEnds = arrivedAt + configuration.settings.callTimeoutSeconds * 1_000
  const stop = AbortSignal.any([signal, ending])
  for (;;) {
    const decided = ifUsable(() => decisionOn(stateDir, digest, key))
    const left = Math.max(0, Math.min(waitLeft(context), callEnds - performance.now()))
    if (decided || left === 0 || ending.aborted) return decided
    signal.throwIfAborted()
    await setTimeout(Math.min(intervalMs, left), undefined, { signal: stop }).catch(() => undefined)
  }
}
