import { invalidValue, missingElement } from '../../http/api-error.ts'
import type { Call } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import { objectId, readObject } from '../element-schema.ts'
import { dataObject, readRequest } from '../request.ts'
import { pathId } from '../search.ts'

/**
 * The id in a request about one object: in the path, in the body, or in both. `bodyWins`: the launch sample
 * has two different ids, and its reply is about the one in the body.
 */
export function readObjectId(world: World, call: Call, object: string, bodyWins = false): number {
  const request = readRequest(world, call, 'data')
  const inBody = request.data && readObject(dataObject(request, object), { id: objectId }, ['id'], true).id
  return bodyWins ? (inBody ?? pathId(call) ?? failMissingId()) : resolveId(call, inBody)
}

/** The id from path and body. Throws if they differ. */
export function resolveId(call: Call, inBody: number | undefined): number {
  const inPath = pathId(call)
  if (inPath !== undefined && inBody !== undefined && inPath !== inBody) {
    throw invalidValue('id', inBody, 'Specify the same id as in the URL.')
  }
  return inPath ?? inBody ?? failMissingId()
}

function failMissingId(): never {
  throw missingElement('id')
}
