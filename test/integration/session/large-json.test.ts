import { describe, expect } from 'vitest'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import { maxBytesInPlace } from '../../../src/session/products/large/read-answer.ts'
import { testOn } from '../../support/fixtures.ts'
import { sessionOn } from '../../support/session.ts'

// Answers that are read in a thread, through the session and the tools.

const test = testOn({ jobs: 10 })
const route = 'POST /sm/v2/jobs/search'
const jobs = (rows: readonly object[]): string =>
  JSON.stringify({
    errorCode: null,
    message: null,
    body: { totalCount: rows.length, list: rows.map((data, at) => ({ sortValues: [at], data })) },
  })
const reply = (body: string) => ({ route, kind: 'reply', body, contentType: 'application/json' })
const long = 'x'.repeat(100)
const many = jobs(Array.from({ length: 20_000 }, (_, id) => ({ id, title: `${id}${long}` })))
const wide = Object.fromEntries(Array.from({ length: 200_000 }, (_, at) => [`field${at}`, at]))

test('the answers of these tests are large', () => {
  for (const body of [many, jobs([wide])]) expect(body.length).toBeGreaterThan(maxBytesInPlace)
})

describe('through a tool', () => {
  test('rows are shown as from a small answer', async ({ sandbox, assistant }) => {
    await sandbox.control.faults([reply(many)])
    const { structured } = await assistant.call(
      'car_search_jobs',
      { pageSize: 5, fields: ['id', 'title'] },
      'json',
    )
    expect(structured.rows).toEqual([0, 1, 2, 3, 4].map((id) => ({ id: `${id}`, title: `${id}${long}` })))
  })

  test('what is left out of a row is said, and its documented fields stay', async ({
    sandbox,
    assistant,
  }) => {
    await sandbox.control.faults([reply(jobs([{ ...wide, id: 7, title: 'wide' }]))])
    const { structured } = await assistant.call('car_search_jobs', { fields: ['id', 'title'] }, 'json')
    expect(structured.rows).toEqual([{ id: '7', title: 'wide' }])
    const { text } = await assistant.call('car_search_jobs')
    expect(text).toMatch(/198,\d{3} fields/)
  })

  test('a refusal is quoted, and its end is cut', async ({ sandbox, assistant }) => {
    const message = `No such filter. ${'x'.repeat(3 * 1024 * 1024)}`
    await sandbox.control.faults([reply(JSON.stringify({ errorCode: '1002', message, body: null }))])
    const { text, isError } = await assistant.call('car_search_jobs')
    expect(isError).toBe(true)
    expect(text).toContain('No such filter.')
    expect(text.length).toBeLessThan(5_000)
  })

  test('JSON that is cut is no JSON', async ({ sandbox, assistant }) => {
    await sandbox.control.faults([reply(many.slice(0, -10))])
    const { text, isError } = await assistant.call('car_search_jobs')
    expect(isError).toBe(true)
    expect(text).toContain('The answer is no JSON.')
  })
})

test('two answers at once are not mixed up', async ({ sandbox, session }) => {
  await sandbox.control.faults([reply(many)])
  const pages = await Promise.all([3, 4].map((pageSize) => session.call(searchJobs, { pageSize })))
  expect(pages.map((page) => (page.kind === 'page' ? page.rows.map(({ id }) => id) : page))).toEqual([
    [0, 1, 2],
    [0, 1, 2, 3],
  ])
})

test('a call that is cancelled ends, and the next one is answered', async ({ sandbox, session }) => {
  await sandbox.control.faults([reply(many)])
  const cancel = new AbortController()
  const stop = new Error('the assistant gave up')
  const call = session.call(searchJobs, { pageSize: 3 }, { signal: cancel.signal })
  const read = call.then(
    () => 'read',
    (error: unknown) => error,
  )
  setTimeout(() => cancel.abort(stop), 20)
  expect(['read', stop]).toContain(await read)
  await expect(session.call(searchJobs, { pageSize: 3 })).resolves.toMatchObject({ kind: 'page' })
})

test('a session that is closed meanwhile leaves others their answers', async ({ sandbox, session }) => {
  await sandbox.control.faults([reply(many)])
  const other = sessionOn(sandbox)
  const closed = other.call(searchJobs, { pageSize: 3 }).then(
    ({ kind }) => kind,
    (error: unknown) => error,
  )
  const whole = session.call(searchJobs, { pageSize: 3 })
  await other.close()
  await closed
  await expect(whole).resolves.toMatchObject({ kind: 'page' })
})
