/** One line of a scrape that holds a value. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** What Prometheus reads from a scrape. */
export interface Scrape {
  readonly samples: readonly Sample[]
  /** The metrics, by name. */
  readonly types: ReadonlyMap<string, string>
}

const header = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/
const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/
const label = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/gy

function labelsIn(text: string): Record<string, string> {
  const labels: Record<string, string> = {}
  label.lastIndex = 0
  while (label.lastIndex < text.length) {
    const at = label.lastIndex
    const [, name = '', value = ''] = label.exec(text) ?? []
    if (label.lastIndex <= at) throw new Error(`Not a list of labels: ${text}`)
    labels[name] = value
  }
  return labels
}

function numberIn(text: string): number {
  const value = { '+Inf': Number.POSITIVE_INFINITY, '-Inf': Number.NEGATIVE_INFINITY }[text] ?? Number(text)
  if (Number.isNaN(value) && !/^nan$/i.test(text)) throw new Error(`Not a number: ${text}`)
  return value
}

/**
 * Reads the text format of Prometheus, version 0.0.4, line by line. Throws at the first line that breaks it, at a sample
 * without a type before it, and at a series that comes twice.
 */
export function parseScrape(text: string): Scrape {
  if (!text.endsWith('\n')) throw new Error('The last line has no end.')
  const samples: Sample[] = []
  const types = new Map<string, string>()
  const series = new Set<string>()
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, kind, metric = '', rest = ''] = header.exec(line) ?? []
    if (kind === 'TYPE') types.set(metric, rest)
    if (kind !== undefined) continue
    const [all, name = '', labels = '', value = ''] = sample.exec(line) ?? []
    if (all === undefined) throw new Error(`Not a line of a scrape: ${line}`)
    if (!types.has(name) && types.get(name.replace(/_(?:bucket|sum|count)$/, '')) !== 'histogram')
      throw new Error(`No type: ${line}`)
    const key = line.slice(0, -value.length)
    if (series.has(key)) throw new Error(`Twice: ${line}`)
    series.add(key)
    samples.push({ name, labels: labelsIn(labels), value: numberIn(value) })
  }
  return { samples, types }
}

/** The value of the one series with this name and these labels; undefined if there is none. */
export function seriesValue(
  { samples }: Scrape,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const isWanted = (one: Sample): boolean =>
    one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value)
  const found = samples.filter(isWanted)
  if (found.length > 1) throw new Error(`${found.length} series of ${name} have these labels.`)
  return found[0]?.value
}
