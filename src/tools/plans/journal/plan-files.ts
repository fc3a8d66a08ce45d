import { join } from 'node:path'
import { sha256 } from '../../../shared/crypto.ts'
import { InputError, messageOf } from '../../../shared/errors.ts'
import { formatNumber } from '../../../shared/format.ts'
import { quotation } from '../../../shared/safe-text.ts'
import { journalError } from '../journal-error.ts'
import type { PlanEvent, PlanLine } from '../plan.ts'
import { isPlanId } from '../plan-id.ts'
import { foldPlan } from '../state/fold.ts'
import type { Disk } from './disk.ts'
import { isLease, takeLease } from './lease.ts'
import { hashAfter, lineText, maxLineBytes, nextLine, readLine } from './line.ts'
import { numbered } from './numbered.ts'
import {
  checkNetwork,
  findPlanFolder,
  findPlansFolder,
  isTemporary,
  makePlanFolder,
  type Place,
  type PlaceOptions,
  placeIn,
  sweep,
  withPlaceErrors,
  writeOnce,
} from './place.ts'
import type { PlanJournals } from './port.ts'

const { nameOf, numberOf } = numbered('')

/** The number of lines by the names in a folder. */
function countLines(disk: Disk, folder: string, id: string): number {
  // Systems leave hidden files, such as .DS_Store.
  const isOther = (name: string): boolean => isTemporary(name) || isLease(name) || name.startsWith('.')
  const names = disk.list(folder).filter((name) => !isOther(name))
  const strange = names.find((name) => numberOf(name) === undefined)
  if (strange !== undefined)
    throw journalError(id, `its folder holds ${quotation(strange)}, which is none of its files`, folder)
  return Math.max(0, ...names.map((name) => numberOf(name) ?? 0))
}

function readLines(disk: Disk, folder: string, id: string): readonly PlanLine[] {
  const lines: PlanLine[] = []
  // While a folder is listed, a new name may be seen and the one before it not: each line is asked for by its name.
  const count = countLines(disk, folder, id)
  let prev = hashAfter(undefined)
  for (let seq = 1; seq <= count; seq++) {
    const content = disk.read(join(folder, nameOf(seq)), maxLineBytes)
    if ('fault' in content) throw journalError(id, `line ${seq} ${content.fault}`, folder)
    const line = readLine(content.bytes, { id, seq, prev })
    if (typeof line === 'string') throw journalError(id, `line ${seq} ${line}`, folder)
    lines.push(line)
    prev = sha256(content.bytes)
  }
  return lines
}

/** Throws a JournalError unless the file of a line still holds it. */
function checkLast(disk: Disk, folder: string, last: PlanLine): void {
  const content = disk.read(join(folder, nameOf(last.seq)), maxLineBytes)
  const fault = 'fault' in content ? content.fault : 'was changed'
  if ('fault' in content || !content.bytes.equals(Buffer.from(lineText(last))))
    throw journalError(last.id, `line ${last.seq} ${fault} since it was read`, folder)
}

function checkSize(text: string): void {
  const bytes = Buffer.byteLength(text)
  if (bytes > maxLineBytes)
    throw new InputError(
      `This plan takes ${formatNumber(bytes)} bytes, and none of more than ${formatNumber(maxLineBytes)} is kept.`,
      'Plan for fewer hosts at once, or pass shorter arguments.',
    )
}

/** Throws for a line that cannot follow: whoever wrote it would damage the journal. */
function checkOrder(lines: readonly PlanLine[], line: PlanLine): void {
  try {
    foldPlan([...lines, line])
  } catch (error) {
    throw new Error(`A line that cannot follow is not written: ${messageOf(error)}`)
  }
}

/** The plans in a folder: those of which a line was written. */
function planIds(place: Place): readonly string[] {
  const plans = findPlansFolder(place)
  if (plans === undefined) return []
  const { disk } = place
  const isPlan = (name: string): boolean =>
    isPlanId(name) &&
    disk.find(join(plans, name))?.kind === 'folder' &&
    disk.list(join(plans, name)).some((file) => numberOf(file) !== undefined)
  return disk.list(plans).filter(isPlan).sort()
}

/** The journals of plans in a state folder. Makes nothing there before the first plan is proposed. */
export function openPlanFiles(stateDir: string, options: PlaceOptions = {}): PlanJournals {
  const place = placeIn(stateDir, options)
  const { disk, now } = place
  const listeners = new Set<(id: string) => void>()
  /** The newest line of each plan that this process flushed. */
  const flushed = new Map<string, number>()

  /** The folder of a plan, in which all of these lines are durable. */
  function folderFor(id: string, last: PlanLine | undefined): string {
    if (!last) return makePlanFolder(place, id)
    const folder = findPlanFolder(place, id)
    if (folder === undefined) throw journalError(id, 'its folder is gone')
    checkNetwork(place, folder)
    checkLast(disk, folder, last)
    // The process that wrote the line may have ended before it flushed the name.
    if (flushed.get(id) !== last.seq) disk.flushFolder(folder)
    return folder
  }

  function append(
    id: string,
    lines: readonly PlanLine[],
    event: PlanEvent,
    who: string,
  ): PlanLine | undefined {
    const { line, text } = nextLine(id, lines, event, { at: now(), who })
    checkSize(text)
    checkOrder(lines, line)
    const folder = folderFor(id, lines.at(-1))
    sweep(disk, folder, now())
    if (!writeOnce(disk, folder, nameOf(line.seq), text)) return undefined
    disk.flushFolder(folder)
    flushed.set(id, line.seq)
    return line
  }

  return {
    list: () => withPlaceErrors(() => planIds(place)),
    read: (id) =>
      withPlaceErrors(() => {
        const folder = findPlanFolder(place, id)
        return folder === undefined ? [] : readLines(disk, folder, id)
      }),
    append: (id, lines, event, who) => {
      const line = withPlaceErrors(() => append(id, lines, event, who))
      if (line) for (const listener of [...listeners]) listener(id)
      return line
    },
    lease: (id, runner, ms) => withPlaceErrors(() => takeLease(place, id, runner, ms)),
    notify: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
