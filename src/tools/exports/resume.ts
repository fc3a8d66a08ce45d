import type { Session } from '../../session/session.ts'
import { InputError } from '../../shared/errors.ts'
import { digestOf, type Wanted } from './export-request.ts'
import { busy, isRunning, readState, Spool } from './export-state.ts'
import type { ExportFolder } from './folder.ts'
import { newStem, ownerOf } from './names.ts'

/** Starts a new export at the first row. */
export async function begun(folder: ExportFolder, wanted: Wanted, session: Session): Promise<Spool> {
  const { operation, args } = wanted
  const owner = ownerOf(await session.identity(operation))
  const place = await session.seal(operation, args, [0])
  return Spool.begin(folder, newStem(operation.name, owner), digestOf(wanted), place)
}

/** True if the position belongs to this account, list and arguments. */
async function opens({ operation, args }: Wanted, place: string, session: Session): Promise<boolean> {
  try {
    await session.open(operation, args, place)
    return true
  } catch (error) {
    if (error instanceof InputError) return false
    throw error
  }
}

/**
 * The newest interrupted export of the same list, arguments and format; or the next file after a full one.
 */
export async function resumed(folder: ExportFolder, wanted: Wanted, session: Session): Promise<Spool> {
  const { operation } = wanted
  const owner = ownerOf(await session.identity(operation))
  const digest = digestOf(wanted)
  const touched = (name: string): number => folder.stats(name)?.mtimeMs ?? 0
  const states = folder
    .names()
    .filter((one) => one.ending === 'state' && one.tool === operation.name && one.owner === owner)
    .sort((a, b) => touched(b.name) - touched(a.name))
  for (const { stem } of states) {
    const place = readState(folder, stem)?.place
    if (place === undefined || !(await opens(wanted, place, session))) continue
    // Read again: no other call of this process can intervene from here on.
    const state = readState(folder, stem)
    if (state?.digest !== digest) continue
    if (isRunning(folder, stem, state)) throw busy()
    const spool = Spool.resume(folder, stem, state)
    if (spool) return spool
    if (folder.stats(`${stem}.rows`)) continue
    // The file is finished. If it was full, there are more rows.
    if (state.end !== 'file') {
      folder.remove(`${stem}.state`)
      continue
    }
    const next = Spool.begin(folder, newStem(operation.name, owner), digest, state.place, state.part + 1)
    folder.remove(`${stem}.state`)
    return next
  }
  throw new InputError(
    'No export of this list, with these arguments and this format, was cut.',
    'Pass tool, arguments and format exactly as they were, or leave resume out to begin at the first row.',
  )
}
