import { type Read, readFields, type Shape } from '../http/body-schema.ts'
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
  const body = parsed(call.body)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest('The body must be a JSON object')
  }
  return body as Record<string, unknown>
}

/** The parsed body of a call with an effect. */
export function readInputs<S extends Shape, Must extends keyof S & string = never>(
  world: World,
  call: Call,
  shape: S,
  must: readonly Must[] = [],
): Read<S, Must> {
  return readFields(readBody(world, call), shape, must, world.knobs.strictEffects)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badRequest('The body is not JSON')
  }
}
