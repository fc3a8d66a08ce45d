import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { describe, expect } from 'vitest'
import { z } from 'zod'
import type { Operation } from '../../src/operations/operation.ts'
import { tokenAfter } from '../../src/session/paging/continuation.ts'
import { servedOperations } from '../support/operations/served-routes.ts'
import { isSaq, test, vendorRequests } from './strict-sandbox.ts'

// The requests and answers that Qualys prints in its documentation: sent and read as printed there.

interface Sample {
  readonly page: string
  readonly note: string
  readonly request?: Record<string, unknown>
  /** The arguments of an effect; the minimal ones if absent. */
  readonly args?: Record<string, unknown>
  /** An XML sample is in a file of that type. */
  readonly reply?: unknown
  /** The rows that the assistant must get. */
  readonly rows?: readonly object[]
  /** For a record or an effect: the answer without its envelope. */
  readonly record?: object
  /** The first line of the reply to an effect. */
  readonly said?: string
}

const folder = new URL('../samples/', import.meta.url)
const sampleOf = async (name: string): Promise<Sample & { reply: unknown }> => {
  const sample: Sample = JSON.parse(await readFile(new URL(`${name}.json`, folder), 'utf8'))
  const reply = sample.reply ?? (await readFile(new URL(`${name}.xml`, folder), 'utf8'))
  return { ...sample, reply }
}
const samples = readdirSync(folder).map((file) => file.replace(/\.\w+$/, ''))
const reads = servedOperations.filter(({ effect }) => effect === 'read')
const documented = servedOperations.filter(({ evidence }) => evidence === 'documented')
const confirmed = documented.filter(({ effect }) => effect !== 'read')
/** Samples of reads, each with its operation; the second step of a walk has a test of its own. */
const shown = [...new Set(samples)]
  .filter((sample) => sample !== 'car_search_jobs-2')
  .flatMap((sample) => {
    const operation = reads.find(({ name }) => name === sample.replace(/-\d$/, ''))
    return operation ? [{ sample, operation }] : []
  })
const argsOf = ({ name, returns, input }: Operation): Record<string, unknown> => {
  if (name === 'car_export_scripts') return { ids: ['16515'] }
  if (returns === 'rows') return { pageSize: 10 }
  return Object.fromEntries(Object.keys(input).flatMap((one) => (one.endsWith('Id') ? [[one, '1']] : [])))
}
/** The pages show JSON for both products, and XML for SAQ. */
const typeOf = (reply: unknown): string => (typeof reply === 'string' ? 'text/xml' : 'application/json')

describe('the samples that Qualys prints', () => {
  test.for(confirmed)(
    '$name: its sample is read as a success',
    async (operation, { sandbox, session, assistant, least }) => {
      const { name, route } = operation
      const { page, note, args = { ...least[name] }, reply, record, said } = await sampleOf(name)
      expect(page).toMatch(/^https:\/\/docs\.qualys\.com\/en\/(car|saq)\/api\//)
      expect(note).not.toBe('')
      await sandbox.control.faults([{ route, kind: 'reply', body: reply, contentType: typeOf(reply) }])
      const answer = await session.call(operation, z.object(operation.input).parse(args))
      // Answers of SAQ repeat the whole object: only the fields that the code reads are compared.
      if (isSaq(name)) return expect(answer).toMatchObject({ kind: 'record', record, drift: [] })
      expect(answer).toStrictEqual({ kind: 'record', record, drift: [] })
      const [line] = (await assistant.call(name, args)).text.split('\n')
      // A schedule is verified after the effect, and the canned answer has created none.
      if (name.endsWith('_schedule'))
        expect(line).toMatch(
          /^(?:Qualys took schedule [0-9a-f-]{36} .*(?: Switch it off: | it is off,)|schedule [0-9a-f-]{36} ".*" created; Qualys took it, but it cannot be read back)/,
        )
      else expect(line).toBe(said)
    },
  )

  test.for(shown)('$sample is read', async ({ sample, operation }, { sandbox, session }) => {
    const { page, note, reply, rows, record } = await sampleOf(sample)
    expect(page).toMatch(/^https:\/\/docs\.qualys\.com\/en\/(car|saq)\//)
    expect(note).not.toBe('')
    const { route } = operation
    const canned = { kind: 'reply', body: reply, contentType: typeOf(reply) }
    await sandbox.control.faults(
      [route, route.replace('POST', 'GET')].map((at) => ({ route: at, ...canned })),
    )
    const answer = await session.call(operation, argsOf(operation))
    if (answer.kind === 'file') {
      expect(answer.mediaType).toBe('application/json')
      expect(JSON.parse(answer.bytes.toString())).toEqual(reply)
      return
    }
    expect(answer.drift).toEqual([])
    const read = answer.kind === 'record' ? answer.record : answer.rows
    expect(JSON.parse(JSON.stringify(read))).toStrictEqual(record ?? rows)
  })

  // getting_started.htm, "Fetching More than Ten Thousand Events".
  test('jobs/search, both steps: the same requests, the same rows', async ({ sandbox, session }) => {
    const [first, second] = [await sampleOf('car_search_jobs'), await sampleOf('car_search_jobs-2')]
    const filter = String(first.request?.['filter'])
    const jobs = documented.find(({ name }) => name === 'car_search_jobs')
    if (!jobs) throw new Error('no car_search_jobs')
    const step1 = await session.call(jobs, { filter, pageSize: 10 })
    // Step 2 continues after the sort values of the sandbox's seventh job.
    const seven = await session.call(jobs, { filter, pageSize: 7 })
    const continuationToken = seven.kind === 'page' ? tokenAfter(seven, 7) : undefined
    const step2 = await session.call(jobs, { filter, pageSize: 10, continuationToken })
    const bodies = (await vendorRequests(sandbox)).map(({ body }) => JSON.parse(body))
    expect(bodies).toStrictEqual([first.request, { ...first.request, pageSize: 7 }, second.request])
    expect(step1).toMatchObject({
      total: 80,
      cursors: expect.arrayContaining([[0]]),
      rows: expect.arrayContaining([...(first.rows ?? [])]),
    })
    expect(step2).toMatchObject({
      total: 80,
      cursors: expect.arrayContaining([[7, ...((second.request?.['searchAfter'] ?? []) as unknown[])]]),
    })
    expect(step2.kind === 'page' && step2.rows.slice(0, 4)).toStrictEqual(second.rows)

    await sandbox.control.faults([{ route: jobs.route, kind: 'reply', body: second.reply }])
    const served = await session.call(jobs, { filter, pageSize: 10, continuationToken })
    expect(served).toMatchObject({ total: 80, drift: [] })
    expect(served.kind === 'page' && served.rows).toStrictEqual(second.rows)
  })

  test('named inputs produce the same request', async ({ sandbox, assistant }) => {
    const { request } = await sampleOf('car_search_jobs')
    await assistant.call('car_search_jobs', { scriptName: 'Auto_script_22062022_074300047', pageSize: 10 })
    expect(JSON.parse((await vendorRequests(sandbox))[0]?.body ?? '')).toStrictEqual(request)
  })
})
