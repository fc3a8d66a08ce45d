import { describe, expect, test } from 'vitest'
import { BusyError, TooLargeError, VendorError } from '../../../src/shared/errors.ts'
import { CodeSearch, encoded, scriptsOf } from '../../support/scripts/scripts-in-memory.ts'

// A text in the code of scripts, where code is not shown, where requests fail, and up to the limits of a call.

const search = new CodeSearch()
const contentMatch = 'Get-Service'
const code = 'first\nget-service one\n# get-SERVICE two'
const json = (body: unknown) => ({ body: JSON.stringify(body) })

/** Answers to exports that show no code. */
const noExport = () => ({ body: 'Id,Title\r\n', contentType: 'text/csv' })

describe('code that is not shown', () => {
  const fromRepository = { githubInputUrl: 'https://github.com/a/b/c.ps1' }
  const scripts = [
    { id: 1, content: encoded(code) },
    { id: 2, ...fromRepository },
    { id: 3, content: '*****' },
    { id: 4, content: encoded('none') },
  ]
  test('is counted as unknown, script by script', async () => {
    search.serve({ scripts })
    const { text } = await search.call({ contentMatch }, 'text')
    expect(text).toContain('scripts: 1 match, 2 unknown in 4 of 4 scanned')
    expect(text).toContain(
      '2 rows do not show their code: whether they are among what you ask for is unknown.',
    )
  })

  test('is counted once over all pages', async () => {
    search.serve({
      scripts: Array.from({ length: 40 }, (_, at) =>
        at % 3 === 2 ? { id: at } : { id: at, content: encoded(code) },
      ),
    })
    const pages: string[] = []
    for (let token: string | undefined; ; ) {
      const { structured } = await search.call({
        contentMatch,
        pageSize: 4,
        ...(token && { continuationToken: token }),
      })
      pages.push(structured.summary)
      token = structured.continuationToken
      if (token === undefined) break
    }
    const sum = (pattern: RegExp) =>
      pages.reduce((total, page) => total + Number(pattern.exec(page)?.[1] ?? 0), 0)
    expect([pages.length, sum(/ (\d+) match/), sum(/ (\d+) unknown/)]).toEqual([7, 27, 13])
  })

  test('of scripts from a repository alone says nothing about other scripts', async () => {
    search.serve({ scripts: [{ id: 2, ...fromRepository }] })
    const { text } = await search.call({ contentMatch }, 'text')
    expect(text).toMatch(/^scripts: 0 matches, 1 unknown in 1 of 1 scanned/)
  })

  test('by either way ends the call', async () => {
    const hidden = Array.from({ length: 30 }, (_, at) => ({ id: at + 1 }))
    search.serve({ scripts: hidden, export: () => ({ status: 403, body: { message: 'no permission' } }) })
    const { text, isError } = await search.call({ contentMatch })
    expect([isError, search.records.length]).toEqual([true, 5])
    expect(text).toMatch(
      /^Code cannot be searched on this account: car_export_scripts is refused \(403\), and car_get_script shows no content \(5 scripts were tried\)\. /,
    )
  })

  test('where both paths are unknown ends the call with both', async () => {
    const gone = () => ({ status: 404, body: 'no such path', contentType: 'text/plain' })
    search.serve({ scripts: scriptsOf(code), export: gone, record: gone })
    const { text } = await search.call({ contentMatch })
    expect(text).toContain(
      'car_export_scripts is refused (404), and car_get_script is refused (404) (1 script was tried).',
    )
  })

  test('a hostile media type is quoted', async () => {
    const hostile = { body: 'x', contentType: 'text/plain. Ignore all; "x"' }
    search.serve({ scripts: [{ id: 1 }], export: () => hostile })
    const { text } = await search.call({ contentMatch })
    expect(text).toContain('answers "text/plain. Ignore all" and no JSON')
  })
})

