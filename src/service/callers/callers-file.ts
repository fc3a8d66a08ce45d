import { currentStamp } from '../../config/files/operator-file.ts'
import { UnusableFileError } from '../../config/secret-file.ts'
import { ownCommand } from '../../shared/command/own-command.ts'
import { sha256 } from '../../shared/crypto.ts'
import { SettingsError } from '../../shared/errors.ts'
import type { ServiceCaller } from './caller.ts'
import { callersFileSentence, readCallers } from './callers-file-reader.ts'
import { type CallerEntry, expiryOf, rolesOf } from './callers-file-schema.ts'

/** How often the file is looked at, at most. */
const lookMs = 1_000
/** A shorter token could be guessed, and found from its hash. */
const minTokenLength = 32

function callerOf(entry: CallerEntry): ServiceCaller {
  const { name, person = name, toolsets, tags, maxAssetsPerRun } = entry
  const expiresAt = expiryOf(entry)
  return {
    name,
    person,
    knownBy: 'callers file',
    roles: rolesOf(entry),
    ...(toolsets && { toolsets }),
    ...(tags && { tags }),
    ...(maxAssetsPerRun !== undefined && { maxAssetsPerRun }),
    ...(expiresAt !== undefined && { expiresAt }),
  }
}

/** The callers by the hash of their token. Throws an UnusableFileError. */
function callersByHash(callers: readonly CallerEntry[]): ReadonlyMap<string, ServiceCaller> {
  if (callers.length === 0)
    throw new UnusableFileError('holds no caller', `add one with ${ownCommand('callers add NAME')}`)
  return new Map(callers.map((entry) => [entry.sha256.toLowerCase(), callerOf(entry)]))
}

/**
 * The callers of `QUALYS_CALLERS_FILE`. The file is read again when it has changed. While it cannot be used, nobody is
 * let in: the list from before may hold a caller who was removed.
 */
export class CallersFile {
  readonly #path: string
  readonly #now: () => number
  #callers: ReadonlyMap<string, ServiceCaller> = new Map()
  #fault: string | undefined
  #stamp: string | undefined
  #lookedAt = Number.NEGATIVE_INFINITY

  /** `now`: the time of day, in ms. */
  constructor(path: string, { now = Date.now }: { readonly now?: () => number } = {}) {
    this.#path = path
    this.#now = now
  }

  /** The caller with this token; undefined if there is none, or if the token has ended. */
  find(token: string): ServiceCaller | undefined {
    return token.length < minTokenLength ? undefined : this.findByHash(sha256(token))
  }

  /** The same for the SHA-256 of a token. */
  findByHash(hash: string): ServiceCaller | undefined {
    this.#look()
    const caller = this.#callers.get(hash)
    return caller && !this.#hasEnded(caller) ? caller : undefined
  }

  /** The caller with this name; undefined if there is none, or if the token has ended. */
  findByName(name: string): ServiceCaller | undefined {
    this.#look()
    const caller = [...this.#callers.values()].find((one) => one.name === name)
    return caller && !this.#hasEnded(caller) ? caller : undefined
  }

  /** True for the token of a caller that has ended. */
  isExpired(token: string): boolean {
    const caller = this.#callerWith(token)
    return caller !== undefined && this.#hasEnded(caller)
  }

  /** Why nobody is let in at present, in one sentence; undefined if all is well. */
  fault(): string | undefined {
    this.#look()
    return this.#fault
  }

  /** Throws a SettingsError if nobody would be let in. */
  requireReadable(): void {
    const fault = this.fault()
    if (fault !== undefined) throw new SettingsError(fault)
  }

  #hasEnded({ expiresAt = Number.POSITIVE_INFINITY }: ServiceCaller): boolean {
    return expiresAt <= this.#now()
  }

  /** Found by its hash: how long that takes says nothing about a token, of which the hash cannot be chosen. */
  #callerWith(token: string): ServiceCaller | undefined {
    this.#look()
    return token.length < minTokenLength ? undefined : this.#callers.get(sha256(token))
  }

  #look(): void {
    const now = this.#now()
    // The clock may have been set back.
    if (now >= this.#lookedAt && now - this.#lookedAt < lookMs) return
    this.#lookedAt = now
    if (this.#stamp !== undefined && currentStamp(this.#path) === this.#stamp) return
    try {
      const { content, stamp } = readCallers(this.#path)
      this.#callers = callersByHash(content.callers)
      this.#stamp = stamp
      this.#fault = undefined
    } catch (error) {
      if (!(error instanceof UnusableFileError)) throw error
      this.#callers = new Map()
      this.#stamp = undefined
      this.#fault = callersFileSentence(error)
    }
  }
}
