import type { Row } from '../answer.ts'

/**
 * A row that was read as soon as it was parsed: its parts are then in the cache of the processor, and the raw row is
 * dropped before the rest of the answer comes.
 */
export class EarlyRow {
  readonly row: Row

  constructor(row: Row) {
    this.row = row
  }

  /** The cursor of a list may be the id of a raw row. */
  get id(): unknown {
    return this.row['id']
  }
}

/** Reads a raw row early; undefined if only all rows of its answer together show how it is read. */
export type ReadEarly = (raw: unknown) => EarlyRow | undefined
