import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { passkeysPath, stateDirOf } from '../../../src/config/state-dir.ts'
import { openLog } from '../../../src/shared/log.ts'
import type { CallTimes } from '../../../src/tools/approvals.ts'
import {
  type LocalPage,
  type LocalPageOptions,
  openLocalPage,
} from '../../../src/tools/effects/approval/page/local/local-page.ts'
import { openPasskeys } from '../../../src/tools/effects/approval/page/passkeys/passkeys.ts'
import { safeguardsOf } from '../../../src/tools/effects/safeguards.ts'
import type { ServerOptions } from '../../../src/tools/server/server-options.ts'
import { buildServerParts } from '../assistant.ts'
import { type Era, forms, RawClient, temporaryFolder } from '../consent/raw-client.ts'
import { environmentFor, settingsFrom } from '../environment.ts'
import { hiddenValue } from '../page/page.ts'
import type { TestSandbox } from '../sandbox.ts'

/** The form of a file that was opened in the browser of the person. */
export interface HandedOver {
  readonly action: string
  readonly fields: Readonly<Record<string, string>>
}

/** A server over stdio in this process, with the approval page of this machine. */
export interface LocalServer {
  readonly client: RawClient
  readonly options: ServerOptions
  readonly stateDir: string
  readonly page: LocalPage
  /** What was opened in the browser of the person, the newest last. */
  readonly opened: readonly HandedOver[]
  /** All lines of the log. */
  readonly log: () => string
  readonly auditText: () => string
  /** The events of the audit log. */
  readonly audit: () => readonly {
    readonly event: string
    readonly facts: Readonly<Record<string, unknown>>
  }[]
  /** The program is told to end. */
  readonly tellEnd: () => void
}

export interface LocalOptions {
  readonly settings?: Environment
  readonly capabilities?: Readonly<Record<string, unknown>>
  readonly stateDir?: string
  readonly callTimes?: CallTimes
  readonly hasScreen?: boolean
  /** How the page differs, such as in what it hears of names. */
  readonly page?: Partial<Pick<LocalPageOptions, 'lookUp' | 'listen'>>
}

/** A call of an attack waits for nobody. */
export const noWait: CallTimes = { waitMs: 1, sendMs: 45_000 }
/** A call that waits for longer than any test. */
export const longWait: CallTimes = { waitMs: 30_000, sendMs: 45_000 }

function formIn(path: string): HandedOver {
  const body = readFileSync(path, 'utf8')
  const fields = ['key', 'path', 'file'].map((name) => [name, hiddenValue({ body }, name)])
  return { action: /action="([^"]*)"/.exec(body)?.[1] ?? '', fields: Object.fromEntries(fields) }
}

const textIn = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** A state folder with these passkeys in its file. */
export function stateFolderWith(...passkeys: readonly object[]): string {
  const folder = temporaryFolder()
  pinKeys(folder, ...passkeys)
  return folder
}

/** Writes the file of passkeys of a state folder. */
export function pinKeys(folder: string, ...passkeys: readonly object[]): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, 'passkeys.json'), JSON.stringify({ passkeys }), { mode: 0o600 })
}

/** Starts a server on a sandbox, and a client of it that writes its messages by hand; both end with the test. */
export async function openLocalServer(
  sandbox: TestSandbox,
  era: Era,
  {
    settings: extra = {},
    capabilities = forms,
    stateDir = temporaryFolder(),
    callTimes = noWait,
    hasScreen = false,
    page: ofPage = {},
  }: LocalOptions = {},
): Promise<LocalServer> {
  const auditFile = join(stateDir, 'audit.jsonl')
  const environment = environmentFor(sandbox, {
    QUALYS_STATE_DIR: stateDir,
    QUALYS_AUDIT_FILE: auditFile,
    QUALYS_UNVERIFIED: 'all',
    ...extra,
  })
  const settings = settingsFrom(environment)
  const opened: HandedOver[] = []
  const lines: string[] = []
  const page = openLocalPage({
    settings,
    stateDir: stateDirOf(settings),
    passkeys: openPasskeys({ path: passkeysPath(settings), stateDir }),
    log: openLog(
      'debug',
      (text) => text,
      (line) => lines.push(line),
    ),
    desktop: {
      platform: 'linux',
      environment: hasScreen ? { DISPLAY: ':0' } : {},
      home: undefined,
      start: async (_command, [path = '']) => {
        opened.push(formIn(path))
        return true
      },
    },
    wait: async () => undefined,
    ...ofPage,
  })
  const ending = new AbortController()
  const redact = (text: string): string => parts.options.redact(text)
  const safeguards = safeguardsOf(settings, redact, { page, callTimes, ending: ending.signal })
  const parts = buildServerParts(environment, { safeguards })
  const { options, log, close } = parts
  const client = await RawClient.open(options, era, capabilities)
  onTestFinished(async () => {
    await client.close()
    await page.close()
    await close()
  })
  const auditText = (): string => textIn(auditFile)
  return {
    client,
    options,
    stateDir,
    page,
    opened,
    log: () => [...log, ...lines].join('\n'),
    auditText,
    audit: () =>
      auditText()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    tellEnd: () => ending.abort(),
  }
}
