import type { Operation, Route } from '../../operations/operation.ts'
import { pageRequestFor, pagingOf, readPage } from '../../session/paging/paging.ts'
import type { Payload } from '../../session/products/product.ts'
import { isObject } from '../../shared/json.ts'

/** A record as Qualys sends it, without its sort values. */
export type RawRecord = Readonly<Record<string, unknown>>

/** The records of a list's answer. */
export function recordsIn(operation: Operation, payload: Payload): RawRecord[] {
  const paging = pagingOf(operation, undefined)
  const { rows } = readPage(paging, pageRequestFor(paging, undefined, 1), payload)
  return rows.map(({ record }) => record).filter(isObject)
}

/** The first answer of a list. */
interface ListAnswer {
  readonly rows: readonly RawRecord[]
  readonly payload: Payload
}

/** The answers so far: ids to ask for, and rows and totals to compare with. In memory only. */
export class AnswerStore {
  readonly #lists = new Map<string, ListAnswer>()
  readonly #routes = new Map<string, Route>()

  /** Adds an answer in the declared form. Only the first one of an operation counts: its route, and its rows. */
  add(operation: Operation, route: Route, payload: Payload | undefined): void {
    if (!this.#routes.has(operation.name)) this.#routes.set(operation.name, route)
    if (operation.returns !== 'rows' || payload === undefined || this.#lists.has(operation.name)) return
    this.#lists.set(operation.name, { rows: recordsIn(operation, payload), payload })
  }

  /** The route at which the operation was found. */
  route(name: string): Route | undefined {
    return this.#routes.get(name)
  }

  rows(name: string): readonly RawRecord[] {
    return this.#lists.get(name)?.rows ?? []
  }

  payload(name: string): Payload | undefined {
    return this.#lists.get(name)?.payload
  }

  /** The first value of a field that can be an id. */
  value(name: string, field: string): string | undefined {
    const values = this.rows(name).map((row) => row[field])
    const found = values.find(
      (value) => typeof value === 'number' || (typeof value === 'string' && value !== ''),
    )
    return found === undefined ? undefined : String(found)
  }
}
