import { LRUCache } from 'lru-cache'
import { BusyError } from '../shared/errors.ts'
import { quoteIfNeeded } from '../tools/replies/cells.ts'
import { narrowCatalogue } from '../tools/server/catalogue.ts'
import { serverFactory } from '../tools/server/server.ts'
import type { ServerOptions } from '../tools/server/server-options.ts'
import type { Caller } from '../tools/tool.ts'
import type { Authorities } from './authorities.ts'
import { callerId, type ServiceCaller } from './callers/caller.ts'

// What each caller is offered and allowed: the one place where roles, toolsets and limits of callers narrow what the
// settings allow.

/** The options of a server for one caller. Every limit of the caller can only be narrower than that of the settings. */
function optionsFor(caller: ServiceCaller, base: ServerOptions): ServerOptions {
  const { name, person, knownBy, roles, toolsets, tags, maxAssetsPerRun: most } = caller
  const isNarrower = most !== undefined && most < base.configuration.settings.maxAssetsPerRun
  return {
    ...base,
    ...narrowCatalogue(base, { mayChange: roles.has('operator'), toolsets }),
    caller: {
      id: callerId(caller),
      named: { name, person, knownBy },
      ...(tags && { tags }),
      ...(isNarrower && { maxAssetsPerRun: most }),
    },
  }
}

/** The tool without which a caller runs no rollout. */
const rolloutTool = 'car_plan_rollout'

/** The caller as the authorities know them now; undefined if they let them in no more. */
function knownNow(
  { name, knownBy }: NonNullable<Caller['named']>,
  { callersFile, issuer, onlyCaller }: Authorities,
): ServiceCaller | 'as before' | undefined {
  if (knownBy === 'callers file') return callersFile?.findByName(name)
  // What somebody of an issuer may do is known from their token alone.
  if (knownBy === 'issuer') return issuer && 'as before'
  return onlyCaller
}

/**
 * Looks at a caller who proposed a rollout earlier, before their rollout runs code: their limits of now, or why they may
 * run nothing. Throws a BusyError while that cannot be known.
 */
export const callerNow =
  (authorities: Authorities, base: ServerOptions): NonNullable<ServerOptions['callerNow']> =>
  (caller) => {
    if (!caller.named) return { caller }
    const fault = authorities.callersFile?.fault()
    if (fault !== undefined) throw new BusyError(fault, 'Ask the operator of the service.')
    const found = knownNow(caller.named, authorities)
    if (found === 'as before') return { caller }
    const who = quoteIfNeeded(caller.named.name)
    if (!found) return { barred: `Caller ${who}, who proposed the rollout, has no access any more.` }
    const { caller: next, manifests } = optionsFor(found, base)
    return manifests.some(({ name }) => name === rolloutTool)
      ? { caller: next }
      : { barred: `Caller ${who}, who proposed the rollout, may run no rollouts any more.` }
  }

/** Callers whose lists are kept ready: an issuer may have any number. */
const maxKept = 500

/** Makes servers for callers. What a server lists is prepared once for each caller. */
export function serversFor(base: ServerOptions): (caller: ServiceCaller) => ReturnType<typeof serverFactory> {
  const factories = new LRUCache<string, ReturnType<typeof serverFactory>>({ max: maxKept })
  return (caller) => {
    const { expiresAt: _, roles, ...others } = caller
    const key = JSON.stringify([[...roles].sort(), others])
    const newServer = factories.get(key) ?? serverFactory(optionsFor(caller, base))
    factories.set(key, newServer)
    return newServer
  }
}
