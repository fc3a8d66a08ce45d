import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { jsonFault } from '../../../../../config/files/json-fault.ts'
import {
  currentStamp,
  fileBehind,
  type OperatorFile,
  readOperatorFile,
  writeOperatorFile,
} from '../../../../../config/files/operator-file.ts'
import { UnusableFileError } from '../../../../../config/secret-file.ts'
import { SetupError } from '../../../../../shared/errors.ts'
import { parseJson } from '../../../../../shared/json.ts'
import { systemErrorCode } from '../../../../../shared/own-folder.ts'
import { ownUserId } from '../../../../../shared/own-user.ts'
import { refuseFoldersOfOthers, refuseWritersOf } from './file-owners.ts'
import {
  type Passkey,
  type PasskeysFileContent,
  passkeySchema,
  passkeysFileSchema,
} from './passkey-schema.ts'

/** Thousands of keys. */
const maxBytes = 4 * 1024 * 1024
/** The server that reads it may be of another user than the command that writes it. */
const newFileMode = 0o644

const form = { file: passkeysFileSchema, entry: passkeySchema, list: 'passkeys', name: 'person' }

/** What is said of a file that cannot be used. */
type Sentence = (fault: string) => string

const unreadable: Sentence = (fault) =>
  `No passkey counts, since the file of passkeys (QUALYS_PASSKEYS_FILE) ${fault}.`
const unchanged: Sentence = (fault) =>
  `Nothing was changed, since the file of passkeys (QUALYS_PASSKEYS_FILE) ${fault}.`

const setupError = ({ message, next }: UnusableFileError, sentence: Sentence): SetupError =>
  new SetupError(sentence(message), `${next.charAt(0).toUpperCase()}${next.slice(1)}.`)

/** Works on the file. Throws its fault as a SetupError. */
function withFile<T>(sentence: Sentence, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof UnusableFileError) throw setupError(error, sentence)
    // Of the folders, which are looked at first.
    if (systemErrorCode(error) === undefined) throw error
    const advice = 'check the path and its permissions'
    throw setupError(new UnusableFileError('cannot be read', advice), sentence)
  }
}

/** The passkeys in a text of JSON. Throws an UnusableFileError, which names the first fault. */
function parsePasskeys(text: string): PasskeysFileContent {
  const value = parseJson(text)
  if (value === undefined) throw new UnusableFileError('is no JSON', 'correct it')
  const { error } = passkeysFileSchema.safeParse(value)
  // As it was written, since zod gives members in the order of its own.
  if (!error) return value as PasskeysFileContent
  const [issue] = error.issues
  throw new UnusableFileError(
    `cannot be used: ${issue ? jsonFault(value, issue, form) : 'its form is wrong'}`,
    'correct it',
  )
}

interface ReadFile extends OperatorFile {
  readonly content: PasskeysFileContent
}

function isMissing(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) === undefined
}

function read(path: string): ReadFile {
  const file = readOperatorFile(path, { maxBytes, ifMissing: 'check the path', refuse: refuseWritersOf })
  return { ...file, content: parsePasskeys(file.text) }
}

const mayUse = (path: string, mode: number): boolean => {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

/** The file of the passkeys that count. */
export class PasskeysFile {
  readonly #path: string
  readonly #stateDir: string
  #known: { readonly stamp: string; readonly passkeys: readonly Passkey[] } | undefined

  constructor(path: string, stateDir: string) {
    this.#path = path
    this.#stateDir = stateDir
  }

  /**
   * The passkeys in it; none if there is no file. It is read again when it has changed. Throws a SetupError if it is
   * damaged, or if other users may change it: then no key counts.
   */
  list(): readonly Passkey[] {
    return withFile(unreadable, () => {
      if (isMissing(this.#path)) return []
      refuseFoldersOfOthers(this.#path)
      if (this.#known === undefined || currentStamp(this.#path) !== this.#known.stamp) {
        const { stamp, content } = read(this.#path)
        this.#known = { stamp, passkeys: content.passkeys }
      }
      return this.#known.passkeys
    })
  }

  /** True if this process may write the file: whatever this user runs may do so, too. */
  mayWrite(): boolean {
    try {
      const target = fileBehind(this.#path)
      if (target === undefined) return this.#mayCreate()
      const own = ownUserId()
      const isOwn = own < 0 || statSync(target).uid === own
      return isOwn && mayUse(target, constants.W_OK) && mayUse(dirname(target), constants.W_OK)
    } catch {
      return false
    }
  }

  /** True if this process may put another file in the place of one that it may not write. */
  mayReplace(): boolean {
    try {
      const target = fileBehind(this.#path)
      return target !== undefined && !this.mayWrite() && mayUse(dirname(target), constants.W_OK)
    } catch {
      return false
    }
  }

  /**
   * Changes the list, and keeps everything else in the file. `onReady` runs when all is ready: if it throws, nothing is
   * changed. Throws a SetupError if the file cannot be written.
   */
  change(edit: (passkeys: readonly Passkey[]) => readonly Passkey[], onReady: () => void): void {
    withFile(unchanged, () => {
      const target = fileBehind(this.#path)
      if (target === undefined) this.#makeFolder()
      refuseFoldersOfOthers(this.#path)
      const before = target === undefined ? undefined : read(target)
      const content = { ...before?.content, passkeys: [...edit(before?.content.passkeys ?? [])] }
      const text = `${JSON.stringify(content, undefined, 2)}\n`
      parsePasskeys(text)
      writeOperatorFile(target ?? this.#path, text, { before, onReady, mode: newFileMode })
    })
  }

  /** The state folder is made when it is first needed; every other folder is the operator's. */
  #makeFolder(): void {
    if (dirname(this.#path) === this.#stateDir) mkdirSync(this.#stateDir, { recursive: true, mode: 0o700 })
  }

  #mayCreate(): boolean {
    const folder = dirname(this.#path)
    if (existsSync(folder)) return mayUse(folder, constants.W_OK)
    return folder === this.#stateDir
  }
}
