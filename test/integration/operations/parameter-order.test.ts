import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { effectsAt, openSandbox } from '../../support/sandbox.ts'

// Parameters reach a script by position (car-api 5): in another order, `rm -r "$1"` gets what was meant for `$2`.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
  assistant = await assistantOn(sandbox, { QUALYS_MODE: 'unattended' })
})
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

test('another order than the script’s is refused, its own is taken', async () => {
  const created = await assistant.call('car_create_script', {
    ...{
      title: 'Two parameters',
      typeId: 1,
      subType: 'Response',
      languageId: 508,
      platform: 'LINUX',
      severity: 1,
    },
    content: 'rm -r "$1"; echo "$2"',
    params: [
      { key: 'path', value: '/tmp/x' },
      { key: 'mode', value: 'dry' },
    ],
    scriptApprovalUserConsent: true,
  })
  const scriptId = /script (\d+) created/.exec(created.text)?.[1]
  await sandbox.control.forget()
  const path = { key: 'path', value: '/tmp/y' }
  const mode = { key: 'mode', value: '/' }
  const run = { scriptId, assetIds: [21789601] }
  const swapped = await assistant.call('car_execute_script', { ...run, params: [mode, path] })
  expect(swapped).toMatchObject({ isError: true, error: { kind: 'input' } })
  expect(swapped.text).toBe(
    `Script ${scriptId} takes its parameters in another order. Pass params in this order: "path", "mode".`,
  )
  expect(await effectsAt(sandbox.control)).toEqual([])
  expect((await assistant.call('car_execute_script', { ...run, params: [path, mode] })).isError).toBe(false)
})
