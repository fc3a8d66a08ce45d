/** `x`: a ratio. `MB`: 10^6 bytes. No unit: a number of something that `what` names. */
export type Unit = 'x' | 'ms' | 'MB' | 'tokens' | ''

/** One line of the table. */
export interface Figure {
  /** Unique: it is stored under this name. */
  readonly name: string
  readonly what: string
  readonly figure: number
  readonly unit: Unit
  /** What the figure may be at most. Without one it is only compared with the stored figure. */
  readonly goal?: number
  /** What the figure was made of. */
  readonly from?: string
}

/** What a part of the bench measured. */
export interface Measured {
  readonly figures: readonly Figure[]
  /** More to read, measured and shown when a part is asked for by its name. */
  readonly details?: () => Promise<readonly string[]>
}

export type Verdict = 'ok' | 'missed' | ''

/** NaN misses every goal. */
export function verdictOf({ figure, goal }: Pick<Figure, 'figure' | 'goal'>): Verdict {
  if (goal === undefined) return ''
  return figure <= goal ? 'ok' : 'missed'
}

const digits: Readonly<Record<Unit, number>> = { x: 2, ms: 2, MB: 0, tokens: 0, '': 0 }

/** A value with its unit, for a person. */
export function shown(value: number, unit: Unit): string {
  const most = digits[unit]
  const text = value.toLocaleString('en', {
    minimumFractionDigits: unit === 'x' ? most : 0,
    maximumFractionDigits: most,
  })
  return unit === '' ? text : `${text} ${unit}`
}

const head = ['what', 'goal', 'figure', 'verdict', 'from']

const cellsOf = (figure: Figure): string[] => [
  figure.what,
  figure.goal === undefined ? '' : shown(figure.goal, figure.unit),
  shown(figure.figure, figure.unit),
  verdictOf(figure),
  figure.from ?? '',
]

/** The table as lines of a terminal. */
export function tableLines(figures: readonly Figure[]): string[] {
  const rows = [head, ...figures.map(cellsOf)]
  const widths = head.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** The table in Markdown. */
export function markdownTable(figures: readonly Figure[]): string {
  const lineOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [head, head.map(() => '---'), ...figures.map(cellsOf)].map(lineOf).join('\n')
}

/** Where and when the figures were measured. */
export interface Circumstances {
  /** YYYY-MM-DD. */
  readonly date: string
  readonly node: string
  /** Processor cores, memory and system, in plain words. */
  readonly machine: string
  readonly quick: boolean
}

/** What --json prints. */
export function jsonForm(circumstances: Circumstances, figures: readonly Figure[]): object {
  return { ...circumstances, figures: figures.map((figure) => ({ ...figure, verdict: verdictOf(figure) })) }
}
