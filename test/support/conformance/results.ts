import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Failure } from './comparison.ts'

// What a run of the suites has written: a folder a scenario with its checks, and a summary on the terminal.

const checksSchema = z.array(
  z.object({ id: z.string(), status: z.string(), errorMessage: z.string().optional() }),
)

/** What came out of a suite. */
export interface SuiteResult {
  readonly passed: number
  readonly failures: readonly Failure[]
}

/** A warning is a failure: the suites count it as one when they compare with expected failures. */
const failed = ['FAILURE', 'WARNING']

/** The scenarios that the summary names. */
const scenariosIn = (output: string): string[] =>
  [...output.matchAll(/^[✓✗] (\S+): \d+ passed, \d+ failed/gm)].map(([, name = '']) => name)

const folderOf = (scenario: string, folders: readonly string[]): string | undefined =>
  folders.find((name) => name.replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '') === `server-${scenario}`)

function failuresOf(scenario: string, checks: z.infer<typeof checksSchema>): Failure[] {
  const messages = new Map<string, string>()
  for (const { id, status, errorMessage = status } of checks)
    if (failed.includes(status) && !messages.has(id)) messages.set(id, errorMessage)
  return [...messages].map(([id, message]) => ({ name: `${scenario}:${id}`, message }))
}

/**
 * Reads what a suite has written into `folder` and on the terminal. A scenario that broke off has no checks: that is a
 * failure named `scenario:unfinished`. Throws if no scenario ran.
 */
export function readResults(folder: string, output: string): SuiteResult {
  const scenarios = scenariosIn(output)
  if (scenarios.length === 0) throw new Error(`no scenario ran: ${output.slice(-2_000)}`)
  const folders = readdirSync(folder)
  let passed = 0
  const failures = scenarios.flatMap((scenario) => {
    const found = folderOf(scenario, folders)
    if (found === undefined) return [{ name: `${scenario}:unfinished`, message: 'The scenario broke off.' }]
    const checks = checksSchema.parse(JSON.parse(readFileSync(join(folder, found, 'checks.json'), 'utf8')))
    passed += checks.filter(({ status }) => status === 'SUCCESS').length
    return failuresOf(scenario, checks)
  })
  return { passed, failures }
}
