import { describe, expect } from 'vitest'
import { testOn } from '../../support/fixtures.ts'
import type { TestSandbox } from '../../support/sandbox.ts'
import { allPages, foundIn, scriptsWith } from '../../support/scripts/code-search.ts'

// A text in the code of scripts, looked for in what the sandbox stores, with each form of an export.

const test = testOn({ jobs: 100 }, { QUALYS_UNVERIFIED: 'all' })
const tool = 'car_search_scripts'

const texts = [
  'WScript.Network',
  'exit 0',
  'UNAME -A',
  'import platform, sys\n\nprint',
  'get-ciminstance win32_operatingsystem | select-object',
  'ls -la "$1"',
  'print qx(uname',
  '証明書の有効期限',
  '# Vérifier l’état du pare-feu\nset -eu',
  'no such text',
] as const

const exportForms = ['json', 'csv', 'zip', 'gone'] as const

/** Requests for exports, and for single scripts. */
async function codeRequests({ control }: TestSandbox): Promise<{ exports: number; records: number }> {
  const paths = (await control.requests()).map(({ path }) => path)
  return {
    exports: paths.filter((path) => path === '/sm/v1/scripts/export').length,
    records: paths.filter((path) => /^\/sm\/v1\/scripts\/\d+$/.test(path)).length,
  }
}

test('the texts are in some scripts, and one in none', async ({ sandbox }) => {
  const counts = await Promise.all(
    texts.map(async (text) => (await scriptsWith(sandbox.control, text)).length),
  )
  expect(counts.filter((count) => count > 0).length).toBe(texts.length - 1)
  expect(Math.max(...counts)).toBeGreaterThan(40)
})

describe.each(exportForms)('an export as %s', (scriptExports) => {
  // Script by script it takes three pages of requests, whatever the text is.
  test.for(scriptExports === 'json' ? texts : texts.slice(0, 3))(
    '%j',
    async (contentMatch, { sandbox, assistant }) => {
      await sandbox.control.knobs({ scriptExports })
      const pages = await allPages(assistant, tool, { contentMatch, pageSize: 200 })
      expect(foundIn(pages)).toEqual(await scriptsWith(sandbox.control, contentMatch))
      expect(pages.map(({ summary }) => summary).join()).not.toContain('unknown')
      const requests = await codeRequests(sandbox)
      expect(requests).toEqual(
        // A form without code is asked for once a page.
        scriptExports === 'json' ? { exports: 5, records: 0 } : { exports: pages.length, records: 120 },
      )
      expect(pages.length).toBe(scriptExports === 'json' ? 1 : 3)
    },
  )

  test('pages by token show each script once', async ({ sandbox, assistant }) => {
    await sandbox.control.knobs({ scriptExports })
    const pages = await allPages(assistant, tool, { contentMatch: 'uname', pageSize: 9 })
    expect(foundIn(pages)).toEqual(await scriptsWith(sandbox.control, 'uname'))
    expect(pages.length).toBeGreaterThan(4)
  })

  test('without content of a record', async ({ sandbox, assistant }) => {
    await sandbox.control.knobs({ scriptExports, scriptContent: 'hidden' })
    if (scriptExports === 'json') {
      const pages = await allPages(assistant, tool, { contentMatch: 'uname', pageSize: 200 })
      expect(foundIn(pages)).toEqual(await scriptsWith(sandbox.control, 'uname'))
      return
    }
    const { text, isError } = await assistant.call(tool, { contentMatch: 'uname' })
    const reason = {
      csv: 'answers text/csv and no JSON',
      zip: 'answers application/zip and no JSON',
      gone: 'is refused (404)',
    }[scriptExports]
    expect(isError).toBe(true)
    expect(text).toBe(
      `Code cannot be searched on this account: car_export_scripts ${reason}, and car_get_script shows no content (5 scripts were tried). Without contentMatch, match searches the titles and descriptions of scripts; the Qualys UI shows their code.`,
    )
    expect(text).not.toContain('0 matches')
  })
})

