import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { searchUsers } from '../../../src/operations/saq/users.ts'
import type { Session } from '../../../src/session/session.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { processEnvironment, run } from '../../support/command-line/program.ts'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { openApi, pageOf, row, success } from '../../support/session/qps.ts'
import { sessionOn } from '../../support/session.ts'

// Answers beyond all measure: each is refused, or asked for again in smaller parts, before it costs anything.

const mebibyte = 1024 * 1024
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
  assistant = await assistantOn(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0' })
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

const serve = (body: string): Promise<void> =>
  sandbox.control.faults([{ route: '*', kind: 'reply', body, contentType: 'text/xml' }])
/** A page of users that is this large. */
const users = (size: number): string => {
  const one = row('User', 1, `<title>${'x'.repeat(1_000)}</title>`)
  return success(`<data>${one.repeat(Math.ceil(size / one.length))}</data>`)
}

describe('an answer that is too large', () => {
  test.each([
    ['50 MiB of rows', () => users(50 * mebibyte), /larger than 8 MiB of XML\. Ask for fewer rows\./],
    ['just above what is read', () => users(8 * mebibyte), /larger than 8 MiB of XML\. Ask for fewer rows\./],
    ['beyond what is taken in', () => users(65 * mebibyte), /larger than 64 MiB\. Ask for fewer rows/],
    [
      '50 MiB of JSON',
      () => JSON.stringify({ ServiceResponse: 'x'.repeat(50 * mebibyte) }),
      /larger than 8 MiB/,
    ],
  ])('%s is refused, once', async (_name, body, says) => {
    await serve(body())
    const { text, error } = await assistant.call('saq_search_users')
    expect(text).toMatch(says)
    expect(error).toMatchObject({ kind: 'vendor' })
    expect(await sandbox.control.requests()).toHaveLength(1)
  })

  test('half of that is read', async () => {
    await serve(users(4 * mebibyte))
    const { structured } = await assistant.call('saq_search_users', { pageSize: 200, fields: ['id'] }, 'json')
    expect(structured.returned).toBe(200)
  })

  // Read into objects, 50 MiB of XML take a gigabyte.
  test('50 MiB do not need more memory than they have', async () => {
    await serve(users(50 * mebibyte))
    const env = { ...environmentFor(sandbox), NODE_OPTIONS: '--max-old-space-size=128' }
    const { code, stdout, stderr } = await run(['call', 'saq_search_users'], processEnvironment(env))
    expect(stdout + stderr).toContain('larger than 8 MiB of XML')
    expect(code).toBe(1)
  })
})

describe('a walk over rows that are large', () => {
  const sessions: Session[] = []
  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.close()))
  })

  /** Walks users of this size each, on an API server of its own; gives the ids seen and the limits asked for. */
  async function walked(count: number, size: number) {
    const text = `<title>${'x'.repeat(size)}</title>`
    const all = Array.from({ length: count }, (_, place) => row('User', place + 1, text))
    const api = await openApi(({ limit, offset }) =>
      pageOf(all.slice(offset - 1, offset - 1 + limit), offset - 1 + limit < count),
    )
    const session = sessionOn(api)
    sessions.push(session)
    const ids: unknown[] = []
    try {
      for await (const { rows } of session.walk(searchUsers, {})) ids.push(...rows.map(({ id }) => id))
    } finally {
      await api.close()
    }
    return { ids, limits: api.asked.map(({ limit }) => limit) }
  }

  test('asks for half as many, and half of that, and goes on so', async () => {
    const { ids, limits } = await walked(600, 40_000)
    expect(ids).toEqual(Array.from({ length: 600 }, (_, place) => String(place + 1)))
    expect(limits).toEqual([1000, 500, 250, 125, 125, 125, 125, 125])
  })

  test('ends where one row alone is too large', async () => {
    await expect(walked(1, 17 * mebibyte)).rejects.toMatchObject({
      kind: 'vendor',
      message: expect.stringContaining('larger than 8 MiB'),
    })
  })
})

/** Reads this text as XML in a process of its own, which is ended when it hangs: how it ended. */
async function endOf(text: string): Promise<unknown> {
  const xml = new URL('../../../src/xml.ts', import.meta.url).href
  const tsx = fileURLToPath(import.meta.resolve('tsx'))
  const code = `const { readXml } = await import('${xml}'); readXml(Buffer.from(${text})); console.log('read')`
  const child = spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', code], {
    timeout: 60_000,
  })
  const [end, signal] = await once(child, 'close')
  return signal ?? end
}

describe('sixteen megabytes of CDATA that is not closed', () => {
  test('are refused', async () => {
    expect(await endOf(`'<a>' + '<![CDATA['.repeat(1_800_000)`)).toBe(0)
  })

  // A look for it outside of CDATA that begins anew at each of its beginnings takes an hour.
  test('are refused with a DTD behind them too', async () => {
    expect(await endOf(`'<a>' + '<![CDATA['.repeat(1_800_000) + '<!DOCTYPE a>'`)).toBe(0)
  })
})
