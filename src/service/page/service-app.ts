import type { Settings } from '../../config/settings.ts'
import { passkeysPath } from '../../config/state-dir.ts'
import type { Log } from '../../shared/log.ts'
import { sealApproval } from '../../tools/effects/approval/approval-seal.ts'
import type { Authority, CallStore, PageApp } from '../../tools/effects/approval/page/contract.ts'
import {
  approveCall,
  declineCall,
  findCall,
  listCalls,
} from '../../tools/effects/approval/pending/pending-calls.ts'
import type { Safeguards } from '../../tools/tool.ts'

/** What the page itself needs, behind the login. */
export interface AppParts {
  readonly settings: Settings
  readonly safeguards: Safeguards
  readonly log: Log
  /** Epoch, in ms. */
  readonly now: () => number
}

/** The calls of the state folder. A yes is sealed: it shows that somebody was logged in, to this service alone. */
function sealingStore({ safeguards: { stateDir, approvals }, now }: AppParts): CallStore {
  const { sealKey } = approvals
  return {
    find: (code) => findCall(stateDir, code, now()),
    list: () => listCalls(stateDir, now()),
    approve: (digest, approval) =>
      approveCall(stateDir, digest, sealApproval(sealKey, digest, approval), now()),
    decline: (digest, declined) => declineCall(stateDir, digest, declined, now()),
  }
}

/** Makes the page of an origin, whose people an authority knows. Loads it with the first request. */
export async function openServiceApp(
  parts: AppParts,
  origin: string,
  authority: Authority,
): Promise<PageApp> {
  const [{ pageApp }, { openPasskeys }] = await Promise.all([
    import('../../tools/effects/approval/page/page-app.ts'),
    import('../../tools/effects/approval/page/passkeys/passkeys.ts'),
  ])
  const { settings, safeguards, log, now } = parts
  const { stateDir, audit } = safeguards
  const { auditFile } = settings
  return pageApp({
    settings,
    stateDir,
    origin: () => origin,
    rpId: () => new URL(origin).hostname,
    authority,
    passkeys: openPasskeys({ path: passkeysPath(settings), stateDir, audit, now }),
    decisions:
      auditFile === undefined
        ? undefined
        : async () => (await import('../../tools/effects/audit/show/decisions.ts')).lastDecisions(auditFile),
    store: sealingStore(parts),
    log,
    clock: now,
  })
}
