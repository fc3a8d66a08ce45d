import { randomUUID } from 'node:crypto'
import { closeSync, ftruncateSync } from 'node:fs'
import { z } from 'zod'
import { BusyError } from '../../session/errors.ts'
import { parseJson } from '../../session/json.ts'
import type { ExportFolder } from './folder.ts'

/** What is known of an export that is not finished; as a file beside its rows. */
const kept = z.strictObject({
  /** Whose turn it is; another run that goes on takes it over. */
  run: z.uuid(),
  status: z.enum(['running', 'cut']),
  /** Of tool, arguments and format. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** Which file of the export this is. */
  part: z.int().min(1),
  rows: z.int().min(0),
  /** Rows that were looked at, where only some are kept. */
  scanned: z.int().min(0),
  bytes: z.int().min(0),
  /** Where the list goes on, as a token that fits this account, tool and arguments alone. */
  place: z.string().max(4_000),
  /** `list`: the last row is in. `file`: no other row fits. */
  end: z.enum(['list', 'file']).nullable(),
  table: z
    .strictObject({ columns: z.array(z.string()).readonly(), cells: z.number(), wide: z.boolean() })
    .nullable(),
  total: z.number().nullable(),
  wall: z.string().nullable(),
  drift: z.array(z.string()),
  /** The asked fields that rows of this file have. */
  seen: z.array(z.string()).readonly(),
})

/** The state of an export. */
export type State = z.output<typeof kept>

/** How long an export that says it runs is believed, without a sign of life; it gives one every 5 s. */
const silenceMs = 60_000

/** More than any state is. */
const longestState = 2_000_000

/** Reads the state of an export; undefined where there is none that makes sense. */
export function readState(folder: ExportFolder, stem: string): State | undefined {
  const size = folder.stats(`${stem}.state`)?.size
  const text = size !== undefined && size <= longestState ? folder.read(`${stem}.state`) : undefined
  return text === undefined ? undefined : kept.safeParse(parseJson(text)).data
}

/** True while another call, here or in another process, writes this export. */
export function isRunning(folder: ExportFolder, stem: string, { status }: State, now = Date.now()): boolean {
  const touched = folder.stats(`${stem}.state`)?.mtimeMs ?? 0
  // Clocks are set back, too: what comes from the future counts no longer than the rest.
  return status === 'running' && Math.abs(now - touched) < silenceMs
}

/** What to say of an export that somebody else writes. */
export function busy(): BusyError {
  return new BusyError(
    'This export is still being written by another call.',
    'Wait for that call, or leave resume out to begin another file.',
    { retryAfterSeconds: silenceMs / 1_000 },
  )
}

/** What to say where somebody else has gone on with an export, or removed it: it is no longer ours. */
function takenOver(): BusyError {
  return new BusyError(
    'Another call has gone on with this export, or somebody removed it, while this one was silent for a minute.',
    'The file comes from that call: look for it among the exports before you begin another.',
  )
}

/** The rows of an export as JSON Lines on disk, and how far they go. Rows first, then the state: what it says is there. */
export class Spool {
  readonly folder: ExportFolder
  readonly stem: string
  readonly #fd: number
  #state: State
  #open = true

  private constructor(folder: ExportFolder, stem: string, fd: number, state: State) {
    this.folder = folder
    this.stem = stem
    this.#fd = fd
    this.#state = state
  }

  /** A new file of rows. */
  static begin(folder: ExportFolder, stem: string, digest: string, place: string, part = 1): Spool {
    const fresh = {
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
    const state: State = { run: randomUUID(), status: 'running', digest, part, place, ...fresh }
    folder.checkRoom()
    const spool = new Spool(folder, stem, folder.create(`${stem}.rows`), state)
    try {
      spool.#save()
      return spool
    } catch (error) {
      // Without a state nobody would ever find it.
      spool.close()
      folder.remove(`${stem}.rows`)
      throw error
    }
  }

  /** Goes on with a file of rows: what a killed process wrote beyond its state is cut off. Undefined when it is not whole. */
  static resume(folder: ExportFolder, stem: string, state: State): Spool | undefined {
    const fd = folder.open(`${stem}.rows`, 'write')
    if (fd === undefined) return undefined
    const spool = new Spool(folder, stem, fd, { ...state, run: randomUUID(), status: 'running' })
    if ((folder.stats(`${stem}.rows`)?.size ?? 0) < state.bytes) {
      spool.close()
      return undefined
    }
    spool.#save()
    ftruncateSync(fd, state.bytes)
    return spool
  }

  get state(): State {
    return this.#state
  }

  /** Adds lines, and says what is known with them. */
  add(lines: string, known: Partial<State>): void {
    this.checkTurn()
    const written = this.folder.writeAt(this.#fd, lines, this.#state.bytes)
    this.#state = { ...this.#state, ...known, bytes: this.#state.bytes + written }
    this.#save()
  }

  /** A sign of life. */
  touch(): void {
    try {
      if (this.#open) this.folder.touch(`${this.stem}.state`)
    } catch {
      // The next batch says what is wrong.
    }
  }

  /** Bytes of the rows from a place on. */
  readAt(length: number, place: number): Buffer {
    return this.folder.readAt(this.#fd, Math.min(length, this.#state.bytes - place), place)
  }

  /** Nobody writes it any more; what a batch left behind the last state is given back to the disk. */
  cut(): void {
    this.checkTurn()
    ftruncateSync(this.#fd, this.#state.bytes)
    this.#release()
  }

  /** The rows are in a file of their own now; what does not fit it goes to another one, at another call. */
  finish(): void {
    this.folder.remove(`${this.stem}.rows`)
    if (this.#state.end === 'file') this.#release()
    else this.folder.remove(`${this.stem}.state`)
  }

  /** Leaves nothing behind. */
  drop(): void {
    this.checkTurn()
    for (const ending of ['rows', 'state']) this.folder.remove(`${this.stem}.${ending}`)
  }

  close(): void {
    if (this.#open) closeSync(this.#fd)
    this.#open = false
  }

  /** False once another run has taken over one that was silent for long. */
  get isOurs(): boolean {
    return readState(this.folder, this.stem)?.run === this.#state.run
  }

  /** Before anything is written, or put in its place. */
  checkTurn(): void {
    if (!this.isOurs) throw takenOver()
  }

  #release(): void {
    this.#state = { ...this.#state, status: 'cut' }
    this.#save()
  }

  #save(): void {
    this.folder.replace(this.stem, 'state', JSON.stringify(kept.parse(this.#state)))
  }
}
