import { type Account, customerUuid, toUserReference } from '../../data/accounts.ts'
import type { Script, ScriptStatus } from '../../data/car/rows.ts'
import { requirePermission } from '../../http/permission.ts'
import { badRequest, effectEnvelope, type Reply } from '../../http/reply.ts'
import type { Call } from '../../route.ts'
import type { Knobs } from '../../state/knobs.ts'

/** A script before it is stored. */
export type Draft = Omit<Script, 'id' | 'created' | 'updatedDateTime' | 'createdBy' | 'customerUuid'>

/** A new script must be tested first, unless a user with the permission approves it at once. */
export function initialStatus(
  { account, world }: { account: Account; world: { knobs: Pick<Knobs, 'scriptApproval'> } },
  approved: boolean | undefined,
): ScriptStatus {
  if (!approved) return 'PENDING_TEST'
  requirePermission(account, 'script approve')
  return world.knobs.scriptApproval === 'given' ? 'APPROVED' : 'PENDING_APPROVAL'
}

/** The answer about a script that was created, copied or changed. */
export function scriptAnswer({ account, world }: Call, message: string, id: number, isShown: boolean): Reply {
  const { knobs, store } = world
  const script = store.scripts.find((one) => one.id === id)
  const approver = script?.status === 'APPROVED' && { approvedBy: toUserReference(account) }
  return effectEnvelope(message, {
    ...((isShown || knobs.effectIds === 'shown') && { id }),
    ...(script && knobs.scriptAnswers === 'status' && { status: script.status, ...approver }),
  })
}

/** Stores a new script and returns its id. */
export function storeScript({ account, world }: Call, draft: Draft): number {
  const { store, knobs } = world
  const own = store.scripts.filter(({ createdBy }) => createdBy.id === account.uuid)
  if (own.length >= knobs.scriptsPerUser) throw badRequest(`You can have ${knobs.scriptsPerUser} scripts`)
  const at = world.now()
  const id = Math.max(...store.scripts.map((script) => script.id)) + 1
  const script: Script = {
    ...draft,
    id,
    created: { dateTime: at },
    updatedDateTime: at,
    createdBy: toUserReference(account),
    customerUuid,
  }
  store.change(['scripts'], () => store.scripts.push(script))
  return id
}
