import { invalid, required } from '../../http/api-error.ts'
import type { Call } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import { id, readObject } from '../elements.ts'
import { objectIn, readRequest } from '../request.ts'
import { idInPath } from '../search.ts'

/**
 * The id in a request about one object: in the path, in the body, or in both. `bodyWins`: the launch sample
 * has two different ids, and its answer is about the one in the body.
 */
export function namedId(world: World, call: Call, object: string, bodyWins = false): number {
  const request = readRequest(world, call, 'data')
  const inBody = request.data && readObject(objectIn(request, object), { id }, ['id'], true).id
  return bodyWins ? (inBody ?? idInPath(call) ?? missing()) : sameId(call, inBody)
}

/** The id from path and body. Throws if they differ. */
export function sameId(call: Call, inBody: number | undefined): number {
  const inPath = idInPath(call)
  if (inPath !== undefined && inBody !== undefined && inPath !== inBody) {
    throw invalid('id', inBody, 'Specify the same id as in the URL.')
  }
  return inPath ?? inBody ?? missing()
}

function missing(): never {
  throw required('id')
}
