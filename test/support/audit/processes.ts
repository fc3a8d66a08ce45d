import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Bundles a script of the tests with all its imports into one file that node can run. */
export async function bundleScript(script: URL, folder: string): Promise<string> {
  const outfile = join(folder, 'script.mjs')
  const entryPoints = [fileURLToPath(script)]
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'warning' })
  return outfile
}

async function outputOf(child: ChildProcess): Promise<string> {
  if (!child.stdout || !child.stderr) throw new Error('no pipes')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  if (child.exitCode !== 0) throw new Error(`ended with ${child.exitCode}: ${stderr}`)
  return stdout
}

/** Runs a script in several processes that start together, and returns what each printed. */
export async function runConcurrently(
  script: string,
  count: number,
  args: readonly string[],
): Promise<readonly string[]> {
  const children = Array.from({ length: count }, () => spawn(process.execPath, [script, ...args]))
  const outputs = Promise.all(children.map(outputOf))
  await Promise.race([outputs, Promise.all(children.map(({ stderr }) => once(stderr, 'data')))])
  for (const { stdin } of children) stdin.end()
  return outputs
}
