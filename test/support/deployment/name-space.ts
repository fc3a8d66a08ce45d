import { type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import type { Child } from './running-service.ts'

// A root folder and a network of their own, on Linux and as root: what a container or a unit of systemd has. Nothing of
// the machine can be changed from within, and a port that is taken here is free there.

const [unshare, nsenter] = ['/usr/bin/unshare', '/usr/bin/nsenter']

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const env = { PATH: path }
const pipes: SpawnOptions = { env, stdio: ['pipe', 'pipe', 'pipe'] }

/** True if this machine and this user can make them. */
export const hasNameSpaces =
  process.getuid?.() === 0 &&
  spawnSync(unshare, ['--mount', '--net', 'ip', 'link', 'set', 'lo', 'up'], { env }).status === 0

/** How a command is run there. */
interface Running {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** The working folder. */
  readonly folder?: string
  /** Lines of a shell in front of the root folder, in which `$ROOT` is its path; what they mount is for it alone. */
  readonly mounts?: string
}

/** How a command ended. */
interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A root folder and a network of their own. */
export interface NameSpace {
  /** Starts a program there, as root. It has this environment, and nothing else. */
  readonly start: (command: readonly string[], running?: Running) => Child
  /** Runs a program to its end. */
  readonly run: (command: readonly string[], running?: Running) => Promise<Ran>
}

/** Makes a root folder by the lines of a shell, in which `$ROOT` is its path. It is gone after the test. */
export async function openNameSpace(script: string): Promise<NameSpace> {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-root-'))
  const prepare = `set -e; ip link set lo up; mount -t tmpfs none ${folder}; ROOT=${folder}/root; mkdir $ROOT; ${script}\necho ready; exec cat`
  const holder = spawn(unshare, ['--mount', '--net', '--propagation', 'private', 'sh', '-c', prepare], {
    env,
  })
  const ended = once(holder, 'close')
  onTestFinished(async () => {
    // With its last process the name space ends, and all that is mounted in it.
    holder.stdin.end()
    await ended
    rmdirSync(folder)
  })
  const complaint = text(holder.stderr)
  const first = await Promise.race([once(holder.stdout, 'data'), ended.then(() => undefined)])
  if (!first) throw new Error(`the root folder cannot be made: ${await complaint}`)
  const root = join(folder, 'root')
  const enter = ['--target', String(holder.pid), '--mount', '--net', '--']

  const start: NameSpace['start'] = (command, { env: given = {}, folder: working = '/', mounts } = {}) => {
    const variables = Object.entries({ PATH: path, ...given }).map(([name, value]) => `${name}=${value}`)
    const within = ['env', '--ignore-environment', `--chdir=${working}`, ...variables, ...command]
    const own =
      mounts === undefined
        ? []
        : ['unshare', '--mount', 'sh', '-ec', `ROOT=${root}; ${mounts}\nexec "$@"`, 'sh']
    return spawn(nsenter, [...enter, ...own, 'chroot', root, ...within], pipes) as Child
  }
  return {
    start,
    run: async (command, running = {}) => {
      const child = start(command, running)
      child.stdin?.on('error', () => undefined).end(running.input ?? '')
      const [stdout, stderr, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'close'),
      ])
      return { code: Number(code), stdout, stderr }
    },
  }
}

/** The words before a command that run it as somebody without rights. */
export const asUser = (user: string, group = user): string[] => [
  ...['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups', '--no-new-privs'],
  ...['--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all'],
]
