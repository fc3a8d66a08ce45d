import { type Rounds, withSandbox } from '../processes.ts'
import type { Figure, Measured } from '../table.ts'

// Tasks on many rows, compared with loops that request the same batches.

const fewRows = 10_000
const manyRows = 100_000
const mostRows = 1_000_000

const calls = (quick: boolean): Rounds => ({ pairs: 1, rounds: quick ? 100 : 300, warmUp: 200 })

/** Code is compiled while many rows are read: with fewer, more rounds go before. */
function roundsFor(rows: number, quick: boolean): Rounds {
  if (rows === mostRows) return { pairs: 1, rounds: 1, warmUp: 0 }
  const [pairs, rounds] = quick ? [1, 1] : [2, 3]
  return rows === fewRows ? { pairs, rounds: 10 * rounds, warmUp: 5 } : { pairs, rounds, warmUp: 1 }
}

const inWords = (rows: number): string => rows.toLocaleString('en')
const sizes = (quick: boolean): readonly number[] => (quick ? [manyRows] : [manyRows, mostRows])

/** One warm call, and the request that it makes. */
export const call = (quick: boolean): Promise<Measured> =>
  withSandbox(fewRows, async ({ compare }) => {
    const { ours, bare, from } = await compare('call', calls(quick))
    return {
      figures: [
        {
          name: 'call',
          what: 'a warm call that lists 20 rows, less the bare request',
          figure: ours.ms - bare.ms,
          unit: 'ms',
          goal: 1.5,
          from,
        },
      ],
    }
  })

export async function walk(quick: boolean): Promise<Measured> {
  const { ratio, from } = await withSandbox(manyRows, ({ compare }) =>
    compare('walk', roundsFor(manyRows, quick)),
  )
  const what = `walking ${inWords(manyRows)} rows, over a bare loop`
  return { figures: [{ name: 'walk', what, figure: ratio, unit: 'x', goal: 1.35, from }] }
}

/** Counting few rows, also less what any call costs. */
const countFew = (quick: boolean): Promise<Figure[]> =>
  withSandbox(fewRows, async ({ compare }) => {
    const oneCall = await compare('call', calls(quick))
    const fixed = oneCall.ours.ms - oneCall.bare.ms
    const { ours, bare, ratio, from } = await compare('count', roundsFor(fewRows, quick), 'walk')
    const what = `counting ${inWords(fewRows)} rows in two groups, over a bare loop`
    return [
      { name: `count ${fewRows}`, what, figure: ratio, unit: 'x', from },
      {
        name: `count ${fewRows}, less a call`,
        what: `${what}, less the fixed cost of a call`,
        figure: (ours.ms - fixed) / bare.ms,
        unit: 'x',
        goal: 1.2,
        from: `a call costs ${fixed.toFixed(2)} ms`,
      },
    ]
  })

export async function count(quick: boolean): Promise<Measured> {
  const figures = await countFew(quick)
  for (const rows of sizes(quick)) {
    const { ratio, from } = await withSandbox(rows, ({ compare }) =>
      compare('count', roundsFor(rows, quick), 'walk'),
    )
    const what = `counting ${inWords(rows)} rows in two groups, over a bare loop`
    figures.push({ name: `count ${rows}`, what, figure: ratio, unit: 'x', goal: 1.2, from })
  }
  return { figures }
}

const formats = [
  { format: 'jsonl', title: 'JSON Lines', goal: 1.5 },
  { format: 'csv', title: 'CSV', goal: 1.6 },
]

/** Exports with all fields, over plain loops that write the same file. */
export async function exports(quick: boolean): Promise<Measured> {
  const figures: Figure[] = []
  for (const rows of sizes(quick)) {
    await withSandbox(rows, async ({ compare }) => {
      for (const { format, title, goal } of formats) {
        const { ours, bare, ratio, from } = await compare(`export-${format}`, roundsFor(rows, quick))
        const name = `export ${format} ${rows}`
        const what = `exporting ${inWords(rows)} rows as ${title}`
        figures.push(
          { name, what: `${what}, over a bare loop that writes them`, figure: ratio, unit: 'x', goal, from },
          {
            name: `${name}, memory`,
            what: `${what}: peak memory, less the bare loop's`,
            figure: ours.peakMB - bare.peakMB,
            unit: 'MB',
            goal: 60,
            from: `${ours.peakMB.toFixed(0)} less ${bare.peakMB.toFixed(0)} MB`,
          },
        )
      }
    })
  }
  return { figures }
}

/** Peak memory of a walk of few rows, and of one of many. */
export async function growth(quick: boolean): Promise<Figure> {
  const rounds: Rounds = { pairs: 1, rounds: 1, warmUp: 0 }
  const most = quick ? manyRows : mostRows
  const peak = (rows: number): Promise<number> =>
    withSandbox(rows, async ({ compare }) => (await compare('walk', rounds)).ours.peakMB)
  const [few, many] = [await peak(fewRows), await peak(most)]
  return {
    name: `growth to ${most}`,
    what: `peak memory of walking ${inWords(most)} rows, less that of ${inWords(fewRows)}`,
    figure: many - few,
    unit: 'MB',
    goal: 60,
    from: `${many.toFixed(0)} less ${few.toFixed(0)} MB`,
  }
}
