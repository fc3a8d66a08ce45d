import { languages, scriptTypes } from '../data/car/content/languages.ts'
import type { Script } from '../data/car/rows.ts'
import { attachment, badRequest, enveloped, notFound } from '../http/reply.ts'
import { type Call, documented, guessed, type RouteTable } from '../http/route.ts'
import type { World } from '../state/world.ts'
import { collect, search } from './search.ts'
import { scriptTokens } from './tokens.ts'

/** Scripts, script types and script languages. */
export function scriptRoutes(world: World): RouteTable {
  const { store } = world
  const scripts = collect(world, 'scripts', { tokens: scriptTokens, rows: () => store.scripts })
  return {
    'POST /sm/v1/scripts/search': guessed(
      search(world, {
        collection: scripts,
        takes: ['filter', 'pageSize', 'pageNumber', 'sort'],
        shape: 'flat',
        show: ({ content: _, ...row }) => row,
      }),
      'script view',
    ),
    'GET /sm/v1/scripts/{scriptId}': guessed(
      (call) => enveloped(scriptById(store.scripts, call.params['scriptId'] ?? '')),
      'script view',
    ),
    'GET /sm/v1/scripts/export': documented((call) => exported(store.scripts, call), 'script export'),
    'GET /sm/v1/script-types': documented(() => listed(scriptTypes), 'script view'),
    'GET /sm/v1/script-language': documented(
      () => listed(languages.map(({ id, name, platform }) => ({ id, name, platform }))),
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

function exported(scripts: Script[], call: Call) {
  const ids = (call.query['ids'] ?? '').split(',').filter((id) => id !== '')
  if (ids.length === 0) throw badRequest("Required parameter 'ids' is not present")
  if (ids.some((id) => !/^\d+$/.test(id))) throw badRequest('ids must be numbers')
  const found = ids.map((id) => scriptById(scripts, id))
  return attachment(JSON.stringify(found, undefined, 2), 'application/json', 'scripts.json')
}

function listed(list: readonly object[]) {
  return enveloped({ totalCount: list.length, list })
}
