import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { faultKinds } from '../../../src/sandbox/faults/faults.ts'
import { type Expected, expectationOf, kindOf, readExpected } from '../../nightly/faults/expectations.ts'
import { callsOn, freshSandbox, operationNamed } from '../../nightly/faults/fixtures.ts'
import { allCells } from '../../nightly/faults/matrix.ts'
import { type FaultName, faultRows } from '../../nightly/faults/rows.ts'
import { CellRunner, type CleanRun, cleanRun } from '../../nightly/faults/runner.ts'
import { cellLine, lineOf, summaryOf, totalOf } from '../../nightly/faults/summary.ts'
import { type Cell, type CellResult, hasPassed, runsOf } from '../../nightly/faults/trial.ts'

const names = Object.keys(faultRows) as FaultName[]

describe('the table', () => {
  test('has a row for every kind of fault that the sandbox knows', () => {
    const kinds = new Set(Object.values(faultRows).map(({ fault }) => fault.kind))
    expect([...kinds].sort()).toEqual(Object.keys(faultKinds).sort())
  })

  test('covers every operation and at least 25 faults, none of them twice', () => {
    const cells = allCells().map(({ line, operation, loginKind }) => `${line} ${operation.name} ${loginKind}`)
    expect(new Set(cells).size).toBe(cells.length)
    for (const name of names)
      expect(cells.filter((cell) => cell.startsWith(`${name} `))).toHaveLength(operations.length)
    expect(names.length).toBeGreaterThanOrEqual(25)
  })

  test('lets no effect be sent twice, unless the login refused it', () => {
    const effects = operations.filter(({ effect }) => effect !== 'read')
    const twice = names.filter((name) =>
      effects.some((operation) => {
        const { once, always } = expectationOf(operation, name)
        return Math.max(once.most, always.most) > 1
      }),
    )
    expect(twice).toEqual(['expired', 'unauthenticated'])
  })

  test('expects of each effect that it was done, not done, or unknown', () => {
    for (const operation of operations) {
      for (const name of names) {
        const { once, always } = expectationOf(operation, name)
        const ofReads = [once.end, always.end].filter((end) => ['same', 'ids', 'rows', 'none'].includes(end))
        const ofEffects = [once.end, always.end].filter((end) => ['done', 'told', 'unclear'].includes(end))
        expect(operation.effect === 'read' ? ofEffects : ofReads, `${operation.name} ${name}`).toEqual([])
      }
    }
  })

  test('the most specific entry applies', () => {
    const end = (tool: string, fault: FaultName) => expectationOf(operationNamed(tool), fault).always.end
    expect(end('car_search_jobs', 'empty')).toBe('none')
    expect(end('saq_search_users', 'empty')).toBe('drift')
    expect(end('car_create_script', 'empty')).toBe('told')
    expect(end('saq_create_users', 'empty')).toBe('unclear')
    expect(end('car_create_schedule', 'empty')).toBe('told')
    expect(end('car_update_schedule', 'empty')).toBe('unclear')
    expect(expectationOf(operationNamed('car_update_schedule'), 'empty').because).toMatch(/read back/)
    expect(kindOf(operationNamed('car_download_report'))).toBe('file')
  })
})

