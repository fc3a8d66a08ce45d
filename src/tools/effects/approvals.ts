import { randomInt, randomUUID } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { SetupError } from '../../session/errors.ts'

// Calls that wait for a person at a terminal, for clients that cannot ask one. A call is known by its digest alone; the
// code only finds it again.

/** A call that waits; the digest stands for account, tool, arguments and preview. */
export interface PendingCall {
  readonly code: string
  readonly digest: string
  readonly tool: string
  readonly preview: string
}

/** How long a call waits for its approval, and an approval for its call. */
const lifetime = 10 * 60_000
const mostPending = 100

/** No letter or digit that another one is taken for, and no U: no words. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const digestText = /^[0-9a-f]{64}$/

const pendingFile = z.strictObject({
  code: z.string().regex(new RegExp(`^[${alphabet}]{4}-[${alphabet}]{4}$`)),
  digest: z.string().regex(digestText),
  tool: z.string().regex(/^[a-z0-9_]{1,64}$/),
  preview: z.string(),
  at: z.number(),
})
const approvedFile = z.strictObject({ digest: z.string().regex(digestText), at: z.number() })

/** A call is one file or the other, named by its digest. */
const kinds = { pending: pendingFile, approved: approvedFile } as const
type Kind = keyof typeof kinds

function fileOf(digest: string, kind: Kind): string {
  if (!digestText.test(digest)) throw new Error('A call is named by its SHA-256, in hexadecimal.')
  return `${digest}.${kind}`
}

function refusal(what: string): SetupError {
  return new SetupError(
    `The state folder (QUALYS_STATE_DIR) cannot be used: ${what}.`,
    'Ask the operator to name a folder of their own that nobody else may write; without it nothing can be approved in a terminal.',
  )
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined

/** Runs work on files; what fails there is the operator's to mend. */
function onDisk<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    const code = codeOf(error)
    throw code === undefined ? error : refusal(`the system says ${code}`)
  }
}

/** The folder of pending calls. Whoever else could write there could approve: then it is not used. */
function folderIn(stateDir: string): string {
  const folder = join(stateDir, 'pending')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { uid } = userInfo()
  const stats = lstatSync(folder)
  if (!stats.isDirectory()) throw refusal('"pending" in it is no folder')
  // On Windows, which has neither, the user's id is -1.
  if (uid >= 0 && (stats.uid !== uid || (stats.mode & 0o022) !== 0))
    throw refusal('somebody else may write the folder "pending" in it')
  return folder
}

/** A file of this folder if it is what it should be, and still counts. */
function read<K extends Kind>(
  folder: string,
  name: string,
  kind: K,
  now: number,
): z.output<(typeof kinds)[K]> | undefined {
  let fd: number
  try {
    fd = openSync(join(folder, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    // Gone meanwhile, or a symbolic link.
    if (['ENOENT', 'ELOOP', 'EMLINK'].includes(codeOf(error) ?? '')) return undefined
    throw error
  }
  try {
    if (!fstatSync(fd).isFile()) return undefined
    const { data } = kinds[kind].safeParse(parsed(readFileSync(fd, 'utf8')))
    // Clocks are set back, too.
    const counts = data && fileOf(data.digest, kind) === name && Math.abs(now - data.at) < lifetime
    return counts ? (data as z.output<(typeof kinds)[K]>) : undefined
  } finally {
    closeSync(fd)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Removes a file; false where another process did so first. */
function burn(folder: string, name: string): boolean {
  try {
    unlinkSync(join(folder, name))
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

/** Writes a file beside its place, and puts it there once `ready` agrees. */
function place(folder: string, name: string, content: object, ready: () => boolean): boolean {
  const temporary = join(folder, `${randomUUID()}.new`)
  try {
    writeFileSync(temporary, JSON.stringify(content), { flag: 'wx', mode: 0o600 })
    if (!ready()) return false
    renameSync(temporary, join(folder, name))
    return true
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** The files of a kind, oldest first; those that count no more, or were left half-written, are removed. */
function sweep(folder: string, now: number): z.output<typeof pendingFile>[] {
  const calls: z.output<typeof pendingFile>[] = []
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const [stem = '', ending] = name.split('.')
    if (ending === 'new' && now - (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now) > lifetime)
      rmSync(path, { force: true })
    if (!digestText.test(stem) || (ending !== 'pending' && ending !== 'approved')) continue
    const file = read(folder, name, ending, now)
    if (!file) rmSync(path, { force: true, recursive: true })
    else if ('code' in file) calls.push(file)
  }
  return calls.sort((a, b) => a.at - b.at)
}

function newCode(): string {
  const letters = Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join('')
  return `${letters.slice(0, 4)}-${letters.slice(4)}`
}

const bare = (code: string): string => code.toUpperCase().replace(/[\s-]/g, '')

/** Keeps a call for approval, and returns its code: the same one as long as the call waits. */
export function keepPending(stateDir: string, call: Omit<PendingCall, 'code'>, now = Date.now()): string {
  const { digest, tool, preview } = call
  const name = fileOf(digest, 'pending')
  return onDisk(() => {
    const folder = folderIn(stateDir)
    const others = sweep(folder, now).filter((other) => other.digest !== digest)
    for (const oldest of others.slice(0, Math.max(0, others.length - mostPending + 1)))
      burn(folder, fileOf(oldest.digest, 'pending'))
    // Asked again, it waits another ten minutes: that is what the assistant is told each time.
    const code = read(folder, name, 'pending', now)?.code ?? newCode()
    place(folder, name, { code, digest, tool, preview, at: now }, () => true)
    return code
  })
}

/** True once, if a person approved exactly this call within the last ten minutes; the approval is burnt first. */
export function takeApproval(stateDir: string, digest: string, now = Date.now()): boolean {
  const name = fileOf(digest, 'approved')
  return onDisk(() => {
    const folder = folderIn(stateDir)
    return read(folder, name, 'approved', now) !== undefined && burn(folder, name)
  })
}

/** The call that waits under a code. */
export function findPending(stateDir: string, code: string, now = Date.now()): PendingCall | undefined {
  return onDisk(() => {
    const call = sweep(folderIn(stateDir), now).find((one) => bare(one.code) === bare(code))
    return call && { code: call.code, digest: call.digest, tool: call.tool, preview: call.preview }
  })
}

/** Approves the call that waits under a code; false where none waits any more. */
export function approvePending(stateDir: string, code: string, now = Date.now()): boolean {
  const digest = findPending(stateDir, code, now)?.digest
  if (digest === undefined) return false
  // The call is taken off before its approval is put down: two terminals give one approval.
  return onDisk(() => {
    const folder = folderIn(stateDir)
    const waits = (): boolean => burn(folder, fileOf(digest, 'pending'))
    return place(folder, fileOf(digest, 'approved'), { digest, at: now }, waits)
  })
}

/** Takes a call off that a person declined. */
export function dropPending(stateDir: string, code: string): void {
  const call = findPending(stateDir, code)
  if (call) onDisk(() => burn(folderIn(stateDir), fileOf(call.digest, 'pending')))
}
