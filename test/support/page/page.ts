import { silentLog } from '../../../src/shared/log.ts'
import type {
  Authority,
  PageApp,
  PageOptions,
  PageRequest,
  PageResponse,
} from '../../../src/tools/effects/approval/page/contract.ts'
import {
  keyAuthority,
  makePageKey,
  type PageKey,
} from '../../../src/tools/effects/approval/page/local/key-authority.ts'
import { pageApp } from '../../../src/tools/effects/approval/page/page-app.ts'
import type { Passkeys } from '../../../src/tools/effects/approval/page/passkeys/passkeys.ts'
import { askedAt } from './calls.ts'

export const origin = 'http://localhost:40123'

/** Nothing of it is used by a page without passkeys. */
export const noPasskeys: Passkeys = {
  list: () => [],
  mayWrite: () => true,
  mayReplace: () => false,
  registration: () => Promise.reject(new Error('unexpected')),
  register: () => Promise.reject(new Error('unexpected')),
  proofOptions: () => Promise.reject(new Error('unexpected')),
  add: () => Promise.reject(new Error('unexpected')),
  remove: () => {
    throw new Error('unexpected')
  },
  lineFor: () => '',
  assertionOptions: () => Promise.reject(new Error('unexpected')),
  verify: () => Promise.reject(new Error('unexpected')),
}

/** A page without a server. */
export interface TestPage {
  readonly app: PageApp
  readonly key: PageKey
  /** Sets its time: epoch, in ms. */
  readonly setTime: (ms: number) => void
  /** How long the answers to wrong codes waited. */
  readonly waits: readonly number[]
  readonly get: (path: string, headers?: PageRequest['headers']) => Promise<PageResponse>
  /** Posts a form of the page itself. */
  readonly post: (
    path: string,
    fields?: Readonly<Record<string, string>>,
    headers?: PageRequest['headers'],
  ) => Promise<PageResponse>
  /** Posts JSON, as the script does. */
  readonly send: (path: string, value: unknown, headers?: PageRequest['headers']) => Promise<PageResponse>
}

export function testPage(options: Partial<PageOptions> & { readonly authority?: Authority } = {}): TestPage {
  const key = makePageKey()
  const waits: number[] = []
  let time = askedAt + 60_000
  const app = pageApp({
    settings: {},
    stateDir: '/nowhere',
    origin: () => origin,
    rpId: () => 'localhost',
    authority: keyAuthority(key),
    passkeys: noPasskeys,
    log: silentLog,
    clock: () => time,
    wait: async (ms) => void waits.push(ms),
    ...options,
  })
  const handle = (
    method: string,
    path: string,
    headers: PageRequest['headers'],
    body = '',
  ): Promise<PageResponse> => {
    const { pathname, searchParams } = new URL(path, origin)
    return app.handle({ method, path: pathname, query: searchParams, headers, body: Buffer.from(body) })
  }
  const sameOrigin = { origin, 'sec-fetch-site': 'same-origin' }
  return {
    app,
    key,
    waits,
    setTime: (ms) => {
      time = ms
    },
    get: (path, headers = {}) => handle('GET', path, headers),
    post: (path, fields = {}, headers = {}) =>
      handle(
        'POST',
        path,
        { ...sameOrigin, 'content-type': 'application/x-www-form-urlencoded', ...headers },
        new URLSearchParams(fields).toString(),
      ),
    send: (path, value, headers = {}) =>
      handle(
        'POST',
        path,
        { ...sameOrigin, 'content-type': 'application/json', ...headers },
        JSON.stringify(value),
      ),
  }
}

/** The value of a hidden input in the text of a page. */
export const hiddenValue = ({ body }: Pick<PageResponse, 'body'>, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(String(body))?.[1] ?? ''
