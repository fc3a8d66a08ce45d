type Row = Readonly<Record<string, unknown>>

/** What is known after an effect: one clause for the reply, and the same as fields for programs. */
export interface NewState {
  readonly text: string
  readonly fields?: Row
}

/** What an effect on CAR names by id. */
export type TargetKind = 'script' | 'schedule' | 'host' | 'tag' | 'language' | 'commandSet' | 'report'

/** The targets of an effect as they were shown before it, masked. */
export interface ShownTargets {
  /** The row with this id; undefined if it could not be looked up. */
  row(kind: TargetKind, id: string): Row | undefined
  /** Where code runs; absent if none runs. `count`: undefined if it is not known. */
  readonly hosts?: { readonly count: number | undefined }
}

/** No target was looked up. */
export const noTargets: ShownTargets = { row: () => undefined }
