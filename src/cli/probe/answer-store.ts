import type { Operation } from '../../operations/operation.ts'
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

/** The first answer of an operation, and the operation with the route that was found. */
interface FirstAnswer {
  readonly operation: Operation
  readonly payload: Payload | undefined
}

/** The answers so far: ids to ask for, and rows and totals to compare with. In memory only. */
export class AnswerStore {
  readonly #answers = new Map<string, FirstAnswer>()

  /** Adds an answer in the declared form. Only the first one of an operation counts. */
  add(operation: Operation, payload: Payload | undefined): void {
    if (!this.#answers.has(operation.name)) this.#answers.set(operation.name, { operation, payload })
  }

  find(name: string): FirstAnswer | undefined {
    return this.#answers.get(name)
  }

  rows(name: string): readonly RawRecord[] {
    const { operation, payload } = this.find(name) ?? {}
    return operation && payload?.rows ? recordsIn(operation, payload) : []
  }

  /** The first value of a field that can be an id. */
  value(name: string, field: string): string | undefined {
    const found = this.rows(name)
      .map((row) => row[field])
      .find((value) => typeof value === 'number' || (typeof value === 'string' && value !== ''))
    return found === undefined ? undefined : String(found)
  }
}
