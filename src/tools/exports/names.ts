import { randomBytes, sha256 } from '../../shared/crypto.ts'
import { type Caller, localCaller } from '../tool.ts'

/** The formats of an export. */
export type Format = 'csv' | 'jsonl'

/** The media type of each format. */
export const mimeTypes: Readonly<Record<Format, string>> = {
  csv: 'text/csv',
  jsonl: 'application/x-ndjson',
}

/** The parts of a file's name. */
export interface ExportName {
  readonly name: string
  readonly tool: string
  /** When it was started, `20261122T101500Z`. */
  readonly startedAt: string
  readonly owner: string
  /** Undefined for a temporary file. */
  readonly format: Format | undefined
}

/**
 * The only names that are used: no other file and no other folder is ever read. `rows` is a temporary
 * file; earlier versions also wrote `csv-new`, `state` and `state-new`.
 */
const namePattern =
  /^([a-z][a-z0-9_]{2,39})-(\d{8}T\d{6}Z)-([0-9a-f]{8})-[0-9a-f]{6}\.(?:(csv|jsonl)|rows|csv-new|state|state-new)$/

/** Parses a name; undefined if it is not the name of an export. */
export function parseName(name: string): ExportName | undefined {
  const [, tool, startedAt = '', owner = '', format] = namePattern.exec(name) ?? []
  return tool === undefined
    ? undefined
    : { name, tool, startedAt, owner, format: format as Format | undefined }
}

/** A short hash of an account and a caller: exports of one are not shown to another. */
export function ownerOf(identity: string, { id }: Caller): string {
  return sha256(id === localCaller.id ? identity : JSON.stringify([identity, id])).slice(0, 8)
}

/** The name of a new export, without an extension. */
export function newStem(tool: string, owner: string, now = new Date()): string {
  const startedAt = now.toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '')
  return `${tool}-${startedAt}-${owner}-${randomBytes(3).toString('hex')}`
}

/** Maximum bytes of a file that is read as one resource. */
export const maxReadBytes = 1_048_576

/** The URI at which a client reads a finished export. */
export function uriOf(name: string): string {
  return `qualys://exports/${name}`
}
