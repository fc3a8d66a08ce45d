import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Environment } from '../../../src/settings.ts'
import type { Told } from '../../support/exports/desk.ts'

const script = fileURLToPath(new URL('./exporter.ts', import.meta.url))

/** An export in a process of its own, under limits of the shell (`ulimit -f 100`). */
export function exportApart(environment: Environment, folder: string, args: object, limits = 'true') {
  const given = [JSON.stringify(environment), folder, JSON.stringify(args)]
  const command = ['-c', `${limits}; exec "$0" "$@"`, process.execPath, '--import', 'tsx', script, ...given]
  const child = spawn('bash', command, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 })
  const closed = once(child, 'close')
  const told = async (): Promise<Told> => {
    const [out, complaint] = await Promise.all([text(child.stdout), text(child.stderr), closed])
    if (out === '') throw new Error(`nothing was told: ${complaint}`)
    return JSON.parse(out)
  }
  return {
    told,
    /** Ends it as the system does when memory runs out: without a word. */
    kill: async (): Promise<void> => {
      child.kill('SIGKILL')
      await closed
    },
  }
}
