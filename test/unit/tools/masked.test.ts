import { describe, expect, test } from 'vitest'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import { exportScripts, getScript } from '../../../src/operations/car/scripts.ts'
import { mask } from '../../../src/shared/secrets.ts'
import { outputText } from '../../../src/tools/guides/outputs.ts'
import { noteOf, type Reply, sizeOf, structureOf, textOf } from '../../../src/tools/replies/reply.ts'
import { getOutput } from '../../../src/tools/workflows/run/output.ts'
import { cannedRuns, run } from '../../support/replies/rows.ts'
import { type CannedAnswer, callerOn, toolFor, Upstream } from '../../support/workflows/memory.ts'
import { assetJobs, hostsReply } from '../../support/workflows/runs.ts'

// A read says how much of what it shows is masked: nobody can pass such a text on.

const login = 'https://svc:Secret12345@repo.example/x'
const one = 'Note: 1 value is masked.'

function callerWith(...answers: readonly CannedAnswer[]) {
  const upstream = new Upstream()
  upstream.serve(...answers)
  return callerOn(upstream.answer)
}

describe('a read', () => {
  test('of a list counts what it shows, above the way on', async () => {
    const caller = callerWith(cannedRuns([run(1, { title: login }), run(2), run(3, { title: login })], 9))
    const { text } = await caller.call(toolFor(searchJobs), { pageSize: 3 })
    expect(text).toMatch(
      /\nNote: 2 values are masked\.\nMore: the same arguments with continuationToken "[\w-]+"$/,
    )
    const { structured } = await caller.call(toolFor(searchJobs), { pageSize: 3 }, 'json')
    expect(structured.note).toBe('2 values are masked.')
    const selected = await caller.call(toolFor(searchJobs), { pageSize: 3, fields: ['id'] })
    expect(selected.text).not.toContain('masked')
  })

  test('of a list counts a value that all rows share', async () => {
    const title = `${'x'.repeat(80)} ${login}`
    const caller = callerWith(cannedRuns([run(1, { title }), run(2, { title })]))
    const { text } = await caller.call(toolFor(searchJobs))
    expect(text).toMatch(/\nNote: \d values? (is|are) masked\.$/)
  })

  test('of a record', async () => {
    const caller = callerWith({ body: { body: { id: 7, title: login } } })
    expect((await caller.call(toolFor(getScript), { scriptId: '7' })).text).toMatch(new RegExp(`\\n${one}$`))
  })

  test('of a file', async () => {
    const caller = callerWith({ body: `[{"content":"${login}"}]` })
    const { text } = await caller.call(toolFor(exportScripts), { ids: ['7'] })
    expect(text).toMatch(new RegExp(`\\n${one}$`))
  })

  test('of an output, as a tool and as a resource', async () => {
    const ids = { jobId: '1', assetJobId: '7' }
    const caller = callerWith({ route: assetJobs, body: hostsReply([{ id: '7', output: `a\n${login}\n` }]) })
    expect((await caller.call(getOutput, ids)).text).toMatch(new RegExp(`\\n${one}$`))
    expect(await outputText(caller.running, ids)).toMatch(new RegExp(`\\n${one}$`))
  })
})

describe('the note', () => {
  const reply: Reply = { summary: 'a', body: `b ${mask}\nNote: c`, note: 'c', rows: [{ b: mask }] }

  test('is the same in both forms, beside any other', () => {
    expect(textOf(reply)).toBe(`a\nb ${mask}\nNote: c\n${one}`)
    expect(structureOf(reply).note).toBe('c 1 value is masked.')
    expect(noteOf(reply)).toBe('c 1 value is masked.')
  })

  test('counts in the size of the reply', () => {
    const { length } = textOf(reply)
    expect(sizeOf({ ...reply, rows: [] })).toBeGreaterThanOrEqual(length)
  })

  test('leaves out what the reply tells of itself', () => {
    expect(textOf({ ...reply, toldMasks: 1 })).not.toContain('masked.')
    expect(noteOf({ ...reply, body: mask.repeat(3), toldMasks: 1 })).toBe('c 2 values are masked.')
  })

  test('is there for a mask in the rows alone', () => {
    expect(noteOf({ ...reply, body: '' })).toBe('c 1 value is masked.')
  })
})
