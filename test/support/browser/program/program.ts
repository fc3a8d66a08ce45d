import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../../../src/config/settings.ts'
import { execute, run } from '../../consent/calls.ts'
import { countEffects } from '../../consent/clients.ts'
import { environmentFor } from '../../environment.ts'
import { openSandbox, type TestSandbox } from '../../sandbox.ts'
import { generations, textOf } from '../../stdio/peers.ts'
import { browserTest } from '../fixtures.ts'
import { type Desktop, openDesktop } from './desktop.ts'

/** What the assistant is told. */
export interface Told {
  readonly isError: boolean
  readonly text: string
}

/** How a program of a test differs from one on a machine without a screen. */
interface Serving {
  readonly client?: keyof typeof generations
  readonly settings?: Environment
  readonly hasScreen?: boolean
}

/** The built program, and a real client that started it and cannot ask a person. */
export interface ServedProgram {
  /** The environment of the program; its state folder and its desktop are of this test alone. */
  readonly environment: Environment
  readonly folder: string
  readonly stateDir: string
  readonly desktop: Desktop
  /** Makes a call with an effect once. */
  readonly ask: (args?: object) => Promise<Told>
  /** Makes the identical call for as long as the program says that nobody has decided. */
  readonly askUntilDecided: (args?: object) => Promise<Told>
  readonly close: () => Promise<void>
}

interface ProgramFixtures {
  /** One for all tests of a file, reset for each. */
  readonly sandbox: TestSandbox
  /** Starts a program, which ends with the test. */
  readonly serve: (serving?: Serving) => Promise<ServedProgram>
  /** How many requests changed something. */
  readonly effects: () => Promise<number>
}

const undecided = / make the identical call again/

async function startProgram(
  sandbox: TestSandbox,
  folder: string,
  { client = 'client 2.x, 2026 era', settings = {}, hasScreen = false }: Serving,
): Promise<ServedProgram> {
  const stateDir = join(folder, 'state')
  mkdirSync(stateDir, { mode: 0o700 })
  const desktop = openDesktop(folder)
  const environment = environmentFor(sandbox, {
    QUALYS_STATE_DIR: stateDir,
    ...(hasScreen && desktop.environment),
    ...settings,
  })
  const peer = await generations[client]?.(environment)
  if (!peer) throw new Error(`There is no client ${client}.`)
  let isOpen = true
  const ask = async (args: object = run): Promise<Told> => {
    const result = await peer.callTool({ name: execute, arguments: { ...args } })
    return { isError: result.isError === true, text: textOf(result) }
  }
  return {
    environment,
    folder,
    stateDir,
    desktop,
    ask,
    askUntilDecided: async (args) => {
      for (;;) {
        const told = await ask(args)
        if (!told.isError || !undecided.test(told.text)) return told
      }
    },
    close: async () => {
      if (isOpen) await peer.close()
      isOpen = false
    },
  }
}

/** A `test` in Chromium with the built program. */
export const programTest = browserTest.extend<ProgramFixtures>({
  sandbox: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
    async ({}, use) => {
      const sandbox = await openSandbox({ jobs: 100 })
      await use(sandbox)
      await sandbox.close()
    },
    { scope: 'file' },
  ],
  serve: async ({ sandbox }, use) => {
    await sandbox.control.reset()
    const folder = mkdtempSync(join(tmpdir(), 'qualys-mcp-'))
    const programs: ServedProgram[] = []
    await use(async (serving = {}) => {
      const own = mkdtempSync(join(folder, 'program-'))
      const program = await startProgram(sandbox, own, serving)
      programs.push(program)
      return program
    })
    await Promise.all(programs.map(({ close }) => close()))
    rmSync(folder, { recursive: true })
  },
  effects: async ({ sandbox }, use) => use(() => countEffects(sandbox)),
})

/** The link in what the assistant is told. */
export function linkIn({ text }: Told): string {
  const [link] = /http:\/\/localhost:\d+\/approve\/[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(text) ?? []
  if (link === undefined) throw new Error(`There is no link in: ${text}`)
  return link
}

/** The code in a link. */
export const codeIn = (link: string): string => link.slice(-'ABCD-EFGH'.length)
