import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { openAssistantOn } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import { tokenOf } from '../../support/secrets/fixtures.ts'

const test = testOn()

test('the token file must not be accessible to others, each time it is read', async ({ sandbox }) => {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-token-file-'))
  const path = join(folder, 'token')
  writeFileSync(path, await tokenOf(sandbox), { mode: 0o600 })
  const assistant = await openAssistantOn(sandbox, { QUALYS_TOKEN_FILE: path })
  expect((await assistant.call('car_list_script_types')).isError).toBe(false)
  await sandbox.control.revoke()
  chmodSync(path, 0o644)
  const { text, error } = await assistant.call('car_list_script_types')
  expect(error).toMatchObject({ kind: 'setup' })
  expect(text).toContain(
    'The file that QUALYS_TOKEN_FILE names is open to other users (mode 0644). Ask the operator: run chmod 600 on it',
  )
  await assistant.close()
  rmSync(folder, { recursive: true })
})
