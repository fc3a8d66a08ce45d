import { languages, scriptTypes } from '../data/car/content/languages.ts'
import type { Script } from '../data/car/rows.ts'
import { attachment, badRequest, notFound, resultEnvelope } from '../http/reply.ts'
import { type Call, documented, guessed, type RouteTable } from '../http/route.ts'
import type { World } from '../state/world.ts'
import { scriptTokens } from './filter-tokens.ts'
import { makeCollection, makeSearchHandler } from './search.ts'

/** Scripts, script types and script languages. */
export function scriptRoutes(world: World): RouteTable {
  const { store } = world
  const scripts = makeCollection(world, 'scripts', { tokens: scriptTokens, rows: () => store.scripts })
  return {
    'POST /sm/v1/scripts/search': guessed(
      makeSearchHandler(world, {
        collection: scripts,
        allowedFields: ['filter', 'pageSize', 'pageNumber', 'sort'],
        itemFormat: 'flat',
        toWire: ({ content: _, ...row }) => row,
      }),
      'script view',
    ),
    'GET /sm/v1/scripts/{scriptId}': guessed(
      (call) => resultEnvelope(scriptById(store.scripts, call.params['scriptId'] ?? '')),
      'script view',
    ),
    'GET /sm/v1/scripts/export': documented((call) => exportScripts(store.scripts, call), 'script export'),
    'GET /sm/v1/script-types': documented(() => listReply(scriptTypes), 'script view'),
    'GET /sm/v1/script-language': documented(
      () => listReply(languages.map(({ id, name, platform }) => ({ id, name, platform }))),
      'script view',
    ),
  }
}

/** The script with this id. Throws a 404 for an unknown id. */
export function scriptById(scripts: readonly Script[], id: string): Script {
  const script = scripts.find((candidate) => String(candidate.id) === id)
  if (!script) throw notFound(`Script not found: ${id}`)
  return script
}

function exportScripts(scripts: Script[], call: Call) {
  const ids = (call.query['ids'] ?? '').split(',').filter((id) => id !== '')
  if (ids.length === 0) throw badRequest("Required parameter 'ids' is not present")
  if (ids.some((id) => !/^\d+$/.test(id))) throw badRequest('ids must be numbers')
  const selected = ids.map((id) => scriptById(scripts, id))
  return attachment(JSON.stringify(selected, undefined, 2), 'application/json', 'scripts.json')
}

function listReply(list: readonly object[]) {
  return resultEnvelope({ totalCount: list.length, list })
}
