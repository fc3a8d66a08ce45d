import { languages, scriptTypes } from '../data/car/content/languages.ts'
import type { Script } from '../data/car/rows.ts'
import { attachment, badRequest, gatewayError, notFound, type Reply, resultEnvelope } from '../http/reply.ts'
import { type Call, documented, guessed, type RouteTable } from '../route.ts'
import type { World } from '../state/world.ts'
import { scripts } from './collections.ts'
import { exportFile } from './export-file.ts'
import { makeSearchHandler } from './search.ts'

const languageRecords = languages.map(({ id, name, platform }) => ({ id, name, platform }))

/** Scripts, script types and script languages. */
export const scriptRoutes: RouteTable = {
  'POST /sm/v1/scripts/search': guessed(
    'No page; a documented paging example filters scripts by status.',
    makeSearchHandler({
      collection: scripts,
      allowedFields: ['filter', 'pageSize', 'pageNumber', 'sort'],
      itemFormat: 'flat',
      toWire: ({ content: _, ...row }) => row,
    }),
    'script view',
  ),
  'GET /sm/v1/scripts/{scriptId}': guessed(
    'No page; an unofficial client calls it.',
    showScript,
    'script view',
  ),
  'GET /sm/v1/scripts/export': documented(exportScripts, 'script export'),
  'GET /sm/v1/script-types': documented(() => listReply(scriptTypes), 'script view'),
  'GET /sm/v1/script-language': documented(() => listReply(languageRecords), 'script view'),
}

/** The script in a path. Throws a 404 for an unknown id. */
export function scriptOf({ world, params: { scriptId = '' } }: Call): Script {
  return scriptById(world, scriptId)
}

function scriptById({ store }: World, id: string): Script {
  const script = store.scripts.find((candidate) => String(candidate.id) === id)
  if (!script) throw notFound(`Script not found: ${id}`)
  return script
}

function showScript(call: Call): Reply {
  const script = scriptOf(call)
  if (call.world.knobs.scriptContent === 'shown') return resultEnvelope(script)
  const { content: _, ...withoutContent } = script
  return resultEnvelope(withoutContent)
}

function exportScripts({ query, world, path }: Call): Reply {
  const { scriptExports } = world.knobs
  if (scriptExports === 'gone') return gatewayError(404, 'No message available', path)
  const ids = (query['ids'] ?? '').split(',').filter((id) => id !== '')
  if (ids.length === 0) throw badRequest("Required parameter 'ids' is not present")
  if (ids.some((id) => !/^\d+$/.test(id))) throw badRequest('ids must be numbers')
  const selected = ids.map((id) => scriptById(world, id))
  const { bytes, type, name } = exportFile(selected, scriptExports)
  return attachment(bytes, type, name)
}

function listReply(list: readonly object[]): Reply {
  return resultEnvelope({ totalCount: list.length, list })
}
