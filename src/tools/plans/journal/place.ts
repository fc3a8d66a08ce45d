import { dirname, join } from 'node:path'
import { hourMs } from '../../../shared/clock.ts'
import { randomUUID } from '../../../shared/crypto.ts'
import { SetupError } from '../../../shared/errors.ts'
import { systemErrorCode, systemReason, withSystemErrors } from '../../../shared/own-folder.ts'
import { networkFileSystemOf } from '../../effects/budgets/network-folder.ts'
import { isPlanId } from '../plan-id.ts'
import { type Disk, ownDisk } from './disk.ts'

// Where the journals lie: a folder of this user, on a disk of this machine that has links.

/** What the place of journals depends on. */
export interface Place {
  readonly stateDir: string
  readonly disk: Disk
  /** The network file system that holds a folder; undefined for a local one. */
  readonly networkOf: (folder: string) => string | undefined
  /** The wall clock, in ms since 1970. */
  readonly now: () => number
}

/** What a test puts in place of this machine. */
export type PlaceOptions = Partial<Omit<Place, 'stateDir'>>

/** The place in a state folder of this machine. */
export const placeIn = (stateDir: string, options: PlaceOptions): Place => ({
  stateDir,
  disk: ownDisk,
  networkOf: networkFileSystemOf,
  now: Date.now,
  ...options,
})

/** The error for a place that cannot hold journals. `what`: why, as one clause. */
function placeError(what: string): SetupError {
  return new SetupError(
    `The state folder (QUALYS_STATE_DIR) cannot hold plans: ${what}. Nothing was written or sent.`,
    'Ask the operator to name a folder of their own on a local disk in QUALYS_STATE_DIR, with links and with room, that nobody else may write.',
  )
}

const reasons: Readonly<Record<string, string>> = {
  ENOTDIR: 'a part of its path is a file',
  ENOENT: 'a folder in its path is gone, or a symbolic link leads nowhere',
  EACCES: 'this user may not read or write it',
}

/** Runs file operations. A system error becomes a SetupError, which the operator can fix. */
export const withPlaceErrors = <T>(work: () => T): T =>
  withSystemErrors(work, (code) => placeError(systemReason(code, reasons)))

/** True if there is a folder that only this user may write. Throws a SetupError for anything else there. */
function isFolder(disk: Disk, path: string, what: string): boolean {
  const entry = disk.find(path)
  if (!entry) return false
  if (entry.kind !== 'folder') throw placeError(`${what} is no folder`)
  if (entry.isOpenToOthers) throw placeError(`${what} belongs to somebody else, or others may write it`)
  return true
}

/** The folder of all journals; undefined if there is none. */
export function findPlansFolder({ stateDir, disk }: Place): string | undefined {
  const folder = join(stateDir, 'plans')
  // The state folder itself may be a symbolic link.
  return isFolder(disk, `${stateDir}/.`, 'it') && isFolder(disk, folder, '"plans" in it') ? folder : undefined
}

/** The folder of one journal; undefined if there is none. `id` is one of a plan. */
export function findPlanFolder(place: Place, id: string): string | undefined {
  const plans = findPlansFolder(place)
  if (plans === undefined || !isPlanId(id)) return undefined
  const folder = join(plans, id)
  return isFolder(place.disk, folder, `"plans/${id}" in it`) ? folder : undefined
}

/**
 * Makes a folder and those above it, durably. Those that are there are flushed too: the process that made them may have
 * ended before it did so.
 */
function makeFolder(disk: Disk, folder: string): void {
  const above = dirname(folder)
  if (above === folder) return
  makeFolder(disk, above)
  if (!disk.find(folder)) disk.makeFolder(folder)
  disk.flushFolder(above)
}

/** Throws a SetupError for a folder on a network file system, where lines of several machines could be lost. */
export function checkNetwork({ networkOf }: Place, folder: string): void {
  const network = networkOf(folder)
  if (network !== undefined)
    throw placeError(`it lies on a network file system, ${network}, where lines can be lost`)
}

/** Throws a SetupError unless a second link of the same name is refused, as on disks that have links. */
function tryLinks(disk: Disk, folder: string): void {
  const [from, to] = [join(folder, temporaryName()), join(folder, temporaryName())]
  try {
    disk.write(from, '')
    const [first, second] = [disk.link(from, to), disk.link(from, to)]
    if (!first || second) throw placeError('its disk has no links, or replaces what they name')
  } catch (error) {
    const isWithoutLinks = noLinks.includes(systemErrorCode(error) ?? '')
    throw isWithoutLinks ? placeError('its disk has no links') : error
  } finally {
    removeQuietly(disk, from)
    removeQuietly(disk, to)
  }
}

const noLinks: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']

/** Makes the folder of a new plan. Throws a SetupError where lines of several processes could be lost. */
export function makePlanFolder(place: Place, id: string): string {
  const { stateDir, disk } = place
  const plans = join(stateDir, 'plans')
  // Nothing is made in a state folder that others may write.
  findPlansFolder(place)
  makeFolder(disk, plans)
  findPlansFolder(place)
  checkNetwork(place, plans)
  sweep(disk, plans, place.now())
  tryLinks(disk, plans)
  disk.makeFolder(join(plans, id))
  disk.flushFolder(plans)
  const folder = findPlanFolder(place, id)
  if (folder === undefined) throw placeError(`"plans/${id}" in it is gone`)
  return folder
}

/** The name of a file that is being written. Those that a killed process leaves are swept after an hour. */
export const temporaryName = (): string => `${randomUUID()}.new`

/** True for such a name. */
export const isTemporary = (name: string): boolean => /^[0-9a-f-]{36}\.new$/.test(name)

/** Removes a file, if that is possible now: what stays is removed later. */
export function removeQuietly(disk: Disk, path: string): void {
  try {
    disk.remove(path)
  } catch {}
}

/** Writes a file beside its name and links it to that name. False if another process wrote that name first. */
export function writeOnce(disk: Disk, folder: string, name: string, text: string): boolean {
  const temporary = join(folder, temporaryName())
  try {
    disk.write(temporary, text)
    return disk.link(temporary, join(folder, name))
  } finally {
    removeQuietly(disk, temporary)
  }
}

/** Removes the temporary files that processes left which ended while they wrote. */
export function sweep(disk: Disk, folder: string, now: number): void {
  for (const name of disk.list(folder).filter(isTemporary)) {
    const path = join(folder, name)
    const writtenAt = disk.find(path)?.writtenAt ?? now
    if (now - writtenAt > hourMs) removeQuietly(disk, path)
  }
}
