import { describe, expect, test } from 'vitest'
import { planOf } from '../../../src/cli/probe/plan.ts'
import type { Question } from '../../../src/cli/probe/question.ts'
import { interview } from '../../../src/cli/probe/runner.ts'
import { BusyError, SetupError, VendorError } from '../../../src/shared/errors.ts'
import { type Answers, sessionInMemory } from '../../support/operations/memory.ts'

// One question after the other: how it goes on, and when it ends.

const [car, saq] = ['car', 'saq'].map((product) => planOf(new Set([product]), {})) as [
  readonly Question[],
  readonly Question[],
]

const noRows = { body: { errorCode: null, message: null, body: { totalCount: 0, list: [] } } }
const noUsers = {
  body: '<ServiceResponse><responseCode>SUCCESS</responseCode><count>0</count></ServiceResponse>',
  contentType: 'application/xml',
}
const wellAnswered: Answers = ({ path }) => (path.startsWith('/qps/') ? noUsers : noRows)

interface More {
  readonly signal?: AbortSignal
  readonly rest?: (asked: number, signal: AbortSignal) => Promise<void>
}

async function interviewed(questions: readonly Question[], answers: Answers, { signal, rest }: More = {}) {
  const { session, sent } = sessionInMemory(answers)
  const order: string[] = []
  const outcome = await interview(session, questions, {
    signal: signal ?? new AbortController().signal,
    rest: async (asked, until) => {
      order.push(`rest ${asked}`)
      await rest?.(asked, until)
    },
    pause: async () => void order.push('pause'),
    told: (_, { facts }) => {
      if (!facts.skipped) order.push('asked')
    },
  })
  const skips = outcome.notes.map(({ facts }) => facts.skipped)
  return { ...outcome, sent, order, skips, asked: skips.filter((skip) => skip === undefined).length }
}

/** Answers well so often, then otherwise. */
function after(count: number, other: Answers): Answers {
  let answered = 0
  return (sent) => {
    answered++
    return answered > count ? other(sent) : wellAnswered(sent)
  }
}

const failing =
  (error: Error): Answers =>
  () => {
    throw error
  }

test('every question is asked once, with a rest before each', async () => {
  const { order, asked, notes, ended, sent } = await interviewed(saq, wellAnswered)
  expect(notes).toHaveLength(saq.length)
  expect(asked).toBeGreaterThan(8)
  expect(sent).toHaveLength(asked)
  expect(order).toEqual(Array.from({ length: asked }, (_, before) => [`rest ${before}`, 'asked']).flat())
  expect(ended).toBeUndefined()
})

describe('it ends', () => {
  test('at the first limit, and keeps what was answered', async () => {
    const busy = new BusyError('Qualys limits the calls of this account (429).', 'Call again in 60 s.')
    const { ended, skips, failures, asked } = await interviewed([...car, ...saq], after(4, failing(busy)))
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
    const { ended, asked, sent, skips } = await interviewed(car, wellAnswered, { signal: stop.signal, rest })
    expect([ended, asked, sent.length]).toEqual(['interrupted', 3, 3])
    expect(skips.slice(skips.lastIndexOf(undefined) + 1)).toEqual(Array(car.length - 3).fill('stopped'))
  })
})

describe('a host is left', () => {
  test('after three silences in a row', async () => {
    const silent = new VendorError('The connection broke.', 'Call again.')
    const { ended, asked, skips, failures } = await interviewed(car, failing(silent))
    expect([ended, asked]).toEqual(['shut', 3])
    expect(failures).toEqual([silent])
    expect(skips.filter((skip) => skip === 'shut').length).toBeGreaterThan(10)
  })

  test('not after two, and an answer', async () => {
    let asked = 0
    const { ended } = await interviewed(car.slice(0, 6), (sent) => {
      asked++
      if (asked % 3 !== 0) throw new VendorError('The connection broke.', 'Call again.')
      return wellAnswered(sent)
    })
    expect(ended).toBeUndefined()
  })

  test('at once where nothing can be sent, and the other one is asked', async () => {
    const closed = new SetupError('There is no such host.', 'Check QUALYS_GATEWAY_URL.')
    const { ended, sent, notes } = await interviewed([...car, ...saq], (request) => {
      if (!request.path.startsWith('/qps/')) throw closed
      return noUsers
    })
    expect(ended).toBe('shut')
    expect(sent.filter(({ path }) => !path.startsWith('/qps/'))).toHaveLength(1)
    const held = notes.filter(({ facts }) => facts.held)
    expect(held.length).toBeGreaterThan(5)
    expect(held.every(({ facts }) => facts.operation.startsWith('saq_'))).toBe(true)
  })
})

describe('an answer holds', () => {
  const first = car.slice(0, 1)
  const held = async (answers: Answers): Promise<boolean | undefined> =>
    (await interviewed(first, answers)).notes[0]?.facts.held

  test('as it is declared', async () => expect(await held(wellAnswered)).toBe(true))

  test.each<[string, Answers]>([
    ['a page of a proxy', () => ({ body: '<html></html>', contentType: 'text/html' })],
    ['a page with 403', () => ({ status: 403, body: '<html></html>', contentType: 'text/html' })],
    ['JSON that ends early', () => ({ body: '{"body":{"list":[' })],
    ['an unknown status', () => ({ status: 799, body: {} })],
    ['an error inside', () => ({ body: { errorCode: 'E', message: 'no', body: null } })],
    ['nothing', () => ({ body: '' })],
    ['no permission', () => ({ status: 403, body: {} })],
  ])('not where it is %s, and that ends nothing', async (_what, answers) => {
    const { notes, ended } = await interviewed(first, answers)
    expect(notes[0]?.facts.held).toBe(false)
    expect(ended).toBeUndefined()
  })

  test('only where no other record came than was asked for', async () => {
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
      (await interviewed(scripts, record(id))).notes.flatMap(({ facts: { kind, operation, result } }) =>
        kind === 'own' && operation === 'car_get_script' ? [result] : [],
      )
    expect(await results(7)).toEqual(['as asked'])
    expect(await results(8)).toEqual(['another id'])
  })
})

describe('another path is asked', () => {
  const jobs = car.filter(
    ({ operation, kind }) => operation.name === 'car_search_jobs' && kind !== 'token' && kind !== 'control',
  )
  const moved: Answers = ({ path }) => (path === '/sm/v2/jobs/search' ? { status: 404, body: {} } : noRows)

  test('only where the usual one is not there', async () => {
    const usual = await interviewed(jobs, wellAnswered)
    expect(usual.sent.every(({ path }) => path === '/sm/v2/jobs/search')).toBe(true)
    expect(usual.skips).toContain('needless')
    const other = await interviewed(jobs, moved)
    expect(other.sent.map(({ path }) => path)).toContain('/sm/v1/jobs/search')
  })

  test('and forms of requests go where the list was found', async () => {
    const { sent, notes } = await interviewed(jobs, moved)
    const sort = notes.find(({ facts }) => facts.about === 'sort as text')
    expect(sort?.facts.route).toBe('POST /sm/v1/jobs/search')
    expect(sent.at(-1)?.path).toBe('/sm/v1/jobs/search')
  })
})
