import { type BodySchema, readFields } from '../http/body-schema.ts'
import type { Parsed } from '../http/input.ts'
import { badRequest, gatewayError, Refusal } from '../http/reply.ts'
import type { Call } from '../route.ts'

/** The JSON object of a request. A missing body is an empty object, as in the asset-tag sample. */
export function readBody({ body: text, headers, path, world }: Call): Readonly<Record<string, unknown>> {
  if (text === '') return {}
  const type = String(headers['content-type'] ?? '')
  if (world.knobs.strictContentType && !type.startsWith('application/json')) {
    const message = `Content type '${type}' not supported`
    throw new Refusal(gatewayError(415, message, path), message)
  }
  const body = parseJson(text)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest('The body must be a JSON object')
  }
  return body as Record<string, unknown>
}

/** The parsed body of a call with an effect. */
export function readInputs<S extends BodySchema, Mandatory extends keyof S & string = never>(
  call: Call,
  schema: S,
  mandatory: readonly Mandatory[] = [],
): Parsed<S, Mandatory> {
  return readFields(readBody(call), schema, mandatory, call.world.knobs.strictEffects)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badRequest('The body is not JSON')
  }
}
