import type { Operation } from '../../operations/operation.ts'
import type { Redact } from '../../shared/secrets.ts'
import type { ProductFacts } from '../failures/classify.ts'
import type { Refusal } from '../failures/refusal.ts'
import type { Origins } from '../http/request.ts'
import type { BodyParser, HttpResponse } from '../http/response.ts'
import type { ReadEarly } from '../records/early-row.ts'

/** The content of an answer without the product's envelope. */
export interface Payload {
  readonly rows?: readonly unknown[]
  readonly total?: number
  /** True if more rows follow; absent if the product does not say. */
  readonly hasMore?: boolean
  readonly record?: unknown
}

/** An answer with a status below 300; `value` is undefined if it is not in the product's format. */
export interface Success {
  readonly status: number
  readonly text: string
  readonly value: unknown
}

/** Converts request and answer bodies. */
export interface Codec {
  readonly contentType: string
  readonly write: (body: object) => string
  /** The value of an answer to an operation, or a promise of it; undefined if the answer is in another format. */
  readonly read: (response: HttpResponse, operation: Operation, signal?: AbortSignal) => unknown
  /**
   * Opens a parser for an answer that is parsed while it comes; absent if answers are parsed as a whole. `readEarly`: the
   * rows are read as well, all of them or none.
   */
  readonly openParser?: (readEarly?: ReadEarly) => BodyParser
}

/** All that differs between the two products on the wire. */
export interface Product extends ProductFacts {
  /** Throws a SetupError if the product has no host. */
  readonly host: (origins: Origins) => string
  readonly headers: (operation: Operation) => Readonly<Record<string, string>>
  readonly codec: () => Promise<Codec>
  /** Wraps the fields of a request in the product's format. */
  readonly envelope: (fields: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
  readonly unwrap: (response: Success, operation: Operation) => Payload
  /** Throws if the answer to a download is not a file. */
  readonly checkFile: (response: Success, mediaType: string, operation: Operation, redact: Redact) => void
  /** The refusal in an answer; undefined for a success. */
  readonly refusal: (value: unknown, status: number, operation: Operation) => Refusal | undefined
}
