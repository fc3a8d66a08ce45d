import type { Session } from '../../session/session.ts'
import { InputError } from '../../shared/errors.ts'
import { digestOf, type ExportRequest } from './export-request.ts'
import { busyError, isRunning, readState, UnfinishedExport } from './export-state.ts'
import type { ExportFolder } from './folder.ts'
import { newStem, ownerOf } from './names.ts'

/** Starts a new export at the first row. */
export async function startExport(
  folder: ExportFolder,
  request: ExportRequest,
  session: Session,
): Promise<UnfinishedExport> {
  const { operation, args } = request
  const owner = ownerOf(await session.identity(operation))
  const position = await session.encodeCursor(operation, args, [0])
  return UnfinishedExport.create(folder, newStem(operation.name, owner), digestOf(request), position)
}

/** True if the position belongs to this account, list and arguments. */
async function isValidPosition(
  { operation, args }: ExportRequest,
  position: string,
  session: Session,
): Promise<boolean> {
  try {
    await session.decodeCursor(operation, args, position)
    return true
  } catch (error) {
    if (error instanceof InputError) return false
    throw error
  }
}

/**
 * The newest interrupted export of the same list, arguments and format, or the next file after a full one. Throws
 * an InputError if there is none, and a BusyError if another call is writing it.
 */
export async function resumeExport(
  folder: ExportFolder,
  request: ExportRequest,
  session: Session,
): Promise<UnfinishedExport> {
  const { operation } = request
  const owner = ownerOf(await session.identity(operation))
  const digest = digestOf(request)
  const modifiedAt = (name: string): number => folder.stats(name)?.mtimeMs ?? 0
  const states = folder
    .names()
    .filter((file) => file.extension === 'state' && file.tool === operation.name && file.owner === owner)
    .sort((a, b) => modifiedAt(b.name) - modifiedAt(a.name))
  for (const { stem } of states) {
    const position = readState(folder, stem)?.place
    if (position === undefined || !(await isValidPosition(request, position, session))) continue
    // Read again: no await follows, so that no other call of this process can change it.
    const state = readState(folder, stem)
    if (state?.digest !== digest) continue
    if (isRunning(folder, stem, state)) throw busyError()
    const unfinished = UnfinishedExport.resume(folder, stem, state)
    if (unfinished) return unfinished
    if (folder.stats(`${stem}.rows`)) continue
    // The file is finished. If it was full, there are more rows.
    if (state.end !== 'file') {
      folder.remove(`${stem}.state`)
      continue
    }
    const next = UnfinishedExport.create(
      folder,
      newStem(operation.name, owner),
      digest,
      state.place,
      state.part + 1,
    )
    folder.remove(`${stem}.state`)
    return next
  }
  throw new InputError(
    'No export of this list, with these arguments and this format, was cut.',
    'Pass tool, arguments and format exactly as they were, or leave resume out to begin at the first row.',
  )
}
