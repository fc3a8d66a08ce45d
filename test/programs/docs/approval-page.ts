import { join } from 'node:path'
import { silentLog } from '../../../src/shared/log.ts'
import type { ApprovalRecord } from '../../../src/tools/approvals.ts'
import { digestOf, recordLifetimeMs } from '../../../src/tools/effects/approval/approval-record.ts'
import type { CallStore, PageApp } from '../../../src/tools/effects/approval/page/contract.ts'
import { keyAuthority } from '../../../src/tools/effects/approval/page/local/key-authority.ts'
import { pageApp } from '../../../src/tools/effects/approval/page/page-app.ts'
import { openPasskeys } from '../../../src/tools/effects/approval/page/passkeys/passkeys.ts'
import { findCall } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { FoundCall } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import type { PicturedPage } from './page-pictures.ts'
import { steadyCode, type WaitingCall } from './waiting-call.ts'

// The approval page of the pictures: the real page of a real call. What is random or depends on the time is replaced: the
// code, the record (its server, id and times, and so its digest), the page key, and the token of its form.

const origin = 'http://localhost:40123'
const askedAt = Date.parse('2026-11-30T09:30:00.000Z')
const lookedAt = askedAt + 60_000
const key = 'page-key'

/** The same call as on every other day. */
function steadyCall(call: FoundCall): FoundCall {
  const record: ApprovalRecord = {
    ...call.record,
    server: '00000000-0000-4000-8000-000000000000',
    id: '0'.repeat(32),
    asked: new Date(askedAt).toISOString(),
    until: new Date(askedAt + recordLifetimeMs).toISOString(),
  }
  return { ...call, code: steadyCode, record, digest: digestOf(record), at: askedAt }
}

const storeOf = (call: FoundCall): CallStore => ({
  find: (code) => (code === call.code ? call : undefined),
  list: () => [call],
  approve: () => false,
  decline: () => false,
})

/** What the page answers at a path. Throws unless it is what was asked for. */
async function answerAt(
  app: PageApp,
  path: string,
): Promise<{ readonly type: string; readonly body: string }> {
  const query = new URLSearchParams({ key })
  const { status, headers, body } = await app.handle({
    ...{ method: 'GET', path, query, headers: {}, body: Buffer.alloc(0) },
  })
  if (status !== 200) throw new Error(`The approval page answers with ${status} at ${path}.`)
  return { type: String(headers['content-type']), body: String(body) }
}

/** The page with a fixed token in its form. Throws if it has none. */
function withSteadyToken(body: string): string {
  const steady = body.replaceAll(/(name="token" value=")[^"]+"/g, '$1form-token"')
  if (steady === body) throw new Error('The form of the approval page has no token.')
  return steady
}

/** The page of a call that waits, as its pictures show it. */
export async function approvalPage({ code, stateDir }: WaitingCall): Promise<PicturedPage> {
  const call = findCall(stateDir, code)
  if (call?.state !== 'pending') throw new Error(`No call waits under ${code}.`)
  const app = pageApp({
    settings: {},
    stateDir,
    origin: () => origin,
    rpId: () => 'localhost',
    authority: keyAuthority({ text: key, isKey: (given) => given === key }),
    passkeys: openPasskeys({ path: join(stateDir, 'passkeys.json'), stateDir }),
    log: silentLog,
    clock: () => lookedAt,
    store: storeOf(steadyCall(call)),
  })
  const path = `/approve/${steadyCode}`
  const page = await answerAt(app, path)
  return {
    name: 'approval-page',
    origin,
    path,
    files: {
      [path]: { ...page, body: withSteadyToken(page.body) },
      '/page.css': await answerAt(app, '/page.css'),
      '/page.js': await answerAt(app, '/page.js'),
    },
  }
}
