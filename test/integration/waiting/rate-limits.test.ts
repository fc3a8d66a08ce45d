import type { OutgoingHttpHeaders } from 'node:http'
import { describe, expect, test } from 'vitest'
import { noRows } from '../../support/session/gateway.ts'
import { skipPauses } from '../../support/waiting/fake-time.ts'
import {
  effect,
  effectArgs,
  failureOf,
  gatewayFor,
  operationNamed,
  read,
  sessionFor,
} from '../../support/waiting/gateway.ts'

// Rate limits as a server reports them over HTTP; how they are read, and how long a call waits for them, is covered
// by the unit tests.

interface CannedReply {
  readonly status: number
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string
}

/** Gives these answers in turn, then always the last one; reports the requests. */
async function openGatewayReplying(...answers: readonly CannedReply[]) {
  const asked: string[] = []
  const gateway = await gatewayFor(({ method, url }, response) => {
    const said = answers[Math.min(asked.length, answers.length - 1)]
    asked.push(`${method} ${url}`)
    response.writeHead(said?.status ?? 500, said?.headers ?? {}).end(said?.body ?? '')
  })
  return { gateway, asked }
}
const okReply: CannedReply = { status: 200, body: noRows }
const simple = (code: number): string =>
  `<?xml version="1.0"?><SIMPLE_RETURN><RESPONSE><CODE>${code}</CODE><TEXT>This API cannot be run again.</TEXT></RESPONSE></SIMPLE_RETURN>`

describe('the hint to wait', () => {
  test.each<readonly [string, OutgoingHttpHeaders, number]>([
    ['in any case', { 'x-RATELIMIT-towait-SEC': ' 7 ' }, 7],
    ['both: Qualys’ own wins', { 'Retry-After': '99', 'X-RateLimit-ToWait-Sec': '7' }, 7],
    [
      'as a date, by the server’s own clock',
      { date: 'Tue, 06 Jan 2015 08:00:00 GMT', 'retry-after': 'Tue, 06 Jan 2015 08:00:07 GMT' },
      7,
    ],
  ])('%s', async (_name, headers, seconds) => {
    const { gateway, asked } = await openGatewayReplying({ status: 429, headers })
    const { error } = await failureOf(sessionFor(gateway).call(read, {}))
    expect(error).toMatchObject({
      kind: 'busy',
      next: `Call again in ${seconds} s.`,
      details: { status: 429, retryAfterSeconds: seconds },
    })
    expect(asked).toHaveLength(1)
  })

  test('a date without a Date header is compared with the clock of this machine', async () => {
    const gateway = await gatewayFor((_request, response) => {
      response.sendDate = false
      response.writeHead(429, { 'retry-after': new Date(Date.now() + 3_000_000).toUTCString() }).end()
    })
    const { error } = await failureOf(sessionFor(gateway).call(read, {}))
    const { retryAfterSeconds } = (error as unknown as { details: { retryAfterSeconds: number } }).details
    expect(retryAfterSeconds).toBeGreaterThan(2_900)
    expect(retryAfterSeconds).toBeLessThanOrEqual(3_000)
  })
})

describe('a read waits, and gets its rows', () => {
  test.each<readonly [string, CannedReply]>([
    ['429 with an empty body', { status: 429 }],
    ['409 with 1965', { status: 409, body: simple(1965), headers: { 'x-ratelimit-towait-sec': '9' } }],
  ])('%s', async (_name, answer) => {
    const pauses = skipPauses()
    const { gateway, asked } = await openGatewayReplying(answer, okReply)
    const session = sessionFor(gateway, { QUALYS_MAX_WAIT_SECONDS: '30' })
    await expect(session.call(read, {})).resolves.toMatchObject({ rows: [] })
    expect(asked).toHaveLength(2)
    expect(pauses.length).toBeGreaterThan(0)
  })
})

test('an effect does not wait, and is sent once', async () => {
  const { gateway, asked } = await openGatewayReplying(
    { status: 429, headers: { 'x-ratelimit-towait-sec': '1' } },
    okReply,
  )
  const { error } = await failureOf(
    sessionFor(gateway, { QUALYS_MAX_WAIT_SECONDS: '60' }).call(effect, effectArgs),
  )
  expect(error).toMatchObject({ kind: 'busy', details: { retryAfterSeconds: 1 } })
  expect(asked).toHaveLength(1)
})

test('an effect of SAQ as well', async () => {
  const { gateway, asked } = await openGatewayReplying({ status: 409, body: simple(1960) }, okReply)
  const { error } = await failureOf(
    sessionFor(gateway, { QUALYS_MAX_WAIT_SECONDS: '60' }).call(operationNamed('saq_delete_user'), {
      userId: '7',
    }),
  )
  expect(error).toMatchObject({ kind: 'busy' })
  expect(asked).toHaveLength(1)
})
