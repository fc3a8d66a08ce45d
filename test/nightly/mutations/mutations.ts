// Draws mutations of the source and runs the tests against each of them: a survivor shows where a test is missing.
// Each change is made alone, in a scratch copy, and the results are kept in a file, so that an interrupted run can
// resume.

import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { areas } from './areas.ts'
import { drawMutations, type Mutation, pointsByArea, sharesOf } from './draw.ts'
import { Judge } from './judging/judge.ts'
import { layersOf } from './judging/layers.ts'
import { judgeByOlderTests, olderCommit, scratchOfOlder } from './judging/older-tests.ts'
import { filesOf, removeLeftovers, Scratch } from './judging/scratch.ts'
import { endAll } from './judging/test-run.ts'
import { type Options, optionsOf, usage } from './options.ts'
import { olderOutcomeOf, outcomeOf, type Result, Results, tableOf } from './results.ts'

/** The hash of the commit, and whether tracked files differ from it. */
const describe = ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*']

/** Far more than the pauses of a busy machine. */
const patienceMs = 45_000

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** Scratch copies that are not removed yet. */
const open = new Set<Scratch>()

async function closeAll(): Promise<void> {
  await endAll()
  for (const scratch of open) scratch.remove()
  open.clear()
}

/** As many equal copies as there are workers. */
function makeScratches(count: number, make: () => Scratch): Scratch[] {
  removeLeftovers()
  const first = make()
  open.add(first)
  const others = Array.from({ length: count - 1 }, () => Scratch.like(first))
  for (const scratch of others) open.add(scratch)
  return [first, ...others]
}

/** Hands the items out to the workers, in their order. */
async function distribute<Item>(
  items: readonly Item[],
  workers: readonly ((item: Item) => Promise<void>)[],
): Promise<void> {
  const left = [...items]
  await Promise.all(
    workers.map(async (work) => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
    }),
  )
}

const title = ({ number, area, kind, file, line }: Mutation | Result): string =>
  `${String(number).padStart(3)} ${area} ${file}:${line} ${kind}`
const change = ({ before, after }: Mutation | Result): string => `    - ${before}\n    + ${after}`

/** Which test files pass without any mutation, as far as that was checked. */
const passingFiles = new Map<string, boolean>()

function judges(scratches: readonly Scratch[], { atOnce, limitMs }: Options): Judge[] {
  const [first] = scratches
  const layers = first ? layersOf(first.root) : []
  return scratches.map(
    (scratch) => new Judge(scratch, layers, { atOnce, limitMs, patienceMs, say }, passingFiles),
  )
}

async function runAll(options: Options, results: Results, mutations: readonly Mutation[]): Promise<void> {
  const { again, only } = options
  const wanted = mutations.filter((mutation) => {
    const known = results.of(mutation)
    if (known === undefined) return true
    return again && (only?.includes(mutation.number) ?? results.survivors.includes(known))
  })
  say(
    `${wanted.length} of ${mutations.length} are run, ${options.workers} at a time; results in ${results.path}`,
  )
  if (wanted.length === 0) return
  const scratches = makeScratches(options.workers, () => Scratch.ofToday(repository))
  const workers = judges(scratches, options).map((judge) => async (mutation: Mutation) => {
    const { edit, ...rest } = mutation
    const result: Result = { ...rest, ...(await judge.judge(mutation.file, edit)) }
    results.add(result)
    say(`${title(result)}: ${outcomeOf(result)}, ${result.seconds} s\n${change(result)}`)
  })
  await distribute(wanted, workers)
}

async function runOlder(options: Options, results: Results): Promise<void> {
  const wanted = results.survivors.filter(({ old, number }) =>
    options.again ? (options.only?.includes(number) ?? true) : old === undefined,
  )
  say(`${wanted.length} survivors are held against the tests of ${olderCommit}`)
  if (wanted.length === 0) return
  const scratches = makeScratches(options.workers, () => scratchOfOlder(repository, olderCommit))
  const workers = judges(scratches, options).map((judge, at) => async (result: Result) => {
    const old = scratches[at] && (await judgeByOlderTests(scratches[at], judge, result))
    if (old === undefined) return
    results.add({ ...result, old })
    const seconds = 'seconds' in old ? `, ${old.seconds} s` : ''
    say(`${title(result)}: ${olderOutcomeOf(old)}${seconds}\n${change(result)}`)
  })
  await distribute(wanted, workers)
}

function summarise(results: Results, mutations: readonly Mutation[]): void {
  const all = mutations.map((mutation) => results.of(mutation)).filter((result) => result !== undefined)
  const count = (wanted: string): number => all.filter(({ verdict }) => verdict === wanted).length
  say(
    `${all.length} of ${mutations.length} done: ${count('killed')} killed, ${count('hung')} ended by a hang, ${count('survived')} survived`,
  )
  for (const result of results.survivors) say(`${title(result)}: survived\n${change(result)}`)
  const red = [...passingFiles].filter(([, passes]) => !passes).map(([file]) => file)
  if (red.length > 0) say(`These fail without any mutation, and said nothing about any: ${red.join(', ')}`)
}

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2))
  if (options.help) return say(usage.trimEnd())
  const known = options.resume ? Results.load(options.results) : undefined
  const seed = known?.header.seed ?? options.seed
  const shares = known
    ? new Map(Object.entries(known.header.shares))
    : sharesOf(
        areas.map(({ name }) => name),
        options,
        seed,
      )
  const points = pointsByArea(repository, filesOf(repository, 'src'))
  const drawn = drawMutations(points, shares, seed)
  const mutations = drawn.filter(({ area }) => (options.area ?? area) === area)
  say(`seed ${seed}: ${mutations.length} mutations`)
  if (options.list) {
    for (const mutation of mutations) say(`${title(mutation)}\n${change(mutation)}`)
    return
  }
  const commit = execFileSync('git', describe, { cwd: repository, encoding: 'utf8' }).trim()
  const header = { seed, shares: Object.fromEntries(shares), commit }
  const results = known ?? Results.start(options.results, header)
  if (options.equivalent !== undefined) results.explain(options.equivalent, options.because ?? '')
  else if (options.againstOld) await runOlder(options, results)
  else {
    results.keep(drawn)
    await runAll(options, results, mutations)
  }
  summarise(results, mutations)
  results.tidy()
  if (options.record) writeFileSync(options.results.replace(/\.jsonl$/, '.md'), tableOf(results))
  if (options.strict && results.survivors.length > 0) process.exitCode = 1
}

// tsx kills a program that does not handle the signal within 30 ms: leftovers are removed by the next run.
let stopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    stopping = true
    void closeAll().finally(() => process.exit(130))
  })

try {
  await main()
} catch (error) {
  if (!stopping) process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
} finally {
  await closeAll()
}
