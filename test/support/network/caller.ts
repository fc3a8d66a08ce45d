import dns from 'node:dns'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { createServer, type ServerOptions } from 'node:https'
import { isIPv6, type LookupFunction } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { listScriptTypes } from '../../../src/operations/car/scripts.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import type { Session } from '../../../src/session/session.ts'
import { listening, noRows, withLogin } from '../session/gateway.ts'
import { sessionOn } from '../session.ts'

/** A name that only a proxy, or `naming`, can resolve. */
export const remoteHost = 'gateway.qualys.example'

const noAccount = { username: 'nobody', password: 'not the password', clientId: 'none', clientSecret: 'none' }

/** An account at one address, for tests. */
export const accountAt = (url: string): Sandbox => ({
  gatewayUrl: url,
  apiUrl: url,
  ...noAccount,
  close: async () => undefined,
})

/** A session that is closed after the test. */
export function sessionAt(url: string, extra: Environment = {}): Session {
  const session = sessionOn(accountAt(url), { QUALYS_MAX_WAIT_SECONDS: '0', ...extra })
  onTestFinished(() => session.close())
  return session
}

/** One read: a login, and a list without rows. */
export const readOnce = (url: string, extra: Environment = {}): Promise<unknown> =>
  sessionAt(url, extra).call(listScriptTypes, {})

/** The error of a call that must fail, and its full text. */
export async function failureOf(
  call: Promise<unknown>,
): Promise<{ kind: unknown; text: string; error: unknown }> {
  const error = await call.then(
    () => {
      throw new Error('the call did not fail')
    },
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Error && 'kind' in error && 'next' in error)) throw error
  return { kind: error.kind, text: `${error.message} ${error.next}`, error }
}

/** A gateway behind TLS on this machine. */
export const openTlsGateway = (
  options: ServerOptions,
  answer: RequestListener = (_request, response) => void response.end(noRows),
): Promise<{ port: number; close: () => Promise<void> }> =>
  listening(createServer(options, withLogin(answer)))

/** Files that are removed at the end. */
export function openFolder(): { write: (name: string, text: string) => string; remove: () => Promise<void> } {
  const path = mkdtempSync(join(tmpdir(), 'qualys-network-'))
  return {
    write: (name, text) => {
      writeFileSync(join(path, name), text)
      return join(path, name)
    },
    remove: () => rm(path, { recursive: true }),
  }
}

/** Resolves these names for one test; every other name is unknown, without a DNS request. */
export function stubDns(names: Readonly<Record<string, readonly string[]>>): void {
  const lookup = ((name, options, callback) => {
    const found = (names[name] ?? []).map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }))
    const [first] = found
    if (first === undefined) {
      const unknown = new Error(`getaddrinfo ENOTFOUND ${name}`)
      callback(Object.assign(unknown, { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: name }), [])
    } else if (typeof options === 'object' && options.all) callback(null, found)
    else callback(null, first.address, first.family)
  }) satisfies LookupFunction
  const spy = vi.spyOn(dns, 'lookup').mockImplementation(lookup as unknown as typeof dns.lookup)
  onTestFinished(() => spy.mockRestore())
}
