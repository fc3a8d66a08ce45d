import { LRUCache } from 'lru-cache'
import { narrowCatalogue } from '../tools/server/catalogue.ts'
import { serverFactory } from '../tools/server/server.ts'
import type { ServerOptions } from '../tools/server/server-options.ts'
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
