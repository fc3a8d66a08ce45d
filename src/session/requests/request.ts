import type { Mapped, Operation, Provided, Route } from '../../operations/operation.ts'
import { InputError } from '../../shared/errors.ts'
import type { Origins, Request } from '../http/request.ts'
import type { Codec } from '../products/product.ts'
import { productOf } from '../products/product-of.ts'

/** Paths per tool, as the operator sets them with QUALYS_ROUTES. */
export type Routes = Readonly<Record<string, Route>>

const hole = /\{(\w+)\}/g

/** The placeholders of a route, in order. */
export function holesOf(route: string): string[] {
  return [...route.matchAll(hole)].map(([, name]) => name ?? '')
}

/** A value as one path segment: encoded, and never a step up the tree. */
function segment(name: string, value: unknown): string {
  const text = String(value ?? '')
  if (text === '' || /^\.+$/.test(text) || /[/\\]/.test(text)) {
    throw new InputError(`${name} cannot stand in a path.`, 'Pass the id exactly as the list shows it.')
  }
  return encodeURIComponent(text)
}

/**
 * A JSON replacer that refuses unsafe numbers: JSON turns NaN into null, and ids beyond 2^53 into other ids.
 */
function sound(_name: string, value: unknown): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  throw new InputError('An id is no number that Qualys could take.', 'Pass each id as the list shows it.')
}

const isGiven = ([, value]: readonly [string, unknown]): boolean => value !== undefined

/** The fields of a request: in the query for GET, in the body otherwise; without those that fill the path. */
function mapped(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  provided: Provided,
  method: string,
  path: string,
): Mapped {
  if (operation.request) return operation.request(input, provided)
  const holes = holesOf(path)
  const rest = Object.fromEntries(
    Object.entries(input).filter(([name]) => !holes.includes(name) && name !== 'sort'),
  )
  return method === 'GET' ? { query: rest } : { body: rest }
}

/**
 * Builds the request of one operation. `paging` holds the paging fields. Pure, except for the secrets in
 * `provided`.
 */
export function buildRequest(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  provided: Provided,
  paging: Readonly<Record<string, unknown>>,
  origins: Origins,
  routes: Routes,
  codec: Codec,
): Request {
  const [usual, path] = (routes[operation.name] ?? operation.route).split(' ') as [Request['method'], string]
  const product = productOf(operation)
  const { query = {}, body, method = usual } = mapped(operation, input, provided, usual, path)
  if (operation.effect !== 'read') JSON.stringify(body, sound)
  const onQuery = method === 'GET' || method === 'DELETE'
  const url = new URL(
    product.host(origins) + path.replace(hole, (_, name: string) => segment(name, input[name])),
  )
  for (const [name, value] of Object.entries({ ...query, ...(onQuery && { ...body, ...paging }) }).filter(
    isGiven,
  )) {
    url.searchParams.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value))
  }
  const headers = product.headers(operation)
  if (onQuery) return { method, url, headers }
  const fields = product.envelope(Object.fromEntries(Object.entries({ ...body, ...paging }).filter(isGiven)))
  const { contentType, write } = codec
  return { method, url, headers: { ...headers, 'content-type': contentType }, body: write(fields) }
}
