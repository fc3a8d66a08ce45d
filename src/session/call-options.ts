import type { Resolved } from '../operations/operation.ts'
import type { DerivedRows } from '../operations/reads/derived-rows.ts'
import type { RowSelection } from './paging/collect.ts'
import type { WalkOptions } from './paging/walk.ts'

/** Validated arguments of a tool: the operation's own, and those for paging. */
export type Arguments = Readonly<Record<string, unknown>>

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** Called with the number of rows scanned so far. */
  readonly onProgress?: ((scanned: number, total: number | undefined) => void) | undefined
  /** True to read the rows while the answer is parsed, where that can be. */
  readonly readsEarly?: boolean
  /** May drop rows; the list is then scanned over many pages. */
  readonly selection?: RowSelection | undefined
  /** Called just before the request is sent. If it throws, the call stops. */
  readonly onBeforeSend?: ((isRepeated?: boolean) => void) | undefined
  /** Called once its connection is open, right before the request is written. If it throws, nothing is sent. */
  readonly onBeforeWrite?: (() => void) | undefined
  /** What the references and secrets of this call resolved to, if they were resolved before. */
  readonly resolved?: Resolved
  /** Reads the rows of a list that no single request brings. Called unless they were read for an earlier page. */
  readonly derive?: (() => Promise<DerivedRows>) | undefined
}

/** How a list is walked. `derived`: the rows of one that no single request brings. */
export interface ListWalkOptions extends CallOptions, WalkOptions {
  readonly derived?: DerivedRows | undefined
}

/** How a probe is sent. */
export interface ProbeOptions {
  readonly signal?: AbortSignal
  /** The paging fields: page size, sort, cursor. */
  readonly params?: Arguments
}
