import { describe, expect } from 'vitest'
import { testOn } from '../../support/fixtures.ts'
import { allPages, foundIn, scriptsWith } from '../../support/scripts/code-search.ts'

// Exports that fail, at once or in the middle: no script is lost, and none is taken for one without the text.

const test = testOn({ jobs: 100 }, { QUALYS_UNVERIFIED: 'all', QUALYS_MAX_WAIT_SECONDS: '1' })
const tool = 'car_search_scripts'
const contentMatch = 'WScript.Network'

const kinds = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 403 },
  { kind: 'html', status: 200 },
  { kind: 'empty' },
  { kind: 'emptyBody' },
  { kind: 'errorInside' },
  { kind: 'badJson' },
  { kind: 'truncate' },
  { kind: 'reset' },
  { kind: 'expired', times: 1 },
  { kind: 'wrongType', contentType: 'text/plain' },
  { kind: 'gzip' },
  { kind: 'byteOrderMark' },
  { kind: 'unknownEncoding' },
  { kind: 'reply', body: '[]', contentType: 'application/json' },
  { kind: 'reply', body: 'PK\u0003\u0004', contentType: 'application/octet-stream' },
] as const

describe.each([0, 1])('after %i exports', (skip) => {
  // With all kinds at once and each script of the account, reading one by one takes long.
  test.for(skip === 0 ? kinds.slice(0, 4) : kinds)('%j', async (fault, { sandbox, assistant }) => {
    await sandbox.control.faults([{ route: 'GET /sm/v1/scripts/export', skip, ...fault }])
    const expected = await scriptsWith(sandbox.control, contentMatch)
    const others = (await sandbox.control.dump('scripts')).filter((_, at) => at % 3 === 0)
    const ids = [...new Set([...expected, ...others].map(({ id }) => String(id)))]
    const pages = await allPages(assistant, tool, { contentMatch, ids, pageSize: 200 })
    expect(foundIn(pages)).toEqual(expected)
    expect(pages.map(({ summary }) => summary).join()).not.toContain('unknown')
  })
})

test('a limit in the middle ends the page, and its token goes on', async ({ sandbox, assistant }) => {
  await sandbox.control.faults([
    { route: 'GET /sm/v1/scripts/export', kind: 'limit', toWaitSec: 900, skip: 2, times: 1 },
  ])
  const pages = await allPages(assistant, tool, { contentMatch: 'exit 0', pageSize: 200 })
  expect(foundIn(pages)).toEqual(await scriptsWith(sandbox.control, 'exit 0'))
  expect(pages[0]?.summary).toContain('in 50 of 120 scanned')
  expect(pages[0]?.note).toContain('Stopped early: ')
})

test('the program stops when the call is cancelled', async ({ sandbox, session }) => {
  const { searchScripts } = await import('../../../src/operations/car/scripts.ts')
  const { rowSelector } = await import('../../../src/tools/rows/row-selector.ts')
  const controller = new AbortController()
  const { signal } = controller
  const selector = await rowSelector(searchScripts, { contentMatch }, { session, signal })
  const call = session.call(
    searchScripts,
    { contentMatch },
    {
      signal,
      selection: selector,
      onProgress: (scanned) => {
        if (scanned === 50) controller.abort(new Error('cancelled'))
      },
    },
  )
  await expect(call).rejects.toThrow('cancelled')
  const exports = (await sandbox.control.requests()).filter(({ path }) => path.endsWith('/export'))
  expect(exports.length).toBe(2)
})
