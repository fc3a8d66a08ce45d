import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Detection, eventIn, orderVariable, patienceVariable, type TestEvent } from './events.ts'

/** The result of running some test files: a failure with the files that had passed by then, or none. */
export type Outcome =
  | { readonly kind: 'failed' | 'hung'; readonly by: Detection; readonly passed: readonly string[] }
  | { readonly kind: 'passed' }

export interface RunLimits {
  /** Test files at a time. */
  readonly atOnce: number
  /** After so long it counts as hung. */
  readonly limitMs: number
  /** How much longer than its own time-out a test may be silent before it counts as hung. */
  readonly patienceMs: number
}

export interface StageOptions extends RunLimits {
  /** The folder to run in. */
  readonly root: string
  /** The projects of vitest to run; all where there is none. */
  readonly projects: readonly string[]
  /** The files, in the order to run them. */
  readonly files: readonly string[]
}

/** How long a run may go on after its first failure. */
const graceMs = 20_000

/** A run that is silent for so long has stopped. */
const silenceMs = 180_000

const config = 'test/nightly/mutations/ordered.config.ts'
const running = new Set<ChildProcess>()

/** Ends a run and all that it started. */
function end(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It is gone.
  }
}

/** Ends all runs, and waits until they are gone. */
export async function endAll(): Promise<void> {
  const gone = [...running].map((child) => once(child, 'close'))
  for (const child of running) end(child)
  await Promise.all(gone)
}

/** Runs files until the first failure. */
export async function runStage(options: StageOptions): Promise<Outcome> {
  const { root, projects, files, atOnce, limitMs, patienceMs } = options
  if (files.length === 0) return { kind: 'passed' }
  const order = join(root, '.test-order')
  writeFileSync(order, files.join('\n'))
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--bail=1',
      `--config=${config}`,
      ...projects.map((name) => `--project=${name}`),
    ],
    {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        [orderVariable]: order,
        [patienceVariable]: String(patienceMs),
        VITEST_MAX_WORKERS: String(atOnce),
      },
    },
  )
  running.add(child)
  let first: Pick<Extract<Outcome, { by: Detection }>, 'kind' | 'by'> | undefined
  let last: Extract<TestEvent, { type: 'end' }> | undefined
  const passed: string[] = []
  const printed: string[] = []
  let grace: NodeJS.Timeout | undefined
  const decide = (kind: 'failed' | 'hung', by: Detection): void => {
    first ??= { kind, by }
    grace ??= setTimeout(() => end(child), kind === 'hung' ? 0 : graceMs)
  }
  let lastOutput = Date.now()
  let slow = false
  const tooLong = `no end within ${Math.round(limitMs / 60_000)} minutes`
  const limit = setTimeout(() => {
    slow = first === undefined && Date.now() - lastOutput < silenceMs
    decide('hung', { file: '', test: tooLong })
  }, limitMs)
  const read = (line: string): void => {
    const event = eventIn(line)
    lastOutput = Date.now()
    if (event === undefined) printed.push(line)
    else if (event.type === 'end') last = event
    else if (event.type === 'passed') passed.push(event.file)
    else decide(event.type, { file: event.file, test: event.test })
  }
  createInterface({ input: child.stdout }).on('line', read)
  createInterface({ input: child.stderr }).on('line', (line) => printed.push(line))
  await once(child, 'close')
  clearTimeout(limit)
  clearTimeout(grace)
  running.delete(child)
  // Processes that it started may outlive it.
  end(child)
  // A slow run proves nothing about the mutation.
  if (slow)
    throw new Error(`The tests still run, but with ${tooLong}: set --limit, or wait for a quieter machine.`)
  if (first) return { ...first, passed }
  const [error] = last?.errors ?? []
  if (error !== undefined) return { kind: 'failed', by: error, passed }
  if (last && last.done > 0 && child.exitCode === 0) return { kind: 'passed' }
  throw new Error(`vitest could not run (exit code ${child.exitCode}):\n${printed.slice(-20).join('\n')}`)
}

/** Builds the program, for tests that find it built. */
export function build(root: string): void {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'pipe' })
}
