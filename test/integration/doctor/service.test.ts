import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { checkService } from '../../../src/cli/service/doctor-http.ts'
import { readSettings } from '../../../src/config/settings.ts'
import { unusedAddress } from '../../support/doctor/doctor-fixtures.ts'
import { tokenOf } from '../../support/service/callers.ts'
import { serviceTestOn } from '../../support/service/fixture.ts'

// `doctor --http URL`: whether a service answers, keeps strangers out, and what a token gives.

const test = serviceTestOn()

/** The report about an address, with the token in a file, if there is one. */
async function report(url: string, tokenFile?: string) {
  const environment = tokenFile === undefined ? {} : { QUALYS_CONNECT_TOKEN_FILE: tokenFile }
  const lines: string[] = []
  const { settings } = readSettings({}, environment)
  const isFine = await checkService(url, settings, (line) => lines.push(line))
  return { isFine, text: lines.join('\n') }
}

function fileWith(folder: string, token: string): string {
  const path = join(folder, 'token')
  writeFileSync(path, `${token}\n`, { mode: 0o600 })
  return path
}

test('a service that keeps strangers out, and what a token gives', async ({ serve }) => {
  const { url, folder } = await serve({ callers: { ann: { role: 'viewer' } } })
  const { isFine, text } = await report(url, fileWith(folder, tokenOf('ann')))
  expect(text).toMatch(
    /^ok {4}service: \S+ answers in \d+ ms\nok {4}without a token: refused\nok {4}with the token: MCP 2026-07-28, \d+ tools, 0 of them with an effect$/,
  )
  expect(isFine).toBe(true)
})

test('a token that belongs to nobody', async ({ serve }) => {
  const { url, folder } = await serve({ callers: { ann: { role: 'viewer' } } })
  const token = 'a-token-of-nobody-that-is-long-enough'
  const { isFine, text } = await report(url, fileWith(folder, token))
  expect(text).toMatch(/^FAIL {2}with the token: it answers with 401 \(.*belongs to no caller/m)
  expect(text).not.toContain(token)
  expect(isFine).toBe(false)
})

test('nothing listens', async () => {
  const { isFine, text } = await report(await unusedAddress())
  expect(text).toMatch(/^FAIL {2}service: .*cannot be reached: it refuses the connection/)
  expect(isFine).toBe(false)
})
