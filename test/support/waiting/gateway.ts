import type { RequestListener, ServerResponse } from 'node:http'
import { expect, onTestFinished } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { operations } from '../../../src/operations/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import type { Session } from '../../../src/session/session.ts'
import { openGateway } from '../session/gateway.ts'
import { sessionOn } from '../session.ts'

/** A gateway that is closed after the test. */
export async function gatewayFor(answer: RequestListener, login?: RequestListener): Promise<Sandbox> {
  const gateway = await openGateway(answer, login)
  onTestFinished(gateway.close)
  return gateway
}

/** A session without waits and retries unless the settings say so, closed after the test. */
export function sessionFor(gateway: Sandbox, extra: Environment = {}): Session {
  const session = sessionOn(gateway, { QUALYS_MAX_WAIT_SECONDS: '0', ...extra })
  onTestFinished(() => session.close())
  return session
}

export function operationNamed(name: string): Operation {
  const found = operations.find((operation) => operation.name === name)
  if (!found) throw new Error(`no operation is called ${name}`)
  return found
}

/** A read, and an effect without look-ups. */
export const read = operationNamed('car_list_script_types')
export const effect = operationNamed('car_activate_schedule')
export const effectArgs = { scheduleId: '7' }

/** The error of a call that must fail, and its full text. */
export async function failureOf(call: Promise<unknown>) {
  const error = await call.then(
    (answer) => {
      throw new Error(`the call did not fail, but gave ${JSON.stringify(answer)}`)
    },
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Error && 'kind' in error && 'next' in error)) throw error
  return { kind: String(error.kind), text: `${error.message} ${error.next}`, error }
}

/** Resolves when the client has disconnected, or has been answered. */
export const connectionClosed = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => response.on('close', resolve))

/** Settings that are time limits. */
export const timeSettings = [
  'QUALYS_CONNECT_TIMEOUT_SECONDS',
  'QUALYS_HEADERS_TIMEOUT_SECONDS',
  'QUALYS_BODY_TIMEOUT_SECONDS',
  'QUALYS_CALL_TIMEOUT_SECONDS',
  'QUALYS_MAX_WAIT_SECONDS',
] as const

/** Expects that the sentence names this setting, with its seconds, and no other. */
export function expectSettingNamed(text: string, setting: (typeof timeSettings)[number], seconds = 1): void {
  expect(
    timeSettings.filter((name) => text.includes(name)),
    text,
  ).toEqual([setting])
  expect(text).toMatch(new RegExp(`\\b${seconds} s\\b`))
}
