import type { Input, Operation, RequestParts, Resolved, Route } from '../../operations/operation.ts'
import { InputError } from '../../shared/errors.ts'
import type { HttpRequest, Origins } from '../http/request.ts'
import type { Codec, Product } from '../products/product.ts'

/** Paths per tool, as the operator sets them with QUALYS_ROUTES. */
export type Routes = Readonly<Record<string, Route>>

const placeholder = /\{(\w+)\}/g

/** The placeholders of a route, in order. */
export function placeholdersOf(route: string): string[] {
  return [...route.matchAll(placeholder)].map(([, name]) => name ?? '')
}

/** A value as one path segment: encoded, and never a step up the tree. */
function pathSegment(name: string, value: unknown): string {
  const text = String(value ?? '')
  if (text === '' || /^\.+$/.test(text) || /[/\\]/.test(text)) {
    throw new InputError(`${name} cannot stand in a path.`, 'Pass the id exactly as the list shows it.')
  }
  return encodeURIComponent(text)
}

/**
 * A JSON replacer that refuses unsafe numbers: JSON turns NaN into null, and ids beyond 2^53 into other ids. A
 * bigint keeps its digits.
 */
function refuseUnsafeNumber(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  throw new InputError('An id is no number that Qualys could take.', 'Pass each id as the list shows it.')
}

const isJson = (value: unknown): value is object => typeof value === 'object' && value !== null

const isDefined = ([, value]: readonly [string, unknown]): boolean => value !== undefined

/** The fields of a request: in the query for GET, in the body otherwise; without those that fill the path. */
function partsOf(
  operation: Operation,
  input: Input,
  resolved: Resolved,
  method: string,
  path: string,
): RequestParts {
  if (operation.request) return operation.request(input, resolved)
  const placeholders = placeholdersOf(path)
  const rest = Object.fromEntries(
    Object.entries(input).filter(([name]) => !placeholders.includes(name) && name !== 'sort'),
  )
  return method === 'GET' ? { query: rest } : { body: rest }
}

/** What a request is made of. */
export interface RequestSource {
  readonly operation: Operation
  readonly product: Product
  readonly input: Input
  readonly resolved: Resolved
  /** The paging fields. */
  readonly params: Input
  readonly routes: Routes
}

/** Builds the request of one operation. Pure, except for the secrets in `resolved`. */
export function buildRequest(
  { operation, product, input, resolved, params, routes }: RequestSource,
  origins: Origins,
  codec: Codec,
): HttpRequest {
  const [defaultMethod, path] = (routes[operation.name] ?? operation.route).split(' ') as [
    HttpRequest['method'],
    string,
  ]
  const parts = partsOf(operation, input, resolved, defaultMethod, path)
  const { query = {}, body, method = defaultMethod } = parts
  if (operation.effect !== 'read') JSON.stringify(body, refuseUnsafeNumber)
  const isInQuery = method === 'GET' || method === 'DELETE'
  const url = new URL(
    product.host(origins) + path.replace(placeholder, (_, name: string) => pathSegment(name, input[name])),
  )
  const inQuery = { ...query, ...(isInQuery && { ...body, ...params }) }
  for (const [name, value] of Object.entries(inQuery).filter(isDefined))
    url.searchParams.set(name, isJson(value) ? codec.write(value) : String(value))
  const headers = product.headers(operation)
  if (isInQuery) return { method, url, headers }
  const inBody = Object.entries({ ...body, ...params }).filter(isDefined)
  const fields = product.envelope(Object.fromEntries(inBody))
  return {
    method,
    url,
    headers: { ...headers, 'content-type': codec.contentType },
    body: codec.write(fields),
  }
}
