import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { searchUsers } from '../../../../src/operations/saq/users.ts'
import type { Session } from '../../../../src/session/session.ts'
import { openGateway } from '../../../support/session/gateway.ts'
import { operationNamed } from '../../../support/session/memory.ts'
import { row, success } from '../../../support/session/qps.ts'
import { sessionOn } from '../../../support/session.ts'

// XML that comes in pieces over HTTP: cut, packed, cancelled. Sizes: qps-large.test.ts.

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A session on a server whose answers these functions send in turn; the last one sends all others. */
async function sessionWith(...answers: readonly ((response: ServerResponse) => void)[]) {
  let requests = 0
  const server = await openGateway((_request, response) => {
    response.setHeader('content-type', 'application/xml')
    answers[Math.min(requests++, answers.length - 1)]?.(response)
  })
  closing.push(() => server.close())
  const session: Session = sessionOn(server, { QUALYS_MAX_WAIT_SECONDS: '20' })
  closing.push(() => session.close())
  return { session, requests: () => requests }
}

const users = Buffer.from(
  success(
    `<!-- c --><count>2</count><data>${row('User', 1, '<firstName>Zoë &amp; <![CDATA[co]]></firstName>')}${row('User', 2)}</data>`,
  ),
)
const sendWhole = (response: ServerResponse): void => void response.end(users)

async function idsOf(session: Session): Promise<unknown[]> {
  const ids: unknown[] = []
  for await (const { rows } of session.walk(searchUsers, {})) ids.push(...rows.map(({ id }) => id))
  return ids
}

const places = [
  '<?xml',
  'Response xmlns',
  ' c --',
  '<count>',
  'ë',
  'amp;',
  'CDATA',
  'co]]',
  '</data',
  '</ServiceR',
]

describe('an answer that stops early', () => {
  test.for(places)('at %s is asked for again, though HTTP calls it whole', async (place) => {
    const cut = users.subarray(0, users.indexOf(place) + 1)
    const { session, requests } = await sessionWith((response) => void response.end(cut), sendWhole)
    expect(await idsOf(session)).toEqual(['1', '2'])
    expect(requests()).toBe(2)
  })

  test('with its connection is asked for again', async () => {
    const broken = (response: ServerResponse): void => {
      response.setHeader('content-length', users.length)
      response.write(users.subarray(0, 100), () => response.destroy())
    }
    const { session, requests } = await sessionWith(broken, sendWhole)
    expect(await idsOf(session)).toEqual(['1', '2'])
    expect(requests()).toBe(2)
  })

  test('within gzip is asked for again', async () => {
    const packed = gzipSync(users)
    const send =
      (bytes: Buffer) =>
      (response: ServerResponse): void =>
        void response.setHeader('content-encoding', 'gzip').end(bytes)
    const { session, requests } = await sessionWith(send(packed.subarray(0, -20)), send(packed))
    expect(await idsOf(session)).toEqual(['1', '2'])
    expect(requests()).toBe(2)
  })

  test('to an effect leaves its outcome unclear, and is not asked for again', async () => {
    const cut = users.subarray(0, -30)
    const { session, requests } = await sessionWith((response) => void response.end(cut))
    const input = { users: [{ firstName: 'A', lastName: 'B', emailAddress: 'a@b.example' }] }
    await expect(session.call(operationNamed('saq_create_users'), input)).rejects.toMatchObject({
      kind: 'unclear',
      message: expect.stringContaining('stops in the middle'),
    })
    expect(requests()).toBe(1)
  })
})

test('a call that is cancelled in the middle of an answer ends its request', async () => {
  const cancel = new AbortController()
  let ended: (() => void) | undefined
  const isEnded = new Promise<void>((resolve) => {
    ended = resolve
  })
  const { session } = await sessionWith((response) => {
    response.on('close', () => ended?.())
    response.write(users.subarray(0, -30), () => cancel.abort())
  })
  const call = session.call(searchUsers, {}, { signal: cancel.signal })
  await expect(call).rejects.toThrow()
  await isEnded
})
