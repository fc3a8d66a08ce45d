import { describe, expect } from 'vitest'
import type { ToolReply } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import { operationNamed } from '../../support/operations/calls.ts'
import { success } from '../../support/session/qps-answers.ts'

// A field that is missing, renamed or of another type, as an assistant sees it: a list and a record of each
// product. Every field of every read: test/unit/session/records/drift-fields.test.ts.

const test = testOn({ jobs: 100, assets: 60 }, { QUALYS_MAX_WAIT_SECONDS: '0' })

const reads: Readonly<Record<string, object>> = {
  car_search_jobs: {},
  car_search_asset_tags: {},
  car_get_script: { scriptId: 19218 },
  saq_search_users: {},
  saq_get_campaign: { campaignId: 640002 },
}

interface Drift {
  readonly before: ToolReply
  readonly after: ToolReply
}

/** A read before and after its rows are altered. */
const both = test.extend<{ readonly under: (tool: string, fault: object) => Promise<Drift> }>({
  under: async ({ sandbox, assistant }, use) => {
    await use(async (tool, fault) => {
      const args = reads[tool] ?? {}
      const before = await assistant.call(tool, args, 'json')
      await sandbox.control.faults([{ route: operationNamed(tool).route, ...fault }])
      return { before, after: await assistant.call(tool, args, 'json') }
    })
  },
})

function expectRows({ before, after }: Drift): void {
  expect(after.isError, after.text).toBe(false)
  expect(after.structured.returned).toBeGreaterThan(0)
  expect(after.structured.returned).toBe(before.structured.returned)
  expect(after.structured.rows.map(({ id }) => id)).toEqual(before.structured.rows.map(({ id }) => id))
}

/** The note names the operation once, and the field with the difference. */
function expectNote({ after: { structured } }: Drift, tool: string, says: string): void {
  const { note = '' } = structured
  expect(note.split(tool), note).toHaveLength(2)
  expect(note).toContain(`in ${tool} differ from their documentation: ${says}`)
  expect(note.length).toBeLessThan(400)
}

describe('a field of every sample is missing', () => {
  both.for([
    ['car_search_jobs', 'title'],
    ['car_search_jobs', 'created.dateTime'],
  ] as const)('%s: %s', async ([tool, path], { under }) => {
    const drift = await under(tool, { kind: 'dropField', fields: [path] })
    expectRows(drift)
    expectNote(drift, tool, `${path} (missing)`)
  })

  both('where hardly a column is left, the note is about the columns', async ({ under }) => {
    const drift = await under('car_search_asset_tags', { kind: 'dropField', fields: ['name', 'tagId'] })
    expectRows(drift)
    expect(drift.after.structured.note).toContain('lack the usual fields')
  })
})

both('a field has another name that holds the old one', async ({ under }) => {
  const drift = await under('car_search_jobs', { kind: 'renameField', fields: { title: 'newTitle' } })
  expectRows(drift)
  expectNote(drift, 'car_search_jobs', 'title (missing; now newTitle?)')
})

describe('a field that may be absent is missing: no note', () => {
  both.for([
    ['car_get_script', 'description'],
    ['saq_search_users', 'company'],
    ['saq_get_campaign', 'dueDate'],
  ] as const)('%s: %s', async ([tool, path], { under }) => {
    const drift = await under(tool, { kind: 'dropField', fields: [path] })
    expectRows(drift)
    expect(drift.after.structured.note ?? '').not.toMatch(/differ from/)
  })
})

describe('a field is of another type', () => {
  both.for([
    ['car_search_jobs', 'title'],
    ['saq_search_users', 'company'],
    ['saq_get_campaign', 'dueDate'],
  ] as const)('%s: %s', async ([tool, path], { under }) => {
    const drift = await under(tool, { kind: 'retypeField', fields: [path] })
    expectRows(drift)
    expectNote(drift, tool, `${path} (another type)`)
  })
})

both.for(Object.keys(reads))(
  'every field is null: %s is read, with one note at most',
  async (tool, { under }) => {
    const { before, after } = await under(tool, { kind: 'nullFields' })
    expect(after.isError, after.text).toBe(false)
    expect(after.structured.returned).toBe(before.structured.returned)
    expect((after.structured.note ?? tool).split(tool).length).toBeLessThanOrEqual(2)
  },
)

both.for([
  ['car_search_jobs', 'rows without an id'],
  ['saq_get_campaign', 'no id'],
] as const)('%s has %s', async ([tool, what], { under }) => {
  const { after } = await under(tool, { kind: 'renameField', fields: { id: 'xId' } })
  expect(after.error, after.text).toMatchObject({ kind: 'drift' })
  expect(after.text).toContain(`Qualys' answer to ${tool} has ${what} (id: missing; now xId?)`)
})

test('in a list within a row, the other elements do not change', async ({ sandbox, assistant }) => {
  const tags = '<tags><Tag><id>1</id><name>a</name></Tag><Tag><id>2</id><name><en>b</en></name></Tag></tags>'
  const body = success(`<count>1</count><data><User><id>339590</id>${tags}</User></data>`)
  await sandbox.control.faults([{ route: '*', kind: 'reply', body, contentType: 'text/xml' }])
  const { structured } = await assistant.call('saq_get_user', { userId: 339590 }, 'json')
  expect(structured.note).toContain(
    'in saq_get_user differ from their documentation: tags.name (another type)',
  )
  expect(structured.rows[0]?.['tags']).toEqual([
    { id: '1', name: 'a' },
    { id: '2', name: { en: 'b' } },
  ])
})

test('a count that is no number, or is missing', async ({ sandbox, assistant }) => {
  const counted = async (count: string): Promise<ToolReply> => {
    const routes = ['GET /qps/rest/1.0/count/saq/user', 'POST /qps/rest/1.0/count/saq/user']
    const body = success(count)
    const faults = routes.map((route) => ({ route, kind: 'reply', body, contentType: 'text/xml' }))
    await sandbox.control.faults(faults)
    return assistant.call('saq_count_users', {}, 'json')
  }
  const gone = await counted('<total>7</total>')
  expect(gone.structured.note).toContain(
    'in saq_count_users differ from their documentation: count (missing)',
  )
  expect(gone.structured.rows).toEqual([{}])
  const many = await counted('<count>many</count>')
  expect(many.structured.note).toContain(
    'in saq_count_users differ from their documentation: count (another type)',
  )
  expect(many.text).not.toMatch(/: \d/)
})
