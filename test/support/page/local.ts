import { mkdtempSync, rmSync } from 'node:fs'
import { type IncomingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Log, openLog } from '../../../src/shared/log.ts'
import { digestOf, newRecord } from '../../../src/tools/effects/approval/approval-record.ts'
import {
  type LocalPage,
  type LocalPageOptions,
  openLocalPage,
} from '../../../src/tools/effects/approval/page/local/local-page.ts'
import { savePending } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { Way } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import type { Preview } from '../../../src/tools/effects/preview/preview.ts'
import { plainPreview, waitingCall } from './calls.ts'
import { noPasskeys } from './page.ts'

/** A page on loopback, and its state folder. */
export interface LocalFixture {
  readonly page: LocalPage
  readonly stateDir: string
  /** What was logged. */
  readonly lines: readonly string[]
  /** Has a call wait, and returns its code. */
  readonly wait: (ways?: readonly Way[], preview?: Preview) => string
  /** How long the answers to wrong codes waited, in ms. */
  readonly waits: readonly number[]
}

/** A page that ends with the test. Its browser is none unless the test has one. */
export function localFixture(options: Partial<LocalPageOptions> = {}): LocalFixture {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-page-'))
  const stateDir = join(folder, 'state')
  const lines: string[] = []
  const waits: number[] = []
  const log: Log = openLog(
    'debug',
    (text) => text,
    (line) => lines.push(line),
  )
  const page = openLocalPage({
    settings: { pagePort: 0, openBrowser: 'auto' },
    stateDir,
    passkeys: noPasskeys,
    log,
    desktop: { platform: 'linux', environment: {}, home: undefined },
    wait: async (ms) => void waits.push(ms),
    ...options,
  })
  onTestFinished(async () => {
    await page.close()
    rmSync(folder, { recursive: true, force: true })
  })
  let calls = 0
  const wait = (ways: readonly Way[] = ['client', 'page', 'terminal'], preview = plainPreview): string => {
    const { v: _, id: _id, asked: _asked, until: _until, ...subject } = waitingCall({ preview }).record
    const record = newRecord({ ...subject, arguments: String(++calls).padStart(64, '0') })
    const digest = digestOf(record)
    return savePending(stateDir, {
      record,
      digest,
      preview,
      ways: [...ways],
      waiter: { server: '00000000-0000-4000-8000-000000000000', caller: 'stdio', key: digest },
    })
  }
  return { page, stateDir, lines, wait, waits }
}

/** An answer as it came. */
export interface Received {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

interface Asking {
  readonly method?: string
  /** A member that is undefined is not sent. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: string | Buffer
  /** The address to connect to, whatever the link says. */
  readonly address?: string
}

/** Asks a page over HTTP, as a program would: with nothing but a Host header unless more is given. */
export function ask(
  link: string,
  { method = 'GET', headers = {}, body, address = '127.0.0.1' }: Asking = {},
): Promise<Received> {
  const { port, host, pathname, search } = new URL(link)
  const given = { host, ...headers }
  const sent = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >
  return new Promise((resolve, reject) => {
    const req = request(
      {
        host: address,
        port,
        path: `${pathname}${search}`,
        method,
        headers: sent,
        setHost: false,
        agent: false,
      },
      (res) => {
        const chunks: Buffer[] = []
        res.on('data', (chunk: Buffer) => chunks.push(chunk))
        res.on('end', () =>
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        )
      },
    )
    req.on('error', reject)
    req.end(body)
  })
}

/** Posts a form of the page itself, as a browser does. */
export const postForm = (
  link: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string | undefined>> = {},
): Promise<Received> =>
  ask(link, {
    method: 'POST',
    headers: {
      origin: new URL(link).origin,
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
    body: new URLSearchParams(fields).toString(),
  })
