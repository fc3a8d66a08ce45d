import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { type Asked, type Load, load, type Target } from '../http-load.ts'
import { median } from '../median.ts'
import { bundle, startServer, withFolder } from '../processes.ts'
import type { Figure, Measured } from '../table.ts'

// The service with all tools, all checks and 200 callers, against the SDK's bare handler with one tool and neither.

const callers = 200
const call: Asked = { revision: '2026-07-28', method: 'tools/call' }
const olderCall: Asked = { revision: '2025-11-25', method: 'tools/call' }
const list: Asked = { revision: '2026-07-28', method: 'tools/list' }
const olderList: Asked = { revision: '2025-11-25', method: 'tools/list' }

type Service = Target & { readonly pid: number }

/** Runs the two services side by side. */
function withServices<Result>(work: (ours: Service, bare: Service) => Promise<Result>): Promise<Result> {
  return withFolder(async (folder) => {
    const open = async (name: string) => {
      const program = join(folder, `${name}.mjs`)
      await bundle(`${name}.ts`, program)
      return startServer([program])
    }
    const [ours, bare] = [await open('http-service'), await open('http-bare')]
    try {
      return await work(
        { ...(ours.address as Target), pid: ours.pid },
        { ...(bare.address as Target), pid: bare.pid },
      )
    } finally {
      await ours.close()
      await bare.close()
    }
  })
}

/** Loads both in turn, and returns the medians of their throughput. */
async function compare(ours: Service, bare: Service, asked: Asked, quick: boolean) {
  const [pairs, seconds] = quick ? [2, 1] : [4, 2]
  const rates = { ours: [] as number[], bare: [] as number[] }
  const run = async (target: Service, into: number[]): Promise<void> => {
    into.push((await load(target, [asked], { callers: 50, seconds })).perSecond)
  }
  await run(ours, [])
  await run(bare, [])
  for (let pair = 0; pair < pairs; pair++) {
    await run(ours, rates.ours)
    await run(bare, rates.bare)
    await run(bare, rates.bare)
    await run(ours, rates.ours)
  }
  return { ours: median(rates.ours), bare: median(rates.bare) }
}

/** Resident memory of a process now, in MB. */
const residentMB = (pid: number): number =>
  (Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1_024) / 1e6

const loadText = ({ perSecond, p50, p99, errors }: Load): string =>
  `${perSecond.toFixed(0)} a second, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ${errors} errors`

/** Throughput, its tail with 200 callers, and memory. */
export function http(quick: boolean): Promise<Measured> {
  return withServices(async (ours, bare) => {
    const rates = await compare(ours, bare, call, quick)
    const listRates = await compare(ours, bare, list, quick)
    const kinds = [call, olderCall, call, olderCall, list, call, olderList, call]
    const crowd = { callers, seconds: quick ? 3 : 8 }
    const mixed = await load(ours, kinds, crowd)
    await load(bare, kinds, crowd)
    const growth = residentMB(ours.pid) - residentMB(bare.pid)
    const figures: readonly Figure[] = [
      {
        name: 'http call',
        what: 'HTTP: a call with all tools, checks and callers, over the SDK alone with one tool',
        figure: rates.bare / rates.ours,
        unit: 'x',
        goal: 1 / 0.95,
        from: `${rates.ours.toFixed(0)} calls a second over ${rates.bare.toFixed(0)}`,
      },
      {
        name: 'http tail',
        what: 'HTTP: p99 over p50 of 200 callers, lists and calls of both revisions',
        figure: mixed.errors === 0 ? mixed.p99 / mixed.p50 : Number.NaN,
        unit: 'x',
        goal: 3,
        from: loadText(mixed),
      },
      {
        name: 'http memory',
        what: 'HTTP: memory (RSS) after 200 callers, less that of the SDK alone',
        figure: growth,
        unit: 'MB',
        goal: 60,
        from: `${residentMB(ours.pid).toFixed(0)} MB`,
      },
    ]
    const details = async (): Promise<readonly string[]> => [
      `tools/list: ${listRates.ours.toFixed(0)} lists of all tools a second, the SDK alone ${listRates.bare.toFixed(0)} of one tool`,
    ]
    return { figures, details }
  })
}
