import { describe, expect, test as plain } from 'vitest'
import { exportList } from '../../../src/tools/exports/export.ts'
import { toJsonSchema } from '../../../src/tools/schema.ts'
import { environmentFor } from '../../support/environment.ts'
import {
  filesEndingWith,
  openExporter,
  readExportFile,
  readJsonLines,
} from '../../support/exports/exporter.ts'
import { exportingOn } from './fixtures.ts'

// What can be exported, through the whole stack. All lists: test/nightly/exports; the rules: test/unit/exports.

const test = exportingOn({ jobs: 100 })

test.for(['car_search_assets', 'car_list_reports', 'car_list_script_types', 'saq_search_campaigns'])(
  '%s, for each kind of paging',
  async (tool, { exporter, assistant }) => {
    const reply = await exporter.export({ tool, format: 'jsonl' })
    expect(reply.isError, reply.text).toBe(false)
    const { structured } = await assistant.call(tool, { pageSize: 200 }, 'json')
    const rows = readJsonLines(readExportFile(reply))
    expect(rows.length).toBeGreaterThanOrEqual(structured.returned)
    if (structured.continuationToken === undefined) expect(rows).toHaveLength(structured.returned)
  },
)

describe('a list that a setting excludes', () => {
  test.for([
    ['QUALYS_EXCLUDE_TOOLS', { QUALYS_EXCLUDE_TOOLS: 'car_search_jobs' }],
    ['QUALYS_TOOLSETS', { QUALYS_TOOLSETS: 'saq' }],
    ['QUALYS_TOOLS', { QUALYS_TOOLS: 'car_search_assets' }],
  ] as const)(
    '%s: cannot be exported, and earlier exports of it are not shown',
    async ([setting, extra], { sandbox, folder, exporter }) => {
      const before = await exporter.export({ tool: 'car_search_jobs', format: 'csv' })
      const { uri } = before.rows[0] ?? {}
      const count = filesEndingWith(folder, '').length
      const strict = await openExporter(environmentFor(sandbox, extra), folder)
      const reply = await strict.export({ tool: 'car_search_jobs', format: 'csv' })
      expect(reply.error).toMatchObject({ kind: 'input' })
      expect(reply.text).toContain(
        `The tool car_search_jobs is withheld by ${setting}, and so is its export.`,
      )
      expect(filesEndingWith(folder, '')).toHaveLength(count)
      await expect(strict.request('resources/read', { uri })).rejects.toThrow('no such export')
      expect(JSON.stringify(await strict.request('resources/list'))).not.toContain('car_search_jobs')
      await strict.close()
      await exporter.request('resources/read', { uri })
    },
  )

  test('a guessed list, where none is allowed', async ({ sandbox, folder }) => {
    const strict = await openExporter(environmentFor(sandbox, { QUALYS_UNVERIFIED: 'none' }), folder)
    const reply = await strict.export({ tool: 'car_search_scripts', format: 'csv' })
    await strict.close()
    expect(reply.text).toMatch(/withheld by QUALYS_UNVERIFIED=none/)
  })
})

describe('arguments', () => {
  test('get the error messages of the tool itself', async ({ exporter, assistant }) => {
    const args = { startAt: 'yesterday', match: ' ', pageSize: 0 }
    const own = await assistant.call('car_search_jobs', args)
    const reply = await exporter.export({ tool: 'car_search_jobs', format: 'csv', arguments: args })
    expect(own.isError).toBe(true)
    expect(reply.error).toMatchObject({ kind: 'input' })
    const [, words = ''] = /Invalid arguments for tool car_search_jobs: (.*)/.exec(own.text) ?? []
    expect(words.split(', ').length).toBeGreaterThan(2)
    for (const word of words.split(', ')) expect(reply.text).toContain(word.trim())
  })

  test('as the text of an object', async ({ exporter }) => {
    const reply = await exporter.export({
      tool: 'car_search_jobs',
      format: 'jsonl',
      arguments: '{"fields":["id"]}',
    })
    expect(Object.keys(readJsonLines(readExportFile(reply))[0] ?? {})).toEqual(['id'])
  })

  test.for(['[7]', 'x', '"{}"', 7, [7], 'true'])('%j is no object', async (given, { exporter }) => {
    const reply = await exporter.export({ tool: 'car_search_jobs', format: 'csv', arguments: given })
    expect(reply.isError).toBe(true)
    expect(reply.text).toMatch(/arguments: must be an object of that tool's arguments/)
  })

  test.for([{ format: 'xlsx' }, {}, { format: 'csv', resume: true }, { format: 'csv', dir: '/tmp' }])(
    '%j is refused',
    async (more, { exporter }) => {
      expect((await exporter.export({ tool: 'car_search_jobs', ...more })).isError).toBe(true)
    },
  )
})

plain('the listed schema is plain, and short', () => {
  const schema = toJsonSchema(exportList.input)
  expect(schema).toMatchObject({
    type: 'object',
    required: ['tool', 'format'],
    properties: {
      arguments: { type: 'string' },
      format: { enum: ['csv', 'jsonl'] },
    },
  })
  expect(JSON.stringify(schema)).not.toMatch(/additionalProperties|propertyNames|\$ref|anyOf/)
  expect(JSON.stringify(schema).length).toBeLessThan(700)
})
