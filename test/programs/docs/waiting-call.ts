import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './repository.ts'

// The call of the pictures: an effect on the embedded sandbox, which waits for a person while the pictures are made.

const tool = 'car_execute_script'
const args = {
  scriptId: 90650,
  assetIds: [21789634, 21789714, 21789788],
  rebootAfterScriptExecution: true,
}

/** The program from its source, built or not. */
export const program = ['--import', 'tsx', 'src/main.ts']

/** The code in the pictures: the true one is random. */
export const steadyCode = '7KQ4-M2XP'

/** A call that waits. */
export interface WaitingCall {
  readonly code: string
  readonly stateDir: string
  /** What the program was started with: neither the settings nor the state folder of the user who runs this. */
  readonly env: Readonly<Record<string, string>>
}

/** The code that the program names as soon as its call waits. */
async function codeFrom(outputs: readonly NodeJS.ReadableStream[], ended: Promise<unknown>): Promise<string> {
  let printed = ''
  const named = new Promise<string>((resolve) => {
    for (const output of outputs)
      output.setEncoding('utf8').on('data', (text) => {
        printed += text
        const [, code] = /\/approve\/([2-9A-Z]{4}-[2-9A-Z]{4})\b/.exec(printed) ?? []
        if (code !== undefined) resolve(code)
      })
  })
  const code = await Promise.race([named, ended.then(() => undefined)])
  if (code === undefined) throw new Error(`The call waits for nobody: ${printed}`)
  return code
}

/** Makes the call, and works while it waits. */
export async function whileItWaits<T>(work: (waiting: WaitingCall) => Promise<T>): Promise<T> {
  const stateDir = mkdtempSync(join(tmpdir(), 'qualys-docs-'))
  const env = { PATH: process.env['PATH'] ?? '', HOME: stateDir, QUALYS_STATE_DIR: stateDir }
  const command = [...program, 'call', tool, JSON.stringify(args), '--sandbox']
  const child = spawn(process.execPath, command, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  const tooLate = setTimeout(() => child.kill(), 60_000)
  try {
    const code = await codeFrom([child.stdout, child.stderr], ended)
    return await work({ code, stateDir, env })
  } finally {
    clearTimeout(tooLate)
    child.kill()
    await ended
    rmSync(stateDir, { recursive: true })
  }
}