describe('a cell runner', () => {
  const tools = ['car_search_jobs', 'car_create_script'].map(operationNamed)
  const clean = new Map<string, CleanRun>()
  let calls: ReadonlyMap<string, object>
  let runner: CellRunner
  beforeAll(async () => {
    const model = await freshSandbox()
    calls = await callsOn(model.control).finally(() => model.close())
    for (const operation of tools)
      clean.set(operation.name, await cleanRun(operation, calls.get(operation.name) ?? {}, 'client'))
    runner = new CellRunner(clean, calls)
  })
  afterAll(() => runner.close())

  const attempt = (tool: string, name: FaultName, expected: Expected, on = runner): Promise<CellResult> => {
    const operation = operationNamed(tool)
    const trial: Cell = {
      line: name,
      operation,
      route: operation.route,
      row: faultRows[name],
      loginKind: 'client',
      expected: readExpected(expected),
    }
    return on.run(trial)
  }
  const wrongOf = ({ runs }: CellResult): string[] => runs.flatMap(({ wrong }) => wrong)

  test('reports no error for correct results', async () => {
    expect(wrongOf(await attempt('car_search_jobs', 'gzip', 'same 1'))).toEqual([])
    expect(wrongOf(await attempt('car_create_script', 'gzip', 'done 1'))).toEqual([])
    expect(wrongOf(await attempt('car_create_script', 'resetAfterBody', 'unclear 1'))).toEqual([])
    const twice = await attempt('car_search_jobs', 'expired', 'same 2 / setup 2')
    expect([twice.runs.length, hasPassed(twice)]).toEqual([2, true])
  })

  test.each<[string, FaultName, Expected, RegExp]>([
    ['car_search_jobs', 'gzip', 'drift 1', /^ended in success instead of drift$/],
    ['car_search_jobs', 'badRequest', 'same 1', /^ended in input instead of same$/],
    ['car_search_jobs', 'expired', 'same 1 / setup 1', /^2 requests, at most 1 are allowed$/],
    ['car_search_jobs', 'rename', 'same 1', /^other rows$/],
    ['car_search_jobs', 'gzip', 'none 1', /^5 rows instead of none$/],
    ['car_create_script', 'empty', 'done 1', /^changed \{\} instead of \{"scripts":\[1,0\]\}$/],
    ['car_create_script', 'gzip', 'told 1', /^changed \{"scripts":\[1,0\]\}$/],
  ])('%s under %s is not %s', async (tool, name, expected, says) => {
    expect(wrongOf(await attempt(tool, name, expected))).toContainEqual(expect.stringMatching(says))
  })

  test('detects a doubled effect, lost rows and foreign rows', async () => {
    const list = clean.get('car_search_jobs')
    const effect = clean.get('car_create_script')
    if (!list || !effect) throw new Error('nothing was called')
    const others = new CellRunner(
      new Map([
        ['car_search_jobs', { ...list, rows: [...list.rows.slice(1), { id: 'another' }] }],
        ['car_create_script', { ...effect, change: { scripts: [2, 0] } }],
      ]),
      calls,
    )
    expect(wrongOf(await attempt('car_search_jobs', 'gzip', 'same 1', others))).toEqual(['other rows'])
    expect(wrongOf(await attempt('car_search_jobs', 'rename', 'ids 1', others))).toEqual([
      expect.stringMatching(/^rows .+ instead of .+,another$/),
    ])
    expect(wrongOf(await attempt('car_create_script', 'gzip', 'done 1', others))).toHaveLength(1)
    expect(wrongOf(await attempt('car_create_script', 'resetAfterBody', 'unclear 1', others))).toEqual([
      'changed {"scripts":[1,0]}',
    ])
    await others.close()
  })

  test('results are printed with their errors, and counted', async () => {
    const good = await attempt('car_search_jobs', 'gzip', 'same 1')
    const bad = await attempt('car_search_jobs', 'badRequest', 'same 1')
    expect(lineOf([good])).toBe('PASS  gzip                     1 of 1 cells; ends: same 1; most requests: 1')
    expect(lineOf([good, bad])).toMatch(/^FAIL .* 1 of 2 cells; ends: same 1, input 1;/)
    expect(cellLine(bad)).toMatch(/always: input, 1 requests \(expected same, at most 1\)\n +WRONG: ended in/)
    expect(totalOf([good, bad], 2)).toBe('2 cells, 1 PASS, 1 FAIL, 2 runs, 2 faults x 1 operations, 2 s')
    expect(summaryOf([good])).toContain('| gzip | a body as gzip | the right rows |')
  })
})

test('a cell is run twice only where it makes a difference', () => {
  const cell = allCells().find(({ line }) => line === 'reset')
  if (!cell) throw new Error('no cell')
  expect(runsOf({ ...cell, expected: readExpected('same 1') }).map(([times]) => times)).toEqual(['always'])
  expect(runsOf({ ...cell, expected: readExpected('same 2 / vendor 4') }).map(([times]) => times)).toEqual([
    'once',
    'always',
  ])
})
