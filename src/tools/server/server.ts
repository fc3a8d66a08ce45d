import type { Server } from '@modelcontextprotocol/server'
import { pendingResources } from '../effects/approval/pending/pending-resource.ts'
import { exportResources } from '../exports/resource.ts'
import { promptsOf, resourcesOf } from '../guides/offers.ts'
import { promptHandlers } from './handlers/prompt-handlers.ts'
import { resourceHandlers } from './handlers/resource-handlers.ts'
import { toolHandlers } from './handlers/tool-handlers.ts'
import { IdentifiedServer, identity } from './identity.ts'
import { instructionsFor } from './instructions.ts'
import type { ServerOptions } from './server-options.ts'

const cachedFor = (count: number) => ({ ttlMs: count * 60_000, cacheScope: 'private' as const })

/** Lists change only with the settings; exports come and go. */
const cacheHints = {
  'tools/list': cachedFor(5),
  'prompts/list': cachedFor(5),
  'resources/templates/list': cachedFor(5),
  'resources/list': cachedFor(1),
  'server/discover': cachedFor(5),
} as const

const unannounced = { listChanged: false }

/** Nothing announces a change: lists follow the settings, and clients ask again for exports. */
const capabilities = {
  tools: unannounced,
  prompts: unannounced,
  resources: unannounced,
  completions: {},
}

/**
 * Makes servers with the given tools: the same for every transport and both protocol eras. What they list is prepared
 * once.
 */
export function serverFactory(options: ServerOptions): () => Server {
  const { manifests, configuration } = options
  const guides = resourcesOf(options)
  const canWait =
    configuration.settings.mode === 'confirm' && manifests.some(({ effect }) => effect !== 'read')
  const resources = {
    ...guides,
    templates: [
      ...guides.templates,
      ...(manifests.some(({ name }) => name === 'qualys_export') ? [exportResources(options)] : []),
      ...(canWait ? [pendingResources(options)] : []),
    ],
  }
  const handlers = [toolHandlers(options), promptHandlers(promptsOf(options)), resourceHandlers(resources)]
  const serverOptions = { instructions: instructionsFor(options), cacheHints, capabilities }
  return () => {
    const server = new IdentifiedServer(identity, serverOptions)
    for (const addHandlers of handlers) addHandlers(server)
    return server
  }
}
