import { describe, expect, test } from 'vitest'
import { planProbes } from '../../../src/cli/probe/plan.ts'
import type { Probe } from '../../../src/cli/probe/probe.ts'
import { runProbes } from '../../../src/cli/probe/runner.ts'
import { BusyError, SetupError, VendorError } from '../../../src/shared/errors.ts'
import { type Answers, sessionInMemory } from '../../support/operations/memory.ts'

// One request after the other: how the recording continues, and when it ends.

const [car, saq] = ['car', 'saq'].map((product) => planProbes(new Set([product]), {})) as [
  readonly Probe[],
  readonly Probe[],
]

const noRows = { body: { errorCode: null, message: null, body: { totalCount: 0, list: [] } } }
const noUsers = {
  body: '<ServiceResponse><responseCode>SUCCESS</responseCode><count>0</count></ServiceResponse>',
  contentType: 'application/xml',
}
const validAnswers: Answers = ({ path }) => (path.startsWith('/qps/') ? noUsers : noRows)

interface RunOptions {
  readonly signal?: AbortSignal
  readonly rest?: (asked: number) => Promise<void>
}

async function runQuestions(
  questions: readonly Probe[],
  answers: Answers,
  { signal, rest }: RunOptions = {},
) {
  const { session, sent } = sessionInMemory(answers)
  const order: string[] = []
  const outcome = await runProbes(session, questions, {
    signal: signal ?? new AbortController().signal,
    waitBeforeProbe: async (asked) => {
      order.push(`rest ${asked}`)
      await rest?.(asked)
    },
    waitAfterRefusal: async () => void order.push('pause'),
    onResult: (_, { skipped }) => {
      if (!skipped) order.push('asked')
    },
  })
  const skips = outcome.answers.map(({ skipped }) => skipped)
  return { ...outcome, sent, order, skips, asked: skips.filter((skip) => skip === undefined).length }
}

/** Answers successfully this often, then otherwise. */
function failAfter(count: number, other: Answers): Answers {
  let answered = 0
  return (sent) => {
    answered++
    return answered > count ? other(sent) : validAnswers(sent)
  }
}

const failing =
  (error: Error): Answers =>
  () => {
    throw error
  }

test('every probe is sent once, with a pause before each', async () => {
  const { order, asked, answers: notes, endReason: ended, sent } = await runQuestions(saq, validAnswers)
  expect(notes).toHaveLength(saq.length)
  expect(asked).toBeGreaterThan(8)
  expect(sent).toHaveLength(asked)
  expect(order).toEqual(Array.from({ length: asked }, (_, before) => [`rest ${before}`, 'asked']).flat())
  expect(ended).toBeUndefined()
})

describe('it ends', () => {
  test('at the first limit, and keeps the answers so far', async () => {
    const busy = new BusyError('Qualys limits the calls of this account (429).', 'Call again in 60 s.')
    const {
      endReason: ended,
      skips,
      failures,
      asked,
    } = await runQuestions([...car, ...saq], failAfter(4, failing(busy)))
    expect(ended).toBe('limit')
    expect(asked).toBe(5)
    expect(failures).toEqual([busy])
    const last = skips.lastIndexOf(undefined)
    expect(skips.slice(last + 1).every((skip) => skip === 'stopped')).toBe(true)
  })

  test('when the person ends it', async () => {
    const stop = new AbortController()
    const rest = async (asked: number): Promise<void> => {
      if (asked === 3) stop.abort()
    }
    const {
      endReason: ended,
      asked,
      sent,
      skips,
    } = await runQuestions(car, validAnswers, { signal: stop.signal, rest })
    expect([ended, asked, sent.length]).toEqual(['interrupted', 3, 3])
    expect(skips.slice(skips.lastIndexOf(undefined) + 1)).toEqual(Array(car.length - 3).fill('stopped'))
  })
})

