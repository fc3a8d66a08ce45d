import { type BodySchema, type ParsedBody, readFields } from '../http/body-schema.ts'
import { badRequest, gatewayError, Refusal } from '../http/reply.ts'
import type { Call } from '../http/route.ts'
import type { World } from '../state/world.ts'

/** The JSON object of a request. A missing body is an empty object, as in the asset-tag sample. */
export function readBody(world: World, call: Call): Readonly<Record<string, unknown>> {
  if (call.body === '') return {}
  const type = String(call.headers['content-type'] ?? '')
  if (world.knobs.strictContentType && !type.startsWith('application/json')) {
    const message = `Content type '${type}' not supported`
    throw new Refusal(gatewayError(415, message, call.path), message)
  }
  const body = parseJson(call.body)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest('The body must be a JSON object')
  }
  return body as Record<string, unknown>
}

/** The parsed body of a call with an effect. */
export function readInputs<S extends BodySchema, Mandatory extends keyof S & string = never>(
  world: World,
  call: Call,
  schema: S,
  mandatory: readonly Mandatory[] = [],
): ParsedBody<S, Mandatory> {
  return readFields(readBody(world, call), schema, mandatory, world.knobs.strictEffects)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badRequest('The body is not JSON')
  }
}
