import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { currentStamp, readOperatorFile } from '../../../../../config/files/operator-file.ts'
import { UnusableFileError } from '../../../../../config/secret-file.ts'
import { replaceFile } from '../../../../../shared/atomic-file.ts'
import { SetupError } from '../../../../../shared/errors.ts'
import { parseJson } from '../../../../../shared/json.ts'
import { systemErrorCode, systemReason, withSystemErrors } from '../../../../../shared/own-folder.ts'
import { withFileLock } from './file-lock.ts'
import { refuseFoldersOfOthers, refuseWritersOf } from './file-owners.ts'
import { credentialIdSchema } from './passkey-schema.ts'
import { signatureRefusals } from './refusals.ts'

// The counters that were seen last. They are apart from the file of passkeys, which the server may not be able to write.

const maxBytes = 1024 * 1024

const schema = z.strictObject({
  counters: z.record(credentialIdSchema, z.int().min(0).max(0xffffffff)),
})

/** Counters by credential id. */
type Counters = Readonly<Record<string, number>>

interface ReadCounters {
  readonly counters: Counters
  /** Undefined if there is no file. */
  readonly stamp: string | undefined
}

const setupError = (what: string, next: string): SetupError =>
  new SetupError(
    `No passkey counts, since the counters of passkeys (passkey-counters.json in QUALYS_STATE_DIR) ${what}.`,
    next,
  )

function read(path: string): ReadCounters {
  try {
    if (!statSync(path, { throwIfNoEntry: false })) return { counters: {}, stamp: undefined }
    refuseFoldersOfOthers(path)
    const { text, stamp } = readOperatorFile(path, {
      maxBytes,
      ifMissing: 'try again',
      refuse: refuseWritersOf,
    })
    const { data } = schema.safeParse(parseJson(text))
    if (data) return { counters: data.counters, stamp }
  } catch (error) {
    if (!(error instanceof UnusableFileError)) throw error
    throw setupError(error.message, `${error.next.charAt(0).toUpperCase()}${error.next.slice(1)}.`)
  }
  throw setupError(
    'are damaged',
    'Remove that file: counters then begin again with those of the file of passkeys.',
  )
}

/** Works on the file. Throws a SetupError instead of an error of the system. */
async function withFile<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === undefined) throw error
    const reason = systemReason(code, { ENOENT: 'their folder does not exist' })
    throw setupError(`cannot be used, since ${reason}`, 'Name a state folder that this user may write.')
  }
}

/** The counters in a state folder, which several processes may share. */
export class PasskeyCounters {
  readonly #stateDir: string
  readonly #path: string

  constructor(stateDir: string) {
    this.#stateDir = stateDir
    this.#path = join(stateDir, 'passkey-counters.json')
  }

  /** The counters by credential id. Throws a SetupError. */
  all(): Counters {
    return withSystemErrors(
      () => read(this.#path).counters,
      (code) => setupError(`cannot be read, since ${systemReason(code, {})}`, 'Check its permissions.'),
    )
  }

  /**
   * Takes the counter of a good signature. `least`: the one in the file of passkeys. Throws an InputError unless it is
   * above the last one; keys that never count stay at 0. Throws a SetupError if it cannot be kept.
   */
  take(credentialId: string, counter: number, least: number): Promise<void> {
    return withFile(async () => {
      if (counter === 0) {
        this.#check(credentialId, counter, least)
        return
      }
      mkdirSync(this.#stateDir, { recursive: true, mode: 0o700 })
      await withFileLock(`${this.#path}.lock`, () => {
        const { counters, stamp } = this.#check(credentialId, counter, least)
        const text = `${JSON.stringify({ counters: { ...counters, [credentialId]: counter } })}\n`
        if (!replaceFile(this.#path, text, () => currentStamp(this.#path) === stamp))
          throw setupError('were changed by another program just now', 'Try again.')
      })
    })
  }

  #check(credentialId: string, counter: number, least: number): ReadCounters {
    const file = read(this.#path)
    const last = Math.max(least, file.counters[credentialId] ?? 0)
    if (counter <= last && last > 0) throw signatureRefusals.counterBack(counter, last)
    return file
  }
}
