import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { DeclinedError } from '../../../src/shared/errors.ts'
import type { ApprovalPage, ApprovalSubject, Approvals } from '../../../src/tools/approvals.ts'
import { digestOf, hashOfJson } from '../../../src/tools/effects/approval/approval-record.ts'
import { consent } from '../../../src/tools/effects/approval/consent.ts'
import { KeptAnswers } from '../../../src/tools/effects/approval/form/late-answers.ts'
import { RequestStateIssuer } from '../../../src/tools/effects/approval/form/request-state.ts'
import type { CallToApprove } from '../../../src/tools/effects/approval/offer.ts'
import { Declines } from '../../../src/tools/effects/approval/pending/declines.ts'
import { Records } from '../../../src/tools/effects/approval/records.ts'
import { usualTimes } from '../../../src/tools/effects/timing/call-times.ts'
import {
  type Approver,
  type Caller,
  type FormAnswer,
  localCaller,
  type ToolContext,
} from '../../../src/tools/tool.ts'
import { passkeysOf } from '../approvals/pages.ts'
import { unusableStateDir } from '../approvals/state-folder.ts'
import { previewHash, recordOf } from '../approvals/waiting-call.ts'
import { settingsFrom } from '../environment.ts'
import { previewOfLines } from './previews.ts'

// The consent to one call, without a server.

export const key = 'c'.repeat(64)
export const server = '11111111-1111-4111-8111-111111111111'
export const preview = 'Run a script on hosts (execute)'

/** A call that nobody was asked about. `more`: how it differs. */
export function callToApprove({
  record: ofRecord,
  ...more
}: Partial<Omit<CallToApprove, 'record'>> & {
  readonly record?: Partial<CallToApprove['record']>
} = {}): CallToApprove {
  const shown = more.preview ?? previewOfLines(preview)
  const record = recordOf('one', Date.now(), { preview: previewHash(shown), ...ofRecord })
  const { v: _, id: _id, asked: _asked, until: _until, ...subject } = record
  return {
    effect: 'execute',
    declaredEffect: 'execute',
    namesSecret: false,
    preview: shown,
    record,
    digest: digestOf(record),
    subject: subject satisfies ApprovalSubject,
    key,
    ...more,
  }
}

/** The same call with other arguments. */
export const otherCall = (): CallToApprove =>
  callToApprove({ key: 'd'.repeat(64), record: { arguments: hashOfJson('other'), id: 'd'.repeat(32) } })

const seals = new RequestStateIssuer(600)
const request = {} as Approver['request']

/** A folder that is removed after the test. */
export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-consent-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

interface Case {
  readonly approver?: Partial<Approver>
  readonly environment?: Environment
  readonly stateDir?: string
  readonly declines?: Declines
  readonly records?: Records
  readonly caller?: Caller
  readonly page?: ApprovalPage
  readonly approvals?: Partial<Approvals>
}

/** The context of a call: a terminal and the form of the client count, unless there is a page as well. */
export function contextOf({
  approver,
  environment = {},
  stateDir = unusableStateDir,
  declines = new Declines(stateDir),
  records = new Records(),
  caller = localCaller,
  page,
  approvals,
}: Case = {}): ToolContext {
  return {
    approver: { isReachable: true, opensAddresses: false, usesInputRequired: true, request, ...approver },
    caller,
    arrivedAt: performance.now(),
    safeguards: {
      server,
      requestStates: seals,
      lateAnswers: new KeptAnswers(1_000),
      declines,
      stateDir,
      answerTimeoutMs: 1_000,
      callTimes: usualTimes,
      ending: new AbortController().signal,
      audit: undefined,
      approvals: {
        usualWays: page ? ['client', 'page', 'terminal'] : ['client', 'terminal'],
        records,
        page,
        waitsAtOnce: false,
        passkeys: async () => passkeysOf('bob'),
        sealKey: Buffer.alloc(32),
        ...approvals,
      },
    },
    configuration: { settings: settingsFrom(environment) },
  } as unknown as ToolContext
}

/** Whether a call may be sent, in a context of its own. */
export const decide = (call: CallToApprove, about: Case = {}) => consent(call, contextOf(about))

/** An answer with a state that belongs to this call. */
export const answerOf = async (kind: FormAnswer['kind'], { digest }: CallToApprove, said?: string) => ({
  kind,
  ...(said !== undefined && { said }),
  state: await seals.issue(digest),
})

/** The answer to an address that was opened for this call. */
export const openedOf = async ({ digest }: CallToApprove) => ({
  kind: 'opened' as const,
  state: await seals.issue(`address ${digest}`),
  isOfAddress: true as const,
})

/** The error of a call that is refused. */
export async function refusalOf(outcome: Promise<unknown>): Promise<DeclinedError> {
  const error = await outcome.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DeclinedError)
  return error as DeclinedError
}

/** The code in the command that an error names. */
export const codeIn = ({ next }: Pick<DeclinedError, 'next'>): string =>
  /`qualys-mcp approve (\S{4}-\S{4})/.exec(next)?.[1] ?? ''

/** The command that approves the one call that waits. */
export const commandIn = (stateDir: string) =>
  `\`qualys-mcp approve ${waitingCode(stateDir)} --state-dir ${stateDir}\``

/** The code of the one call that waits in a state folder. */
export function waitingCode(stateDir: string): string {
  const names = readdirSync(join(stateDir, 'pending')).filter((name) => name.endsWith('.pending'))
  expect(names).toHaveLength(1)
  return JSON.parse(readFileSync(join(stateDir, 'pending', names[0] ?? ''), 'utf8')).code
}
