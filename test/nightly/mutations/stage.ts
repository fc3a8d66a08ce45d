import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { eventIn, orderVariable, type TestEvent } from './events.ts'

/** The file and the test that noticed; no test where the file as a whole failed. */
export interface Noticed {
  readonly file: string
  readonly test: string
}

/** What came of running some files of tests. */
export type Outcome =
  | { readonly kind: 'failed' | 'hung'; readonly by: Noticed }
  | { readonly kind: 'passed'; readonly tests: number }

export interface StageOptions {
  /** The folder to run in. */
  readonly root: string
  /** The projects of vitest to run; all where there is none. */
  readonly projects: readonly string[]
  /** The files, in the order to run them. */
  readonly files: readonly string[]
  /** Test files at a time. */
  readonly atOnce: number
  /** After so long it counts as hung. */
  readonly limitMs: number
}

/** How long a run may go on after its first failure. */
const graceMs = 20_000

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

/** Ends all runs. */
export function endAll(): void {
  for (const child of running) end(child)
}

/** Runs files until the first failure. */
export async function runStage(options: StageOptions): Promise<Outcome> {
  const { root, projects, files, atOnce, limitMs } = options
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
      env: { ...process.env, [orderVariable]: order, VITEST_MAX_WORKERS: String(atOnce) },
    },
  )
  running.add(child)
  let first: Outcome | undefined
  let last: Extract<TestEvent, { type: 'end' }> | undefined
  const printed: string[] = []
  const decide = (outcome: Outcome, waitMs: number): void => {
    first ??= outcome
    setTimeout(() => end(child), waitMs).unref()
  }
  const limit = setTimeout(
    () =>
      decide(
        { kind: 'hung', by: { file: '', test: `no end within ${Math.round(limitMs / 60_000)} minutes` } },
        0,
      ),
    limitMs,
  )
  const read = (line: string): void => {
    const event = eventIn(line)
    if (event === undefined) printed.push(line)
    else if (event.type === 'end') last = event
    else
      decide(
        { kind: event.type, by: { file: event.file, test: event.test } },
        event.type === 'hung' ? 0 : graceMs,
      )
  }
  createInterface({ input: child.stdout }).on('line', read)
  createInterface({ input: child.stderr }).on('line', (line) => printed.push(line))
  await new Promise((resolve) => child.once('close', resolve))
  clearTimeout(limit)
  running.delete(child)
  // What it started may outlive it.
  end(child)
  if (first) return first
  const [error] = last?.errors ?? []
  if (error !== undefined) return { kind: 'failed', by: { file: '', test: `outside of any test: ${error}` } }
  if (last && last.passed > 0 && child.exitCode === 0) return { kind: 'passed', tests: last.passed }
  throw new Error(`vitest could not run (exit code ${child.exitCode}):\n${printed.slice(-20).join('\n')}`)
}

/** Builds the program, for tests that find it built. */
export function build(root: string): void {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'pipe' })
}
