import { passkeyCommand } from '../../../src/cli/approval/passkey.ts'
import { addPasskey } from '../../../src/cli/approval/passkey-add.ts'
import type { CommandContext } from '../../../src/cli/context.ts'
import { readSettings } from '../../../src/config/settings.ts'
import { openPasskeys, type Passkeys } from '../../../src/tools/effects/approval/page/passkeys/passkeys.ts'
import type { openPasskeysFolder } from './passkeys-folder.ts'

type Folder = ReturnType<typeof openPasskeysFolder>

/** What a command wrote. */
interface Written {
  readonly printed: string[]
  readonly warned: string[]
  readonly exitCode: number
}

/** How a test runs the command. */
interface Run {
  readonly environment?: Readonly<Record<string, string>>
  readonly isTerminal?: boolean
}

function contextOf(folder: Folder, { environment = {}, isTerminal = true }: Run, words: readonly string[]) {
  const [printed, warned]: [string[], string[]] = [[], []]
  const atExit: (() => void)[] = []
  const context = {
    invocation: { command: 'passkey', operands: words, flags: {}, settings: {} },
    environment: { QUALYS_STATE_DIR: folder.stateDir, ...environment },
    isTerminal: () => isTerminal,
    print: (line: string) => printed.push(line),
    warn: (line: string) => warned.push(line),
    writeLog: () => undefined,
    cleanup: { add: () => undefined },
    onExit: (close: () => void) => atExit.push(close),
    reportBy: () => undefined,
  }
  const end = (): void => {
    for (const close of atExit) close()
  }
  return { context: context as unknown as CommandContext, printed, warned, end }
}

/** Runs `passkey` with these words on the file of a folder. */
export async function runPasskey(folder: Folder, words: readonly string[], run: Run = {}): Promise<Written> {
  const { context, printed, warned, end } = contextOf(folder, run, words)
  try {
    return { exitCode: await passkeyCommand(context), printed, warned }
  } finally {
    end()
  }
}

/** Runs `passkey add NAME`; `person` does what a person does on the page, which is given its passkeys. */
export async function runAdd(
  folder: Folder,
  name: string,
  person: (passkeys: Passkeys) => Promise<unknown>,
  { link, ...run }: Run & { readonly link?: string } = {},
): Promise<Written> {
  const { context, printed, warned } = contextOf(folder, run, ['add', name])
  const { settings } = readSettings({}, context.environment)
  const { stateDir, path } = folder
  const exitCode = await addPasskey(name, openPasskeys({ stateDir, path }), settings, context, {
    graceMs: 0,
    openPage: async (_name, passkeys) => {
      void person(passkeys)
      return { link, close: async () => undefined }
    },
  })
  return { exitCode, printed, warned }
}
