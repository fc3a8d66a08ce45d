import { createHash, randomBytes } from 'node:crypto'

/** What an export may be written as. */
export type Format = 'csv' | 'jsonl'

/** The MIME type of each format. */
export const mimeTypes: Readonly<Record<Format, string>> = {
  csv: 'text/csv',
  jsonl: 'application/x-ndjson',
}

/** `rows` and `state` are an export that goes on; what ends in `-new` is being written. */
type Ending = Format | 'csv-new' | 'rows' | 'state' | 'state-new'

/** What a file of the folder says by its name. */
export interface ExportName {
  readonly name: string
  /** The name without its ending: the same for all files of one export. */
  readonly stem: string
  readonly tool: string
  /** When it began, `20261122T101500Z`. */
  readonly at: string
  readonly owner: string
  readonly ending: Ending
}

/** Names that we give, and nothing else: no other file is ever looked at, nor any other folder. */
const pattern =
  /^(([a-z][a-z0-9_]{2,39})-(\d{8}T\d{6}Z)-([0-9a-f]{8})-[0-9a-f]{6})\.(csv|jsonl|csv-new|rows|state|state-new)$/

/** Reads a name; undefined where it is none of ours. */
export function readName(name: string): ExportName | undefined {
  const [, stem = '', tool = '', at = '', owner = '', ending = ''] = pattern.exec(name) ?? []
  return stem === '' ? undefined : { name, stem, tool, at, owner, ending: ending as Ending }
}

/** A few letters that stand for an account: what one account wrote is not shown to another. */
export function ownerOf(identity: string): string {
  return createHash('sha256').update(identity).digest('hex').slice(0, 8)
}

/** The name of a new export, without an ending. */
export function newStem(tool: string, owner: string, now = new Date()): string {
  const at = now.toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '')
  return `${tool}-${at}-${owner}-${randomBytes(3).toString('hex')}`
}

/** Where a client reads a finished export. */
export function uriOf(name: string): string {
  return `qualys://exports/${name}`
}