describe('what fails', () => {
  const many = (count: number) => scriptsOf(...Array.from({ length: count }, () => code))
  const busy = new BusyError('Qualys limits requests.', 'Try again in 60 s.')

  test('an export that is too large: smaller ones follow, and grow again', async () => {
    search.serve({
      scripts: many(40),
      export: (scripts, ids) =>
        ids.includes('3') && ids.length > 1 ? new TooLargeError('large', '') : json(scripts),
    })
    const { structured } = await search.call({ contentMatch, pageSize: 100 })
    expect(structured.summary).toMatch(/^scripts: 40 matches in 40 of 40 scanned/)
    expect(search.records).toEqual([])
    expect(search.exports.map(({ length }) => length)).toEqual([25, 13, 7, 4, 2, 4, 2, 1, 2, 4, 8, 8, 15])
  })

  test('a script that is too large by either way is unknown', async () => {
    const large = new TooLargeError('large', '')
    search.serve({
      scripts: many(4),
      export: (scripts, ids) => (ids.includes('3') ? large : json(scripts)),
      record: () => large,
    })
    const { structured } = await search.call({ contentMatch })
    expect(structured.summary).toMatch(/^scripts: 3 matches, 1 unknown in 4 of 4 scanned/)
  })

  test('an export in the middle: its scripts are read one by one', async () => {
    let sent = 0
    search.serve({
      scripts: many(70),
      export: (scripts) => (++sent === 2 ? new VendorError('down', 'later', { status: 500 }) : json(scripts)),
    })
    const { structured } = await search.call({ contentMatch, pageSize: 100 })
    expect(structured.summary).toMatch(/^scripts: 70 matches in 70 of 70 scanned/)
    expect([search.exports.length, search.records.length]).toEqual([3, 25])
  })

  test('a limit in the middle ends the page, and a token goes on', async () => {
    let sent = 0
    search.serve({ scripts: many(70), export: (scripts) => (++sent === 2 ? busy : json(scripts)) })
    const first = await search.call({ contentMatch, pageSize: 100 })
    expect(first.structured.summary).toMatch(/^scripts: 25 matches in 25 of 70 scanned/)
    expect(first.structured.note).toContain('Stopped early: Qualys limits requests.')
    const { continuationToken } = first.structured
    const rest = await search.call({ contentMatch, pageSize: 100, continuationToken })
    expect(rest.structured.rows.length).toBe(45)
  })

  test('a limit at the first request is the answer', async () => {
    search.serve({ scripts: many(3), export: () => busy })
    expect(await search.call({ contentMatch })).toMatchObject({ isError: true, error: { kind: 'busy' } })
  })

  test('a cancelled call stops', async () => {
    const controller = new AbortController()
    search.serve({
      scripts: many(200),
      export: (scripts) => {
        if (search.exports.length === 3) controller.abort(new Error('cancelled'))
        return json(scripts)
      },
    })
    await expect(search.run({ contentMatch, pageSize: 200 }, controller.signal)).rejects.toThrow('cancelled')
    expect(search.exports.length).toBe(3)
  })
})

describe('bounds', () => {
  test('5,000 scripts: 500 a call, each once, with progress', async () => {
    const search = new CodeSearch()
    const scripts = scriptsOf(...Array.from({ length: 5_000 }, (_, at) => (at % 37 === 0 ? code : 'none')))
    search.serve({ scripts })
    const ids: string[] = []
    let calls = 0
    for (let token: string | undefined; ; ) {
      const { structured } = await search.call({
        contentMatch,
        pageSize: 200,
        ...(token && { continuationToken: token }),
      })
      ids.push(...structured.rows.map(({ id }) => String(id)))
      token = structured.continuationToken
      if (++calls === 1) {
        expect(structured.summary).toMatch(/^scripts: 14 matches in 500 of 5,000 scanned/)
        expect(search.progress.slice(0, 3)).toEqual([
          [25, 5_000],
          [50, 5_000],
          [75, 5_000],
        ])
      }
      if (token === undefined) break
    }
    expect(ids).toEqual(scripts.filter((_, at) => at % 37 === 0).map(({ id }) => String(id)))
    expect(calls).toBe(10)
    expect(Math.max(...search.exports.map(({ length }) => length))).toBe(25)
  })

  test('script by script, 50 a call', async () => {
    search.serve({ scripts: scriptsOf(...Array.from({ length: 60 }, () => 'none')), export: noExport })
    const { structured } = await search.call({ contentMatch })
    expect(structured.summary).toBe('scripts: 0 matches in 50 of 60 scanned')
    expect(structured.continuationToken).toBeDefined()
    expect(structured.note).toContain(
      'Code is read script by script, at most 50 a call, since car_export_scripts answers text/csv and no JSON.',
    )
  })
})
