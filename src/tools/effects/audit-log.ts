import { createHash, randomUUID } from 'node:crypto'
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, writeSync } from 'node:fs'
import { SetupError } from '../../shared/errors.ts'
import { jsonLine } from '../../shared/json-line.ts'
import { type Redact, redacted } from '../../shared/secrets.ts'
import type { AuditEvent, AuditTrail } from '../tool.ts'

type Facts = Readonly<Record<string, unknown>>

/** Maximum bytes of a line; facts that do not fit are cut. */
export const longestLine = 64 * 1024

/**
 * A line ends in `,"hash":"…"}`. The hash covers the line without this member, so that sha256sum can check
 * it too.
 */
export const hashMember = /^,"hash":"([0-9a-f]{64})"\}$/
export const hashMemberLength = 75

/** The hash of a line, from the text before its hash. */
export function hashOf(before: string | Buffer): string {
  return createHash('sha256').update(before).update('}').digest('hex')
}

/** A chain of lines: those of one process in one file. */
interface Chain {
  readonly fd: number
  readonly id: string
  seq: number
  /** Hash of the previous line. */
  prev: string
  /** A line break, if the last line of the file is cut off. */
  before: '' | '\n'
  /** True if the last line was written only in part: nothing can follow it. */
  broken: boolean
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is a file',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a symbolic link',
  EACCES: 'this user may not write it',
  EPERM: 'this user may not write it',
  EROFS: 'its disk is read-only',
  ENOSPC: 'its disk is full',
  EDQUOT: 'its disk is full',
  EFBIG: 'it has grown too large',
}

function refusal(reason: string): SetupError {
  return new SetupError(
    `The audit log (QUALYS_AUDIT_FILE) cannot be written: ${reason}.`,
    'Ask the operator to name a regular file in an existing folder that this user may write, with room on its disk, and to start the server again; effects are refused until then.',
  )
}

function refusalOf(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  const code = String(error.code)
  return refusal(reasons[code] ?? `the system says ${code}`)
}

function begin(path: string): Chain {
  // Symbolic links are refused: whoever creates one would decide where the lines go.
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW } = constants
  const fd = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600)
  const stats = fstatSync(fd)
  if (!stats.isFile()) {
    closeSync(fd)
    throw refusal('it is no regular file')
  }
  const last = Buffer.from('\n')
  if (stats.size > 0) readSync(fd, last, 0, 1, stats.size - 1)
  const before = last.toString('latin1') === '\n' ? '' : '\n'
  return { fd, id: randomUUID(), seq: 0, prev: '', before, broken: false }
}

/** The value without parts that exceed `most`: characters of a text, entries of a list or an object. */
function cut(value: unknown, most: number): unknown {
  if (typeof value === 'string')
    return value.length > most ? `${value.slice(0, most)}… (cut, ${value.length} characters)` : value
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const kept = entries.slice(0, most).map(([name, part]) => [name, cut(part, most)] as const)
  const note = entries.length > most ? [['…', `cut, ${entries.length} entries`] as const] : []
  return Array.isArray(value)
    ? [...kept, ...note].map(([, part]) => part)
    : Object.fromEntries([...kept, ...note])
}

/** The next line of a chain up to its hash. The facts are cut shorter and shorter until the line fits. */
function beforeHash({ id, seq, prev }: Chain, event: AuditEvent | 'end', facts: Facts): string {
  const head = { chain: id, seq, prev, time: new Date().toISOString(), event }
  const line = (what: object): string => jsonLine({ ...head, ...what }).slice(0, -1)
  const fits = (text: string): boolean => Buffer.byteLength(text) + hashMemberLength < longestLine
  let text = line({ facts })
  const whole = Buffer.byteLength(text)
  for (let most = 16_384; !fits(text); most >>= 2) text = line({ facts: cut(facts, most), cutFrom: whole })
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
    if (this.#closed) throw refusal('it was closed, since the program ends')
    const said = redacted(facts, this.#redact)
    try {
      this.#append(this.#current(), event, said)
    } catch (error) {
      throw refusalOf(error)
    }
  }

  /** Ends the chain. If none was started, nothing is written. */
  close(): void {
    this.#closed = true
    this.#end()
  }

  /** The chain of the file at the path. If the log was rotated, ends the old chain and starts a new one. */
  #current(): Chain {
    if (this.#chain) {
      const ours = fstatSync(this.#chain.fd)
      const there = lstatSync(this.#path, { throwIfNoEntry: false })
      if (there?.ino !== ours.ino || there.dev !== ours.dev) this.#end()
    }
    this.#chain ??= begin(this.#path)
    return this.#chain
  }

  #append(chain: Chain, event: AuditEvent | 'end', facts: Facts): void {
    const text = beforeHash(chain, event, facts)
    const hash = hashOf(text)
    const bytes = Buffer.from(`${chain.before}${text},"hash":"${hash}"}\n`)
    // One write: with O_APPEND the lines of several processes never mix.
    chain.broken ||= writeSync(chain.fd, bytes) < bytes.length
    if (chain.broken) throw refusal('its disk filled up in the middle of a line')
    chain.before = ''
    chain.seq += 1
    chain.prev = hash
  }

  #end(): void {
    const chain = this.#chain
    this.#chain = undefined
    if (!chain) return
    try {
      this.#append(chain, 'end', {})
    } catch {
      // The program is ending, so no call can be refused. `audit verify` reports a chain without an end.
    }
    closeSync(chain.fd)
  }
}
