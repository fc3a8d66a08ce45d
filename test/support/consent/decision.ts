import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { DeclinedError } from '../../../src/shared/errors.ts'
import { type CallToApprove, consent } from '../../../src/tools/effects/approval/consent.ts'
import { KeptAnswers } from '../../../src/tools/effects/approval/late-answers.ts'
import { Declines } from '../../../src/tools/effects/approval/pending/declines.ts'
import { RequestStateIssuer } from '../../../src/tools/effects/approval/request-state.ts'
import { type Approver, type FormAnswer, localCaller, type ToolContext } from '../../../src/tools/tool.ts'
import { settingsFrom } from '../environment.ts'

// The consent to one call, without a server.

export const digest = 'a'.repeat(64)
export const key = 'c'.repeat(64)
export const server = '11111111-1111-4111-8111-111111111111'
export const preview = 'Run a script on hosts (execute)'
const callToApprove: CallToApprove = {
  effect: 'execute',
  declaredEffect: 'execute',
  namesSecret: false,
  tool: 'car_execute_script',
  preview: { facts: { headline: preview, warnings: [], blocks: [] }, notes: [] },
  digest,
  key,
}
const seals = new RequestStateIssuer(600)
const context = {} as Approver['request']

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
}

/** Whether a call may be sent, in a context of its own. */
export function decide(
  about: Partial<CallToApprove> = {},
  { approver, environment = {}, stateDir = '/nowhere', declines = new Declines(stateDir) }: Case = {},
) {
  const running = {
    approver: { isReachable: true, usesInputRequired: true, request: context, ...approver },
    caller: localCaller,
    safeguards: {
      server,
      requestStates: seals,
      lateAnswers: new KeptAnswers(1_000),
      declines,
      stateDir,
      answerTimeoutMs: 1_000,
      audit: undefined,
    },
    configuration: { settings: settingsFrom(environment) },
  } as unknown as ToolContext
  return consent({ ...callToApprove, ...about }, running)
}

/** An answer with a state that belongs to this call. */
export const answerOf = async (kind: FormAnswer['kind'], said?: string, about = digest) => ({
  kind,
  ...(said !== undefined && { said }),
  state: await seals.issue(about),
})

/** The error of a call that is refused. */
export async function refusalOf(outcome: Promise<unknown>): Promise<DeclinedError> {
  const error = await outcome.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DeclinedError)
  return error as DeclinedError
}

/** The code in the command that an error names. */
export const codeIn = ({ next }: DeclinedError): string =>
  /`qualys-mcp approve (\S{4}-\S{4})/.exec(next)?.[1] ?? ''

/** The command that approves the one call that waits. */
export const commandIn = (stateDir: string) =>
  `\`qualys-mcp approve ${waitingCode(stateDir)} --state-dir ${stateDir}\``

/** The code of the one call that waits in a state folder. */
function waitingCode(stateDir: string): string {
  expect(readdirSync(join(stateDir, 'pending'))).toEqual([`${digest}.pending`])
  return JSON.parse(readFileSync(join(stateDir, 'pending', `${digest}.pending`), 'utf8')).code
}
