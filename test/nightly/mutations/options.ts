import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { areas } from './areas.ts'
import { freshSeed } from './random.ts'

const names = areas.map(({ name }) => name)

export const usage = `Usage: npx tsx test/nightly/mutations/mutations.ts [options]

Draws small changes of the source and runs the tests against each of them.

  --seed N         what decides the draw; without it a fresh one is taken and printed
  --each N         mutations of each area (10)
  --total N        mutations of all areas together, instead of --each
  --area NAME      only this area: ${names.join(', ')}
  --list           print what is drawn and run nothing
  --results FILE   where the results are kept (a file in the folder for temporary files, named by the seed)
  --record         keep them in results.jsonl beside this program, and write results.md from it
  --resume         go on with results that are there; with --record, the seed and the shares are theirs
  --only WHICH     run these once more: numbers like 3,17, or "survived"
  --against-old    run the survivors against the tests of the commit before the tests were put into layers
  --equivalent N   note that no test can notice mutation N
  --because TEXT   and why
  --workers 1|2    mutations at a time (2)
  --limit MINUTES  a run that takes longer counts as a hang (20; 90 with --against-old)
  --strict         exit with 1 if a mutation survives
  --help
`

const flags = {
  seed: { type: 'string' },
  each: { type: 'string', default: '10' },
  total: { type: 'string' },
  area: { type: 'string' },
  list: { type: 'boolean', default: false },
  results: { type: 'string' },
  record: { type: 'boolean', default: false },
  resume: { type: 'boolean', default: false },
  only: { type: 'string' },
  'against-old': { type: 'boolean', default: false },
  equivalent: { type: 'string' },
  because: { type: 'string' },
  workers: { type: 'string', default: '2' },
  limit: { type: 'string' },
  strict: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** The list that is kept with this program. */
const recordedResults = fileURLToPath(new URL('results.jsonl', import.meta.url))

export type Options = ReturnType<typeof optionsOf>

function parseInteger(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} takes a whole number, not "${text}"`)
  return Number(text)
}

export function optionsOf(argv: readonly string[]) {
  const { values } = parseArgs({ args: [...argv], options: flags })
  const number = (name: 'seed' | 'total' | 'equivalent' | 'limit'): number | undefined => {
    const text = values[name]
    return text === undefined ? undefined : parseInteger(name, text)
  }
  const { area, only, because, list, record, resume, strict, help } = values
  if (area !== undefined && !names.includes(area))
    throw new Error(`--area is one of ${names.join(', ')}, not "${area}"`)
  const equivalent = number('equivalent')
  if ((equivalent === undefined) !== (because === undefined))
    throw new Error('--equivalent and --because belong together')
  const workers = parseInteger('workers', values.workers)
  if (workers < 1 || workers > 2) throw new Error('--workers is 1 or 2')
  const seed = number('seed') ?? freshSeed()
  const againstOld = values['against-old']
  return {
    seed,
    each: parseInteger('each', values.each),
    total: number('total'),
    area,
    list,
    record,
    results: record
      ? recordedResults
      : (values.results ?? join(tmpdir(), `qualys-mcp-mutations-${seed}.jsonl`)),
    /** All but a first run need existing results. */
    resume: resume || againstOld || only !== undefined || equivalent !== undefined,
    /** Numbers; undefined for the survivors. */
    only:
      only === undefined || only === 'survived'
        ? undefined
        : only.split(',').map((text) => parseInteger('only', text)),
    again: only !== undefined,
    againstOld,
    equivalent,
    because,
    workers,
    /** Test files that each of them runs at a time. */
    atOnce: Math.max(1, Math.floor(availableParallelism() / workers)),
    limitMs: (number('limit') ?? (againstOld ? 90 : 20)) * 60_000,
    strict,
    help,
  }
}
