/** Where an id is looked for that may be given by the first eight characters of its UUID. */
export interface ShortId<List> {
  readonly list: List
  /** The fields of its rows that hold the UUID and a name. */
  readonly field: string
  readonly title: string
}