describe('a host is skipped', () => {
  test('after three time-outs in a row', async () => {
    const silent = new VendorError('The connection broke.', 'Call again.')
    const { endReason: ended, asked, skips, failures } = await runQuestions(car, failing(silent))
    expect([ended, asked]).toEqual(['shut', 3])
    expect(failures).toEqual([silent])
    expect(skips.filter((skip) => skip === 'shut').length).toBeGreaterThan(10)
  })

  test('not after two, and an answer', async () => {
    let asked = 0
    const { endReason: ended } = await runQuestions(car.slice(0, 6), (sent) => {
      asked++
      if (asked % 3 !== 0) throw new VendorError('The connection broke.', 'Call again.')
      return validAnswers(sent)
    })
    expect(ended).toBeUndefined()
  })

  test('at once where nothing can be sent, and the other host is probed', async () => {
    const closed = new SetupError('There is no such host.', 'Check QUALYS_GATEWAY_URL.')
    const {
      endReason: ended,
      sent,
      answers: notes,
    } = await runQuestions([...car, ...saq], (request) => {
      if (!request.path.startsWith('/qps/')) throw closed
      return noUsers
    })
    expect(ended).toBe('shut')
    expect(sent.filter(({ path }) => !path.startsWith('/qps/'))).toHaveLength(1)
    const held = notes.filter(({ held }) => held)
    expect(held.length).toBeGreaterThan(5)
    expect(held.every(({ operation }) => operation.startsWith('saq_'))).toBe(true)
  })
})

describe('an answer confirms the declaration', () => {
  const first = car.slice(0, 1)
  const held = async (answers: Answers): Promise<boolean | undefined> =>
    (await runQuestions(first, answers)).answers[0]?.held

  test('where it is as declared', async () => expect(await held(validAnswers)).toBe(true))

  test.each<[string, Answers]>([
    ['a page of a proxy', () => ({ body: '<html></html>', contentType: 'text/html' })],
    ['a page with 403', () => ({ status: 403, body: '<html></html>', contentType: 'text/html' })],
    ['JSON that ends early', () => ({ body: '{"body":{"list":[' })],
    ['an unknown status', () => ({ status: 799, body: {} })],
    ['an error inside', () => ({ body: { errorCode: 'E', message: 'no', body: null } })],
    ['nothing', () => ({ body: '' })],
    ['no permission', () => ({ status: 403, body: {} })],
  ])('not where it is %s, and that ends nothing', async (_what, answers) => {
    const { answers: notes, endReason: ended } = await runQuestions(first, answers)
    expect(notes[0]?.held).toBe(false)
    expect(ended).toBeUndefined()
  })

  test('only where it is the requested record', async () => {
    const scripts = car.filter(({ operation }) =>
      ['car_search_scripts', 'car_get_script'].includes(operation.name),
    )
    const record =
      (id: number): Answers =>
      ({ path }) =>
        path.endsWith('/search')
          ? { body: { body: { totalCount: 1, list: [{ id: 7, title: 'x' }] } } }
          : { body: { errorCode: null, message: null, body: { id, title: 'x' } } }
    const results = async (id: number) =>
      (await runQuestions(scripts, record(id))).answers.flatMap(({ kind, operation, result }) =>
        kind === 'own' && operation === 'car_get_script' ? [result] : [],
      )
    expect(await results(7)).toEqual(['as asked'])
    expect(await results(8)).toEqual(['another id'])
  })
})

describe('another path is probed', () => {
  const jobs = car.filter(
    ({ operation, kind }) => operation.name === 'car_search_jobs' && kind !== 'token' && kind !== 'control',
  )
  const moved: Answers = ({ path }) => (path === '/sm/v2/jobs/search' ? { status: 404, body: {} } : noRows)

  test('only where the usual one is not there', async () => {
    const usual = await runQuestions(jobs, validAnswers)
    expect(usual.sent.every(({ path }) => path === '/sm/v2/jobs/search')).toBe(true)
    expect(usual.skips).toContain('needless')
    const other = await runQuestions(jobs, moved)
    expect(other.sent.map(({ path }) => path)).toContain('/sm/v1/jobs/search')
  })

  test('and request variants use the path where the list was found', async () => {
    const { sent, answers: notes } = await runQuestions(jobs, moved)
    const sort = notes.find(({ about }) => about === 'sort as text')
    expect(sort?.route).toBe('POST /sm/v1/jobs/search')
    expect(sent.at(-1)?.path).toBe('/sm/v1/jobs/search')
  })
})
