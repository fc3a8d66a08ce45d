import { comparableName } from '../../shared/safe-text.ts'
import type { AskedCall } from '../../tools/effects/approval/page/contract.ts'
import { type Catalogue, narrowCatalogue } from '../../tools/server/catalogue.ts'
import { callerId, type ServiceCaller } from '../callers/caller.ts'

// What a person who is logged in may see and decide (design 12, 13).

/**
 * True for one person. The operator writes persons by hand into the callers file: what reads as the same name is the same
 * person, so that a blank or a capital makes no second one.
 */
const isSamePerson = (one: string, other: string): boolean => comparableName(one) === comparableName(other)

/** True for calls of callers of a service: those of a server over stdio beside it belong to its own page. */
const isOfService = ({ record }: AskedCall): boolean => /^(?:http|oidc):/.test(record.caller)

/** What one person may do. */
interface Rights {
  /** False for a call that does not exist for them. */
  readonly sees: (call: AskedCall) => boolean
  /** Why they may not decide a call, in one sentence; undefined if they may. */
  readonly obstacle: (call: AskedCall) => string | undefined
}

/**
 * The rights of a caller. Everybody sees what they asked for themselves, by whichever of their callers; an approver what
 * others ask for of their toolsets, an admin all.
 */
export function rightsOf(caller: ServiceCaller, catalogue: Catalogue): Rights {
  const { person, roles, toolsets } = caller
  let names: ReadonlySet<string> | undefined
  const isInToolsets = ({ record: { tool } }: AskedCall): boolean => {
    if (!toolsets) return true
    names ??= new Set(
      narrowCatalogue(catalogue, { mayChange: true, toolsets }).manifests.map(({ name }) => name),
    )
    return names.has(tool)
  }
  const isOwn = (call: AskedCall): boolean =>
    call.record.caller === callerId(caller) ||
    (call.person !== undefined && isSamePerson(call.person, person))

  return {
    sees: (call) =>
      isOfService(call) &&
      (isOwn(call) || roles.has('admin') || (roles.has('approver') && isInToolsets(call))),
    obstacle: (call) => {
      if (!roles.has('approver'))
        return 'Only callers with the role approver decide calls: ask one of them, or the operator for the role.'
      // Who asks is unknown only in a file of somebody else.
      if (call.needsOther && (isOwn(call) || call.person === undefined))
        return 'Another person has to decide this call: you asked for it yourself, and the operator wants four eyes (QUALYS_FOUR_EYES).'
      return isInToolsets(call)
        ? undefined
        : 'This call is of a tool outside of your toolsets: ask another approver, or the operator for the toolset.'
    },
  }
}
