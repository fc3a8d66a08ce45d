import { findCall } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { FoundCall } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import type { Answer } from '../service/answer.ts'
import { tokenOf } from '../service/callers.ts'
import type { ServiceOptions, TestService } from '../service/service.ts'
import { Browser, formIn, type Shown } from './browser.ts'

/** Where people reach the service of a test. */
export const pageOrigin = 'https://mcp.example.com'

/** The settings of a service whose people approve on the page. */
export const pageSettings = {
  QUALYS_PUBLIC_URL: pageOrigin,
  QUALYS_MODE: 'confirm',
  // What it is unless the operator sets it, whatever other tests of the service set.
  QUALYS_APPROVE_BY: undefined,
  QUALYS_MAX_ASSETS_PER_RUN: '100',
} as const

/** The callers of most tests: who asks, who approves, who only reads, and who runs the service. */
export const people: NonNullable<ServiceOptions['callers']> = {
  ada: { role: 'operator', person: 'Ada' },
  eve: { role: 'approver', person: 'Eve' },
  tom: { role: 'viewer', person: 'Tom' },
  root: { role: 'admin', person: 'Root' },
}

/** A new browser that reaches the page, and other sites by their own ports. */
export const browserFor = ({ port }: Pick<TestService, 'port'>): Browser =>
  new Browser({ [pageOrigin]: port })

/** The address of a path of the page. */
export const at = (path: string): string => `${pageOrigin}${path}`

/** Logs in with the token of a caller, where a page asks for it; the page that follows. */
export async function logIn(browser: Browser, name: string, path = '/waiting'): Promise<Shown> {
  return browser.submit(await browser.open(at(path)), { token: tokenOf(name) }, /^\/login$/)
}

/** A browser in which somebody is logged in. */
export async function browserOf(service: TestService, name: string): Promise<Browser> {
  const browser = browserFor(service)
  await logIn(browser, name)
  return browser
}

/** The code in the link of an answer; empty if it names none. */
export const codeIn = ({ text }: Answer): string =>
  /\/approve\/([2-9A-Z]{4}-[2-9A-Z]{4})/.exec(text)?.[1] ?? ''

/** Lets a caller ask for a copy of a script; the code of the request. */
export async function askAs(service: TestService, name: string, title = 'A copy'): Promise<string> {
  const answer = await service.client(name).call('car_clone_script', { scriptId: 61179, title })
  const code = codeIn(answer)
  if (code === '') throw new Error(`No code in: ${answer.text}`)
  return code
}

/** The call with a code, with its state. */
export function callOf(service: TestService, code: string): FoundCall {
  const call = findCall(service.folder, code)
  if (!call) throw new Error(`There is no call ${code}`)
  return call
}

/** Presses a button of the page of a call. */
export async function decide(
  browser: Browser,
  code: string,
  decision: 'approve' | 'decline',
): Promise<Shown> {
  const shown = await browser.open(at(`/approve/${code}`))
  const { url, fields } = formIn(shown, /^\/approve\//)
  return browser.post(url, { ...fields, decision }, { from: pageOrigin })
}
