import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, writeSync } from 'node:fs'
import { randomUUID } from '../../../shared/crypto.ts'
import { SetupError } from '../../../shared/errors.ts'
import { canonicalJson, jsonLine } from '../../../shared/json.ts'
import { systemReason, withSystemErrors } from '../../../shared/own-folder.ts'
import { type Redact, redactJson } from '../../../shared/secrets.ts'
import type { AuditCaller, AuditEvent, AuditTrail } from '../../tool.ts'
import { writingFaultOf } from './audit-file.ts'
import { hashMemberLength, hashOf, maxLineBytes } from './audit-line.ts'
import { truncate } from './truncate.ts'

type Facts = Readonly<Record<string, unknown>>

/** What a line is about: an effect, or the chain itself. */
type ChainEvent = AuditEvent | 'start' | 'end'

/** What a log is made of. */
interface AuditLogOptions {
  readonly path: string
  readonly redact: Redact
  /** What the first line of each chain says about this program. */
  readonly program?: Facts
}

/** A chain of lines: those of one process in one file. */
interface Chain {
  readonly fd: number
  readonly id: string
  seq: number
  /** Hash of the previous line. */
  prev: string
  /** A line break, if the last line of the file is cut off. */
  separator: '' | '\n'
  /** Who asked for the first effect of the chain, as its first line says. */
  readonly caller: AuditCaller
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
    'Ask the operator to name a regular file that this user alone may write, in an existing folder that nobody else may write, with room on its disk, and to start the server again; effects are refused until then.',
  )
}

function openChain(path: string, caller: AuditCaller): Chain {
  // Symbolic links are refused: whoever creates one would decide where the lines go.
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW } = constants
  const fd = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600)
  const stats = fstatSync(fd)
  const fault = stats.isFile() ? writingFaultOf(path, stats) : 'it is no regular file'
  if (fault !== undefined) {
    closeSync(fd)
    throw auditError(fault)
  }
  const last = Buffer.from('\n')
  if (stats.size > 0) readSync(fd, last, 0, 1, stats.size - 1)
  const separator = last.toString('latin1') === '\n' ? '' : '\n'
  return { fd, id: randomUUID(), seq: 0, prev: '', separator, caller, isBroken: false }
}

/** What a line has to say about its caller, since the first line of the chain names another; null for nobody. */
function otherCaller({ caller }: Chain, other: AuditCaller): Facts {
  const names = ['account', 'client', 'caller'] as const
  const differing = names.filter(
    (name) => canonicalJson(other[name] ?? null) !== canonicalJson(caller[name] ?? null),
  )
  return Object.fromEntries(differing.map((name) => [name, other[name] ?? null]))
}

/** The next line of a chain up to its hash. The facts are cut shorter and shorter until the line fits. */
function lineBeforeHash({ id, seq, prev }: Chain, event: ChainEvent, facts: Facts): string {
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
  readonly #program: Facts
  #chain: Chain | undefined
  #closed = false

  constructor({ path, redact, program = {} }: AuditLogOptions) {
    this.#path = path
    this.#redact = redact
    this.#program = program
  }

  /**
   * Appends one line, after one about this program if it is the first. Throws a SetupError if the file cannot be
   * written; nothing may be sent then.
   */
  record(event: AuditEvent, facts: Facts, caller: AuditCaller = {}): void {
    if (this.#closed) throw auditError('it was closed, since the program ends')
    withSystemErrors(
      () => {
        const chain = this.#currentChain(caller)
        if (chain.seq === 0) this.#appendLine(chain, 'start', { ...this.#program, ...caller })
        this.#appendLine(chain, event, { ...facts, ...otherCaller(chain, caller) })
      },
      (code) => auditError(systemReason(code, reasons)),
    )
  }

  /** Ends the chain. If none was started, nothing is written. */
  close(): void {
    this.#closed = true
    this.#endChain()
  }

  /** The chain of the file at the path. If the log was rotated, ends the old chain and starts a new one. */
  #currentChain(caller: AuditCaller): Chain {
    if (this.#chain) {
      const openFile = fstatSync(this.#chain.fd)
      const fileAtPath = lstatSync(this.#path, { throwIfNoEntry: false })
      if (fileAtPath?.ino !== openFile.ino || fileAtPath.dev !== openFile.dev) this.#endChain()
      else {
        const fault = writingFaultOf(this.#path, openFile)
        if (fault !== undefined) throw auditError(fault)
      }
    }
    this.#chain ??= openChain(this.#path, caller)
    return this.#chain
  }

  #appendLine(chain: Chain, event: ChainEvent, facts: Facts): void {
    const text = lineBeforeHash(chain, event, redactJson(facts, this.#redact))
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
