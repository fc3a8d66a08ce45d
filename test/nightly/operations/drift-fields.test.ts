import { describe, expect } from 'vitest'
import type { Operation } from '../../../src/operations/operation.ts'
import type { ToolReply } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import { documentedFields, recordReads } from '../../support/operations/records.ts'

// One field at a time, of every operation that reads: missing, renamed, or of another type; through the whole
// stack. The rows stay, and one note names the field and the operation.

const args: Readonly<Record<string, object>> = {
  car_get_script: { scriptId: 19218 },
  saq_get_template: { templateId: 722010 },
  saq_get_campaign: { campaignId: 640002 },
  saq_get_user: { userId: 339590 },
}
/** Ids that differ from sandbox to sandbox. */
const lists: Readonly<Record<string, readonly [list: string, hole: string]>> = {
  car_get_schedule: ['car_search_schedules', 'scheduleId'],
  saq_get_questionnaire: ['saq_search_questionnaires', 'questionnaireId'],
}

interface Drift {
  readonly before: ToolReply
  readonly after: ToolReply
}

const test = testOn({ jobs: 100, assets: 60 }, { QUALYS_MAX_WAIT_SECONDS: '0' }).extend<{
  readonly under: (operation: Operation, fault: object) => Promise<Drift>
}>({
  under: async ({ sandbox, assistant }, use) => {
    const ask = async ({ name }: Operation): Promise<ToolReply> => {
      const [list, hole] = lists[name] ?? []
      if (list === undefined || hole === undefined) return assistant.call(name, args[name] ?? {}, 'json')
      const { structured } = await assistant.call(list, { pageSize: 1, fields: ['id'] }, 'json')
      return assistant.call(name, { [hole]: structured.rows[0]?.['id'] }, 'json')
    }
    await use(async (operation, fault) => {
      const before = await ask(operation)
      await sandbox.control.faults([{ route: operation.route, ...fault }])
      return { before, after: await ask(operation) }
    })
  },
})

function expectRows({ before, after }: Drift): void {
  expect(after.isError, after.text).toBe(false)
  expect(after.structured.returned).toBe(before.structured.returned)
  expect(after.structured.rows.map(({ id }) => id)).toEqual(before.structured.rows.map(({ id }) => id))
}

/** The note names the operation once, and the field with the difference. */
function expectNote({ after: { structured } }: Drift, { name }: Operation, says: string): void {
  const { note = '' } = structured
  expect(note.split(name), note).toHaveLength(2)
  expect(note).toContain(says)
  expect(note.length).toBeLessThan(400)
}

const required = documentedFields.filter(([, , { optional }]) => !optional)
const optional = documentedFields.filter(([, , { optional }]) => optional)

test.for(required)('%s: %s, which every sample has, is missing', async ([, path, , operation], { under }) => {
  const drift = await under(operation, { kind: 'dropField', fields: [path] })
  expectRows(drift)
  const usual = operation.columns.filter((column) => column !== 'id')
  // If hardly any column remains, the note is about the remaining columns.
  if (usual.length <= 2 && drift.after.structured.note?.includes('lack the usual fields'))
    expectNote(drift, operation, path)
  else expectNote(drift, operation, `${path} (missing)`)
})

test.for(required.filter(([, path]) => !path.includes('.')))(
  '%s: %s has a name that contains the old one',
  async ([, path, , operation], { under }) => {
    const better = `new${path.charAt(0).toUpperCase()}${path.slice(1)}`
    const drift = await under(operation, { kind: 'renameField', fields: { [path]: better } })
    expectRows(drift)
    if (!drift.after.structured.note?.includes('lack the usual fields'))
      expectNote(drift, operation, `${path} (missing; now ${better}?)`)
  },
)

test.for(optional)(
  '%s: %s, which may be absent, is missing: no note',
  async ([, path, , operation], { under }) => {
    const drift = await under(operation, { kind: 'dropField', fields: [path] })
    expectRows(drift)
    expect(drift.after.structured.note ?? '').not.toMatch(/differ from/)
  },
)

/** Fields that a read takes apart by itself, and tells of in its own words. */
const ownNotes: Readonly<Record<string, string>> = {
  'saq_get_template elements': 'Qualys also stores value (1), which no input takes',
}

test.for(documentedFields)(
  '%s: %s is a list, or text for a number',
  async ([, path, , operation], { under }) => {
    const drift = await under(operation, { kind: 'retypeField', fields: [path] })
    expectRows(drift)
    const { note } = drift.after.structured
    const own = ownNotes[`${operation.name} ${path}`]
    if (own !== undefined) expect(note).toContain(own)
    else if (
      note !== undefined &&
      note !== drift.before.structured.note &&
      !/lack the usual|No row here has/.test(note)
    )
      expectNote(drift, operation, `${path.split('.')[0]}`)
  },
)

const reads = recordReads.map((operation) => [operation.name, operation] as const)

test.for(reads)('%s: every field is null', async ([name, operation], { under }) => {
  const { before, after } = await under(operation, { kind: 'nullFields' })
  expect(after.isError, after.text).toBe(false)
  expect(after.structured.returned).toBe(before.structured.returned)
  expect((after.structured.note ?? name).split(name).length).toBeLessThanOrEqual(2)
})

describe('an invalid id', () => {
  const named = reads.filter(
    ([, { record }]) => record.shape['id'] !== undefined && !record.shape['id'].safeParse(undefined).success,
  )

  test.for(named)('%s', async ([name, operation], { under }) => {
    const { after } = await under(operation, { kind: 'renameField', fields: { id: 'xId' } })
    expect(after.error, after.text).toMatchObject({ kind: 'drift' })
    expect(after.text).toMatch(
      new RegExp(`Qualys' answer to ${name} has (rows without an id|no id) \\(id: missing; now xId\\?\\)`),
    )
  })
})
