import { randomUUID } from 'node:crypto'
import { closeSync, ftruncateSync } from 'node:fs'
import { z } from 'zod'
import { BusyError } from '../../shared/errors.ts'
import { parseJson } from '../../shared/json.ts'
import type { ExportFolder } from './folder.ts'

/** The state of an unfinished export, stored in a file beside its rows. */
const stateSchema = z.strictObject({
  /** The run that owns the export; a run that continues it takes over. */
  run: z.uuid(),
  status: z.enum(['running', 'cut']),
  /** Digest of tool, arguments and format. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** Number of this file within the export. */
  part: z.int().min(1),
  rows: z.int().min(0),
  /** Number of rows scanned; larger than `rows` with a filter. */
  scanned: z.int().min(0),
  bytes: z.int().min(0),
  /** The position in the list, as a token that is valid only for this account, tool and arguments. */
  place: z.string().max(4_000),
  /** `list`: the last row is written. `file`: the file is full. */
  end: z.enum(['list', 'file']).nullable(),
  table: z
    .strictObject({ columns: z.array(z.string()).readonly(), cells: z.number(), wide: z.boolean() })
    .nullable(),
  total: z.number().nullable(),
  wall: z.string().nullable(),
  drift: z.array(z.string()),
  /** The selected fields that rows of this file have. */
  seen: z.array(z.string()).readonly(),
})

/** The state of an export. */
export type ExportState = z.output<typeof stateSchema>

/** A running export touches its state every 5 s. It counts as interrupted after this time without a touch. */
const staleAfterMs = 60_000

/** More than any state needs. */
const maxStateBytes = 2_000_000

/** Reads the state of an export; undefined if it is missing or invalid. */
export function readState(folder: ExportFolder, stem: string): ExportState | undefined {
  const size = folder.stats(`${stem}.state`)?.size
  const text = size !== undefined && size <= maxStateBytes ? folder.read(`${stem}.state`) : undefined
  return text === undefined ? undefined : stateSchema.safeParse(parseJson(text)).data
}

/** True while another call, in this process or another, writes this export. */
export function isRunning(
  folder: ExportFolder,
  stem: string,
  { status }: ExportState,
  now = Date.now(),
): boolean {
  const modifiedAt = folder.stats(`${stem}.state`)?.mtimeMs ?? 0
  // Clocks can be set back, so a time in the future is limited, too.
  return status === 'running' && Math.abs(now - modifiedAt) < staleAfterMs
}

/** The error for an export that another call is writing. */
export function busyError(): BusyError {
  return new BusyError(
    'This export is still being written by another call.',
    'Wait for that call, or leave resume out to begin another file.',
    { retryAfterSeconds: staleAfterMs / 1_000 },
  )
}

/** The error for an export that another call has taken over or somebody has removed. */
function takenOverError(): BusyError {
  return new BusyError(
    'Another call has gone on with this export, or somebody removed it, while this one was silent for a minute.',
    'The file comes from that call: look for it among the exports before you begin another.',
  )
}

/**
 * The rows of an export as JSON Lines on disk, and their state. Rows are written before the state, so that
 * everything the state counts exists.
 */
export class UnfinishedExport {
  readonly folder: ExportFolder
  readonly stem: string
  readonly #fd: number
  #state: ExportState
  #open = true

  private constructor(folder: ExportFolder, stem: string, fd: number, state: ExportState) {
    this.folder = folder
    this.stem = stem
    this.#fd = fd
    this.#state = state
  }

  /** Starts a new file of rows. */
  static create(
    folder: ExportFolder,
    stem: string,
    digest: string,
    position: string,
    part = 1,
  ): UnfinishedExport {
    const initial = {
      rows: 0,
      scanned: 0,
      bytes: 0,
      end: null,
      table: null,
      total: null,
      wall: null,
      drift: [],
      seen: [],
    }
    const state: ExportState = {
      run: randomUUID(),
      status: 'running',
      digest,
      part,
      place: position,
      ...initial,
    }
    folder.checkSpace()
    const unfinished = new UnfinishedExport(folder, stem, folder.create(`${stem}.rows`), state)
    try {
      unfinished.#save()
      return unfinished
    } catch (error) {
      // Without a state the file would never be found.
      unfinished.close()
      folder.remove(`${stem}.rows`)
      throw error
    }
  }

  /**
   * Continues a file of rows: truncates bytes written after the last saved state. Undefined if rows are
   * missing.
   */
  static resume(folder: ExportFolder, stem: string, state: ExportState): UnfinishedExport | undefined {
    const fd = folder.open(`${stem}.rows`, 'write')
    if (fd === undefined) return undefined
    const unfinished = new UnfinishedExport(folder, stem, fd, {
      ...state,
      run: randomUUID(),
      status: 'running',
    })
    if ((folder.stats(`${stem}.rows`)?.size ?? 0) < state.bytes) {
      unfinished.close()
      return undefined
    }
    unfinished.#save()
    ftruncateSync(fd, state.bytes)
    return unfinished
  }

  get state(): ExportState {
    return this.#state
  }

  /** Appends lines and updates the state. */
  append(lines: string, changes: Partial<ExportState>): void {
    this.assertOwned()
    const written = this.folder.writeAt(this.#fd, lines, this.#state.bytes)
    this.#state = { ...this.#state, ...changes, bytes: this.#state.bytes + written }
    this.#save()
  }

  /** Touches the state file, which shows that the export is running. */
  touch(): void {
    try {
      if (this.#open) this.folder.touch(`${this.stem}.state`)
    } catch {
      // The next batch reports the error.
    }
  }

  /** Bytes of the rows from an offset on. */
  readAt(length: number, offset: number): Buffer {
    return this.folder.readAt(this.#fd, Math.min(length, this.#state.bytes - offset), offset)
  }

  /** Stops writing: truncates bytes written after the last saved state. */
  suspend(): void {
    this.assertOwned()
    ftruncateSync(this.#fd, this.#state.bytes)
    this.#release()
  }

  /**
   * Removes the rows, which are in the final file now. If that file is full, the state is kept for a later
   * call.
   */
  finish(): void {
    this.folder.remove(`${this.stem}.rows`)
    if (this.#state.end === 'file') this.#release()
    else this.folder.remove(`${this.stem}.state`)
  }

  /** Removes all files of the export. */
  discard(): void {
    this.assertOwned()
    for (const extension of ['rows', 'state']) this.folder.remove(`${this.stem}.${extension}`)
  }

  close(): void {
    if (this.#open) closeSync(this.#fd)
    this.#open = false
  }

  /** False if another run has taken over, which it may once the state was not touched for a minute. */
  get isOwned(): boolean {
    return readState(this.folder, this.stem)?.run === this.#state.run
  }

  /** Throws a BusyError if another run has taken over. Called before every write and rename. */
  assertOwned(): void {
    if (!this.isOwned) throw takenOverError()
  }

  #release(): void {
    this.#state = { ...this.#state, status: 'cut' }
    this.#save()
  }

  #save(): void {
    this.folder.replace(this.stem, 'state', JSON.stringify(stateSchema.parse(this.#state)))
  }
}
