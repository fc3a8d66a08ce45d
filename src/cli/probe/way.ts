import type { Operation } from '../../operations/operation.ts'
import { pageRequestFor, pagingOf } from '../../session/paging/paging.ts'
import type { AnswerStore, RawRecord } from './answer-store.ts'
import type { Probe, ProbeRequest } from './probe.ts'

/** The parameters of the first page of a list, with this many rows. */
export const firstPage = (operation: Operation, rowCount: number) =>
  pageRequestFor(pagingOf(operation, undefined), undefined, rowCount).params

/** The ids of rows, as they were received. */
export const idsOf = (rows: readonly RawRecord[]): unknown[] => rows.map((row) => row['id'])

/** A probe of a form of requests. Without a request to send, there is nothing to compare with. */
export function way(
  operation: Operation,
  about: string,
  request: (store: AnswerStore) => ProbeRequest | undefined,
  check?: NonNullable<Probe['check']>,
): Probe {
  const prepare: Probe['prepare'] = (store) => request(store) ?? 'nothingToCompare'
  return { kind: 'way', operation, about, prepare, ...(check && { check }) }
}
