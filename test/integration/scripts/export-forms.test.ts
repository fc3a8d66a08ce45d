import { expect } from 'vitest'
import { testOn } from '../../support/fixtures.ts'

// car_export_scripts under each form that an export may have.

const test = testOn({ jobs: 100 }, { QUALYS_UNVERIFIED: 'all' })
const args = { ids: ['16515', '19218'] }

test.for([
  ['json', /^scripts: file "scripts\.json", application\/json, [\d,]+ bytes\n[\s\S]*Get-CimInstance/],
  ['csv', /^scripts: file "scripts\.csv", text\/csv, [\d,]+ bytes\n[\s\S]*Get-CimInstance/],
  ['zip', /^scripts: file "scripts\.zip", application\/zip, [\d,]+ bytes$/m],
] as const)('%s', async ([scriptExports, reply], { sandbox, assistant }) => {
  await sandbox.control.knobs({ scriptExports })
  const { text, isError, raw } = await assistant.call('car_export_scripts', args)
  expect([isError, text]).toEqual([false, expect.stringMatching(reply)])
  const resources = JSON.stringify(raw).match(/"blob":"UEsDB/g) ?? []
  expect(resources.length).toBe(scriptExports === 'zip' ? 1 : 0)
})

test('gone', async ({ sandbox, assistant }) => {
  await sandbox.control.knobs({ scriptExports: 'gone' })
  const { text, isError } = await assistant.call('car_export_scripts', args)
  expect(isError).toBe(true)
  expect(text).toContain('Qualys answered 404 to GET /sm/v1/scripts/export')
})

test('a record without content says nothing of an empty script', async ({ sandbox, assistant }) => {
  await sandbox.control.knobs({ scriptContent: 'hidden' })
  const { text, isError } = await assistant.call('car_get_script', { scriptId: '16515' })
  expect(isError).toBe(false)
  expect(text).not.toContain('empty')
})
