import { expect } from 'vitest'
import { processEnvironment, runProgram } from '../../support/command-line/program.ts'
import { environmentFor } from '../../support/environment.ts'
import { testOn } from '../../support/fixtures.ts'

// The thread that reads large answers is a file of its own in the built program.

const test = testOn()

test('the built program reads a large answer and ends', async ({ sandbox }) => {
  const list = Array.from({ length: 20_000 }, (_, id) => ({
    sortValues: [id],
    data: { id, title: 'x'.repeat(150) },
  }))
  const body = JSON.stringify({ errorCode: null, message: null, body: { totalCount: list.length, list } })
  await sandbox.control.faults([
    { route: 'POST /sm/v2/jobs/search', kind: 'reply', body, contentType: 'application/json' },
  ])
  const call = ['call', 'car_search_jobs', '{"pageSize":2,"fields":["id"]}', '--json']
  const { code, stdout, stderr } = await runProgram(call, processEnvironment(environmentFor(sandbox)))
  expect(stderr).not.toContain('thread')
  expect(JSON.parse(stdout)).toMatchObject({ rows: [{ id: '0' }, { id: '1' }] })
  expect(code).toBe(0)
})
