import { InputError } from '../../session/errors.ts'
import type { Session } from '../../session/session.ts'
import type { ExportFolder } from './folder.ts'
import { newStem, ownerOf } from './names.ts'
import { busy, isRunning, readState, Spool } from './spool.ts'
import { digestOf, type Wanted } from './wanted.ts'

/** A new export, at the first row. */
export async function begun(folder: ExportFolder, wanted: Wanted, session: Session): Promise<Spool> {
  const { operation, args } = wanted
  const owner = ownerOf(await session.identity(operation))
  const place = await session.seal(operation, args, [0])
  return Spool.begin(folder, newStem(operation.name, owner), digestOf(wanted), place)
}

/** True when a place was kept by this account, for this list and these arguments. */
async function opens({ operation, args }: Wanted, place: string, session: Session): Promise<boolean> {
  try {
    await session.open(operation, args, place)
    return true
  } catch (error) {
    if (error instanceof InputError) return false
    throw error
  }
}

/** The newest export of the same list, arguments and format that was cut; or the file behind one that is full. */
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
    // Read again: from here on no other call of this process comes in between.
    const state = readState(folder, stem)
    if (state?.digest !== digest) continue
    if (isRunning(folder, stem, state)) throw busy()
    const spool = Spool.resume(folder, stem, state)
    if (spool) return spool
    if (folder.stats(`${stem}.rows`)) continue
    // The file itself was finished; a full one has more behind it.
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
