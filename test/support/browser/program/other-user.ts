import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, cpSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { onTestFinished } from 'vitest'
import { execute, run } from '../../consent/calls.ts'
import { asUser } from '../../deployment/name-space.ts'
import { type CallResult, clientInfo, program, textOf } from '../../stdio/peers.ts'
import type { Told } from './program.ts'

// Two users of this machine: one owns the program with its keys and settings, the other one asks. Neither has an account.

export const [ownerId, askerId] = [61_001, 61_002]

/** The words before a command that run it as one of them. */
const as = (id: number): string[] => asUser(String(id))

/** True if this user may run programs as others, and they may run Node. */
export const hasUsers =
  process.getuid?.() === 0 &&
  spawnSync(as(askerId)[0] ?? '', [...as(askerId).slice(1), process.execPath, '--eval', '0']).status === 0

/** A folder that one user alone may enter. */
export function ownFolder(parent: string, name: string, id: number): string {
  const folder = join(parent, name)
  mkdirSync(folder, { mode: 0o700 })
  chownSync(folder, id, id)
  return folder
}

/** A copy of the built program that every user may run. */
export function copyProgram(folder: string): string {
  chmodSync(folder, 0o755)
  cpSync(dirname(program), join(folder, 'dist'), { recursive: true })
  return join(folder, 'dist', 'main.js')
}

/** The command that runs a program as one of them. */
export const commandAs = (id: number, ...command: readonly string[]): readonly [string, ...string[]] => {
  const [first = '', ...rest] = as(id)
  return [first, ...rest, ...command]
}

/** A real client that starts a program as one of them, and cannot ask a person. */
export async function connectAs(id: number, main: string, env: Readonly<Record<string, string>>) {
  const [command, ...args] = commandAs(id, process.execPath, main)
  const transport = new StdioClientTransport({ command, args, env: { ...env }, stderr: 'ignore' })
  const client = new Client(clientInfo, { versionNegotiation: { mode: 'auto' }, capabilities: {} })
  await client.connect(transport)
  onTestFinished(() => client.close())
  return {
    pid: transport.pid ?? 0,
    ask: async (): Promise<Told> => {
      const result = (await client.callTool({ name: execute, arguments: { ...run } })) as CallResult
      return { isError: result.isError === true, text: textOf(result) }
    },
  }
}

/** What the shell of a user gets out of some lines. */
export async function inShell(
  id: number,
  lines: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const [file, ...args] = commandAs(id, 'sh', '-c', lines)
  const child = spawn(file, args, { env: { PATH: process.env['PATH'] ?? '', ...env } })
  child.stdin.end()
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, output: stdout + stderr }
}
