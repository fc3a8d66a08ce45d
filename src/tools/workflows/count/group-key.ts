function mondayOf(day: string): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  return date.toISOString().slice(0, 10)
}

/** Cuts an ISO 8601 time in UTC to the start of its bucket; a week starts on Monday. */
export const buckets = {
  hour: (iso: string): string => `${iso.slice(0, 13)}:00Z`,
  day: (iso: string): string => iso.slice(0, 10),
  week: (iso: string): string => mondayOf(iso.slice(0, 10)),
  month: (iso: string): string => iso.slice(0, 7),
} as const

export const bucketNames = Object.keys(buckets) as (keyof typeof buckets)[]

/** A column to group by. */
export interface GroupKey {
  /** As written in the argument. */
  readonly label: string
  /** The column, without its bucket. */
  readonly name: string
  readonly bucket?: keyof typeof buckets
}

const bucketedLabel = new RegExp(`^(.+):(${bucketNames.join('|')})$`)

/** `created.dateTime:day` is the column `created.dateTime` by day. */
export function parseGroupKey(label: string): GroupKey {
  const [, name = label, bucket] = bucketedLabel.exec(label) ?? []
  return { label, name, ...(bucket !== undefined && { bucket: bucket as keyof typeof buckets }) }
}
