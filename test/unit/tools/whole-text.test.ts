import { describe, expect, test } from 'vitest'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import { exportScripts, searchScripts } from '../../../src/operations/car/scripts.ts'
import { cannedRows, cannedRuns, run } from '../../support/replies/rows.ts'
import { type CannedAnswer, callerOn, toolFor, Upstream } from '../../support/workflows/memory.ts'

// A text that a list or a file shows cut, or without invisible characters, is not taken for the whole one.

const wayOn = 'car_get_script reads the content of one script exactly, in slices.'
const cleaned = 'Text is shown with LF line ends and without invisible characters.'

function callerWith(...answers: readonly CannedAnswer[]) {
  const upstream = new Upstream()
  upstream.serve(...answers)
  return callerOn(upstream.answer)
}

describe('a list of scripts', () => {
  const row = (content: string): object => ({
    id: 7,
    title: 'a',
    content: Buffer.from(content).toString('base64'),
  })
  const list = async (content: string, args: object) =>
    (await callerWith(cannedRows(searchScripts, [row(content)])).call(toolFor(searchScripts), args, 'json'))
      .structured

  test.each([[['*']], [['content']]])('with the fields %j says how one is read whole', async (fields) => {
    const { note, rows } = await list('\ufeffa\r\nb\n', { fields })
    expect(note).toBe(`${cleaned} ${wayOn}`)
    expect(rows[0]?.['content']).toBe('a\nb\n')
    expect((await list('a\nb\n', { fields })).note).toBe(wayOn)
  })

  test('says so after what is cut', async () => {
    const { note } = await list('echo a\n'.repeat(9_000), { fields: ['content'] })
    expect(note).toMatch(/^1 long value is cut: .* \(QUALYS_REPLY_CHARS\)\. car_get_script reads /)
  })

  test('says nothing of it without the content', async () => {
    expect((await list('a\r\n', { fields: ['id', 'title'] })).note).toBeUndefined()
  })
})

describe('exported scripts', () => {
  const exported = async (text: string) =>
    (await callerWith({ body: text }).call(toolFor(exportScripts), { ids: ['7'] }, 'json')).structured.note

  test('that are cut say how one is read whole', async () =>
    expect(await exported(JSON.stringify('x'.repeat(30_000)))).toMatch(
      /^The file is cut: .* car_get_script reads /,
    ))

  test('that fit do not', async () => expect(await exported('[]')).toBeUndefined())
})

describe('text that is cleaned', () => {
  const noteFor = async (extra: unknown) => {
    const caller = callerWith(cannedRuns([run(1, { extra })]))
    return (await caller.call(toolFor(searchJobs), { fields: ['id', 'extra'] }, 'json')).structured.note
  }

  test.each([['a\u200bb'], ['a\r\nb'], ['\u001b[31ma'], [['x', { name: '\u202ea' }]]])(
    'such as %j is told',
    async (extra) => expect(await noteFor(extra)).toBe(cleaned),
  )

  test.each([['a'], ['é 漢字\n\tb'], [['a', { b: 1 }]], [7]])('but not %j', async (extra) =>
    expect(await noteFor(extra)).toBeUndefined(),
  )
})
