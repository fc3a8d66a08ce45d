import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processEnvironment } from '../command-line/program.ts'
import { environmentFor } from '../environment.ts'
import { effectRequests, openSandbox } from '../sandbox.ts'
import { program } from '../stdio/peers.ts'
import type { ServerCommand } from './host.ts'
import { jobs } from './reads-and-changes.ts'

/** A client whose conversations can be had, and how many of their requests change something. */
export interface TestedClient {
  readonly name: string
  readonly effects: number
  /** The conversations, and what went wrong in them. */
  readonly run: (server: ServerCommand) => Promise<readonly string[]>
}

/** What goes wrong with a client on a sandbox and in folders of its own. */
export async function failuresWith({ run, effects }: TestedClient): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-clients-'))
  const sandbox = await openSandbox({ jobs })
  try {
    const settings = {
      QUALYS_STATE_DIR: folder,
      QUALYS_EXPORT_DIR: join(folder, 'exports'),
      // A call that nobody approves waits no longer.
      QUALYS_CALL_TIMEOUT_SECONDS: '10',
    }
    const env = processEnvironment(environmentFor(sandbox, settings))
    const failures = await run({ command: process.execPath, args: [program], env })
    const sent = (await effectRequests(sandbox.control)).length
    return sent === effects ? failures : [...failures, `${sent} effects were sent, not ${effects}.`]
  } finally {
    await sandbox.close()
    rmSync(folder, { recursive: true })
  }
}
