import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { serviceTestOn } from '../../support/service/fixture.ts'
import { readable } from '../../support/service-page/browser.ts'
import { at, browserFor, pageSettings } from '../../support/service-page/page.ts'

// The sandbox without callers: nobody brings a token, and whoever can read a file of this user says yes.

const test = serviceTestOn()

test('the key of the start logs in, and stands in a file of this user alone', async ({ serve }) => {
  const settings = {
    ...pageSettings,
    QUALYS_SANDBOX: '1',
    QUALYS_GATEWAY_URL: undefined,
    QUALYS_API_URL: undefined,
  }
  const service = await serve({ callers: {}, settings })
  const path = join(service.folder, 'page-key')
  const key = readFileSync(path, 'utf8').trim()
  expect(key).toMatch(/^[\w-]{43}$/)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(service.lines()).toContainEqual(expect.objectContaining({ file: path }))
  expect(service.log.join('\n')).not.toContain(key)
  const browser = browserFor(service)
  const form = await browser.open(at('/waiting'))
  expect(readable(form)).toContain('The key of this start')
  const refused = await browser.submit(form, { token: 'A'.repeat(43) })
  expect([refused.status, readable(refused)]).toEqual([
    403,
    expect.stringContaining('not the key of this start'),
  ])
  const shown = await browser.submit(refused, { token: key })
  expect(readable(shown)).toContain('You are logged in as sandbox.')
  await service.close()
  expect(existsSync(path)).toBe(false)
})
