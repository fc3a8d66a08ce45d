import type { Operation, Route } from '../../operations/operation.ts'
import { askFor, pagingOf, readBatch } from '../../session/paging/paging.ts'
import type { Payload } from '../../session/products/product.ts'
import { isObject } from '../../shared/json.ts'

/** A record as Qualys sends it, without its sort values. */
export type Row = Readonly<Record<string, unknown>>

/** The records of a list's answer. */
export function recordsIn(operation: Operation, payload: Payload): Row[] {
  const paging = pagingOf(operation, undefined)
  const { rows } = readBatch(paging, askFor(paging, undefined, 1), payload)
  return rows.map(({ record }) => record).filter(isObject)
}

interface Found {
  readonly rows: readonly Row[]
  readonly payload: Payload
}

/** What the answers so far contain: ids to ask for, and rows and totals to compare with. In memory only. */
export class Known {
  readonly #lists = new Map<string, Found>()
  readonly #held = new Map<string, Route>()

  /** Adds a good answer. The first path of an operation with such an answer counts, and its rows. */
  hold(operation: Operation, route: Route, payload: Payload | undefined): void {
    if (!this.#held.has(operation.name)) this.#held.set(operation.name, route)
    if (operation.returns !== 'rows' || payload === undefined || this.#lists.has(operation.name)) return
    this.#lists.set(operation.name, { rows: recordsIn(operation, payload), payload })
  }

  /** The path at which the operation was found. */
  route(name: string): Route | undefined {
    return this.#held.get(name)
  }

  rows(name: string): readonly Row[] {
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
