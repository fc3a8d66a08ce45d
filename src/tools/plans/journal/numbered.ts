const digits = 6
const highest = 10 ** digits - 1

/** The names of files that are numbered from 1, such as `000007.json`. */
export interface Numbered {
  /** Throws for a number that has too many digits. */
  readonly nameOf: (number: number) => string
  /** The number in a name; undefined for other names. */
  readonly numberOf: (name: string) => number | undefined
}

/** Names that begin with a prefix. */
export function numbered(prefix: string): Numbered {
  const pattern = new RegExp(`^${prefix}(\\d{${digits}})\\.json$`)
  return {
    nameOf: (number) => {
      if (number > highest) throw new Error(`A folder holds at most ${highest} numbered files of a kind.`)
      return `${prefix}${String(number).padStart(digits, '0')}.json`
    },
    numberOf: (name) => {
      const number = Number(pattern.exec(name)?.[1] ?? 0)
      return number > 0 ? number : undefined
    },
  }
}
