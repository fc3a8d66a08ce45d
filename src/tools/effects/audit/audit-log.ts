import { randomUUID } from 'node:crypto'
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, writeSync } from 'node:fs'
import { SetupError } from '../../../shared/errors.ts'
import { jsonLine } from '../../../shared/json.ts'
import { systemReason, withSystemErrors } from '../../../shared/own-folder.ts'
import { type Redact, redactJson } from '../../../shared/secrets.ts'
import type { AuditEvent, AuditTrail } from '../../tool.ts'
import { hashMemberLength, hashOf, maxLineBytes } from './audit-line.ts'

type Facts = Readonly<Record<string, unknown>>

/** A chain of lines: those of one process in one file. */
interface Chain {
  readonly fd: number
  readonly id: string
  seq: number
  /** Hash of the previous line. */
  prev: string
  /** A line break, if the last line of the file is cut off. */
  separator: '' | '\n'
  /** True if the last line was written only in part: nothing can follow it. */
  isBroken: boolean
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is a file',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a symbolic link',
  EFBIG: 'it has grown too large',
}

function auditError(reason: string): SetupError {
  return new SetupError(
    `The audit log (QUALYS_AUDIT_FILE) cannot be written: ${reason}.`,
    'Ask the operator to name a regular file in an existing folder that this user may write, with room on its disk, and to start the server again; effects are refused until then.',
  )
}

function openChain(path: string): Chain {
  // Symbolic links are refused: whoever creates one would decide where the lines go.
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW } = constants
  const fd = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600)
  const stats = fstatSync(fd)
  if (!stats.isFile()) {
    closeSync(fd)
    throw auditError('it is no regular file')
  }
  const last = Buffer.from('\n')
  if (stats.size > 0) readSync(fd, last, 0, 1, stats.size - 1)
  const separator = last.toString('latin1') === '\n' ? '' : '\n'
  return { fd, id: randomUUID(), seq: 0, prev: '', separator, isBroken: false }
}

/** The value without parts that exceed `max`: characters of a text, entries of a list or an object. */
function truncate(value: unknown, max: number): unknown {
  if (typeof value === 'string')
    return value.length > max ? `${value.slice(0, max)}… (cut, ${value.length} characters)` : value
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const entriesKept = entries.slice(0, max).map(([name, part]) => [name, truncate(part, max)] as const)
  const note = entries.length > max ? [['…', `cut, ${entries.length} entries`] as const] : []
  return Array.isArray(value)
    ? [...entriesKept, ...note].map(([, part]) => part)
    : Object.fromEntries([...entriesKept, ...note])
}

/** The next line of a chain up to its hash. The facts are cut shorter and shorter until the line fits. */
function lineBeforeHash({ id, seq, prev }: Chain, event: AuditEvent | 'end', facts: Facts): string {
  const head = { chain: id, seq, prev, time: new Date().toISOString(), event }
  const line = (what: object): string => jsonLine({ ...head, ...what }).slice(0, -1)
  const fits = (text: string): boolean => Buffer.byteLength(text) + hashMemberLength < maxLineBytes
  let text = line({ facts })
  const fullBytes = Buffer.byteLength(text)
  for (let max = 16_384; !fits(text); max >>= 2)
    text = line({ facts: truncate(facts, max), cutFrom: fullBytes })
  return text
}

/**
 * The audit log: JSON Lines in which each line holds the hash of the previous one. Lines are written in place
 * and synchronously, so that a line is in the file before the request is sent, and several processes can
 * share a file.
 */
export class AuditLog implements AuditTrail {
  readonly #path: string
  readonly #redact: Redact
  #chain: Chain | undefined
  #closed = false

  constructor(path: string, redact: Redact) {
    this.#path = path
    this.#redact = redact
  }

  /** Appends one line. Throws a SetupError if the file cannot be written; nothing may be sent then. */
  record(event: AuditEvent, facts: Facts): void {
    if (this.#closed) throw auditError('it was closed, since the program ends')
    const redactedFacts = redactJson(facts, this.#redact)
    withSystemErrors(
      () => this.#appendLine(this.#currentChain(), event, redactedFacts),
      (code) => auditError(systemReason(code, reasons)),
    )
  }

  /** Ends the chain. If none was started, nothing is written. */
  close(): void {
    this.#closed = true
    this.#endChain()
  }

  /** The chain of the file at the path. If the log was rotated, ends the old chain and starts a new one. */
  #currentChain(): Chain {
    if (this.#chain) {
      const openFile = fstatSync(this.#chain.fd)
      const fileAtPath = lstatSync(this.#path, { throwIfNoEntry: false })
      if (fileAtPath?.ino !== openFile.ino || fileAtPath.dev !== openFile.dev) this.#endChain()
    }
    this.#chain ??= openChain(this.#path)
    return this.#chain
  }

  #appendLine(chain: Chain, event: AuditEvent | 'end', facts: Facts): void {
    const text = lineBeforeHash(chain, event, facts)
    const hash = hashOf(text)
    const bytes = Buffer.from(`${chain.separator}${text},"hash":"${hash}"}\n`)
    // One write: with O_APPEND the lines of several processes never mix.
    chain.isBroken ||= writeSync(chain.fd, bytes) < bytes.length
    if (chain.isBroken) throw auditError('its disk filled up in the middle of a line')
    chain.separator = ''
    chain.seq += 1
    chain.prev = hash
  }

  #endChain(): void {
    const chain = this.#chain
    this.#chain = undefined
    if (!chain) return
    try {
      this.#appendLine(chain, 'end', {})
    } catch {
      // The program is ending, so no call can be refused. `audit verify` reports a chain without an end.
    }
    closeSync(chain.fd)
  }
}