describe('a line', () => {
  test('is where car_get_script reads on', async ({ assistant }) => {
    const { structured } = await assistant.call(tool, { contentMatch: 'exit 0', pageSize: 1 }, 'json')
    const [row = {}] = structured.rows
    const { structured: script } = await assistant.call(
      'car_get_script',
      { scriptId: row['id'], from: row['line'] },
      'json',
    )
    expect(String(script.rows[0]?.['content'])).toMatch(/^exit 0/)
    expect(structured.note).toContain('car_get_script with from reads on at a line.')
  })

  test('is said with the state, and columns can be chosen', async ({ assistant }) => {
    const { text } = await assistant.call(tool, { contentMatch: 'WScript.Network' })
    expect(text.split('\n')).toEqual(
      [
        'sandbox: scripts: 3 matches in 120 of 120 scanned, newest first; 1 APPROVED, 1 REJECTED, 1 PENDING_APPROVAL; all: line 2, text "WScript.Echo CreateObject(\\"WScript.Network\\").ComputerName"',
        'id\ttitle',
        '87746\tInstalled printers (pilot)',
        '58795\tInstalled printers - servers',
        '29549\tInstalled printers',
        'Note: car_get_script with from reads on at a line.',
      ].map((line) => line.replace(/^sandbox: /, '')),
    )
    const { structured } = await assistant.call(
      tool,
      { contentMatch: 'WScript.Network', fields: ['id', 'otherLines'] },
      'json',
    )
    expect(structured.rows).toEqual([{ id: '87746' }, { id: '58795' }, { id: '29549' }])
  })

  test('that holds nothing says how it was looked for', async ({ assistant }) => {
    const { text } = await assistant.call(tool, { contentMatch: 'no such text' })
    expect(text).toBe(
      'scripts: 0 matches in 120 of 120 scanned\nNote: Looked for exactly this text, blanks included, in any case.',
    )
  })
})

describe('less code is read', () => {
  test('with a state, ids, words and a filter', async ({ sandbox, assistant }) => {
    const all = await sandbox.control.dump('scripts')
    const ids = all.slice(0, 40).map(({ id }) => String(id))
    const holding = new Set((await scriptsWith(sandbox.control, 'exit 0')).map(({ id }) => id))
    const passed = all
      .slice(0, 40)
      .filter(
        ({ status, title, description }) => status === 'APPROVED' && /check/i.test(`${title} ${description}`),
      )
      .map(({ id }) => String(id))
    const wanted = passed.filter((id) => holding.has(id))
    expect(wanted.length).toBeLessThan(passed.length)
    expect(wanted.length).toBeGreaterThan(3)
    const { structured } = await assistant.call(
      tool,
      { contentMatch: 'exit 0', ids, status: 'approved', match: 'check', pageSize: 50 },
      'json',
    )
    expect(structured.rows.map(({ id }) => id).sort()).toEqual(wanted.sort())
    const asked = (await sandbox.control.requests()).flatMap(({ path, query }) =>
      path === '/sm/v1/scripts/export' ? (query['ids'] ?? '').split(',') : [],
    )
    expect(asked.sort()).toEqual(passed.sort())
  })
})

test('an export of the list writes all matches, and says which scripts were not read', async ({
  sandbox,
  assistant,
}) => {
  const all = await scriptsWith(sandbox.control, 'exit 0')
  const args = { tool, arguments: { contentMatch: 'exit 0' }, format: 'jsonl' }
  const whole = await assistant.call('qualys_export', args)
  expect(whole.text).toContain(`${all.length} of 120 scripts that were looked at`)
  expect(whole.text).toContain('It begins:\nid\ttitle\tstatus\tline\ttext')
  await sandbox.control.knobs({ scriptExports: 'csv' })
  const { text } = await assistant.call('qualys_export', args)
  expect(text).toContain(
    '70 rows do not show their code: whether they are among what you ask for is unknown.',
  )
  expect(text).toContain('70 scripts were not read: pages of the list reach them.')
})
