import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import { bundling } from '../programs/bundling.ts'
import { median } from './median.ts'

// Programs in processes of their own: what one uses is not counted as another's.

/** The built program. */
export const ourProgram = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

const baseline = (name: string): string => fileURLToPath(new URL(`bare/${name}.mjs`, import.meta.url))

/** The environment of every process: no settings of the user, no log lines. */
export const environment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('QUALYS_'))),
  QUALYS_LOG_LEVEL: 'error',
})

/** Bundles a program of this folder as the package is bundled. */
export async function bundle(name: string, outfile: string): Promise<void> {
  await build({
    ...bundling.options,
    input: fileURLToPath(new URL(name, import.meta.url)),
    output: { ...bundling.output, file: outfile, codeSplitting: false },
    logLevel: 'warn',
  })
}

/** Runs some work with a new folder, and removes the folder. */
export async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A server in a process of its own; `address` is the JSON that it prints first. */
interface Running {
  readonly address: object
  readonly pid: number
  readonly close: () => Promise<void>
}

/** Starts a server. */
export async function startServer(args: readonly string[]): Promise<Running> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env: environment() })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return { address: JSON.parse(line), pid: child.pid ?? 0, close: () => end(child) }
}

/** Ends a process of ours. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill()
  await exit
}

/** What a program printed. */
interface Run {
  readonly rows: number
  readonly ms: readonly number[]
  readonly cpuMs: readonly number[]
  readonly peakMiB: number
}

async function run(program: string, options: object): Promise<Run> {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environment(),
  })
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')])
  if (child.exitCode !== 0) throw new Error(`${program} ended with ${child.exitCode}`)
  return JSON.parse(output)
}

/** Medians of all rounds. */
export interface Use {
  readonly ms: number
  readonly cpuMs: number
  /** Peak memory (RSS) of the process. */
  readonly peakMB: number
}

export interface Comparison {
  readonly ours: Use
  readonly bare: Use
  /** Wall time of ours over that of the baseline. */
  readonly ratio: number
  /** Both, for a person. */
  readonly from: string
}

/** How often a comparison is run. */
export interface Rounds {
  /** Each is two processes of ours and two of the baseline. */
  readonly pairs: number
  /** Rounds measured in each process. */
  readonly rounds: number
  /** Rounds before those, which are not measured: connections are opened, and code is compiled. */
  readonly warmUp: number
}

function useOf(runs: readonly Run[]): Use {
  return {
    ms: median(runs.flatMap(({ ms }) => ms)),
    cpuMs: median(runs.flatMap(({ cpuMs }) => cpuMs)),
    peakMB: (median(runs.map(({ peakMiB }) => peakMiB)) * 1_024 * 1_024) / 1e6,
  }
}

const brief = ({ ms, cpuMs }: Use): string =>
  ms < 10 ? `${ms.toFixed(2)} ms (CPU ${cpuMs.toFixed(2)})` : `${ms.toFixed(0)} ms (CPU ${cpuMs.toFixed(0)})`

/** Compares tasks of ours with their baselines on one server. */
export interface Bench {
  readonly compare: (task: string, rounds: Rounds, bare?: string) => Promise<Comparison>
}

/**
 * Runs ours, the baseline, the baseline and ours, so that neither profits from what comes first. Before them the server
 * answers the same requests once: the first answers take it longer.
 */
async function compared(
  ours: () => Promise<Run>,
  bare: () => Promise<Run>,
  pairs: number,
): Promise<Comparison> {
  const runs = { ours: [] as Run[], bare: [] as Run[] }
  await bare()
  for (let pair = 0; pair < pairs; pair++) {
    runs.ours.push(await ours())
    runs.bare.push(await bare())
    runs.bare.push(await bare())
    runs.ours.push(await ours())
  }
  const counts = new Set([...runs.ours, ...runs.bare].map(({ rows }) => rows))
  if (counts.size !== 1) throw new Error(`not the same rows: ${[...counts].join(', ')}`)
  const [own, base] = [useOf(runs.ours), useOf(runs.bare)]
  return {
    ours: own,
    bare: base,
    ratio: own.ms / base.ms,
    from: `${brief(own)} over ${brief(base)}`,
  }
}

/** The servers that run, by their arguments: several parts use the same one, and a million rows take a minute to make. */
const servers = new Map<string, Promise<Running>>()

function runningServer(args: readonly string[]): Promise<Running> {
  const key = args.join(' ')
  const server = servers.get(key) ?? startServer(args)
  servers.set(key, server)
  return server
}

/** Ends the servers. */
export async function closeServers(): Promise<void> {
  for (const server of servers.values()) await (await server).close()
  servers.clear()
}

async function withServer<Result>(
  args: readonly string[],
  work: (bench: Bench) => Promise<Result>,
): Promise<Result> {
  const { address } = await runningServer(args)
  return withFolder(async (folder) => {
    const program = join(folder, 'own-program.mjs')
    await bundle('own-program.ts', program)
    const runOnce = (path: string, options: object): Promise<Run> =>
      withFolder((files) => run(path, { ...address, ...options, folder: files, file: join(files, 'rows') }))
    return work({
      compare: (task, { pairs, ...rounds }, bare = task) =>
        compared(
          () => runOnce(program, { ...rounds, task }),
          () => runOnce(baseline(bare), rounds),
          pairs,
        ),
    })
  })
}

/** Work on a sandbox with so many runs of scripts. */
export const withSandbox = <Result>(jobs: number, work: (bench: Bench) => Promise<Result>): Promise<Result> =>
  withServer([ourProgram, 'sandbox', '--port', '0', '--jobs', String(jobs)], work)

/** Work on a server of so many questionnaires in XML. */
export const withQuestionnaires = <Result>(
  rows: number,
  work: (bench: Bench) => Promise<Result>,
): Promise<Result> => withServer([baseline('serve-xml'), String(rows)], work)
