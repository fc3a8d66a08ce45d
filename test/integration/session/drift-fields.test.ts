import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { operations } from '../../../src/operations/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { type Assistant, assistantOn, type Heard } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { success } from '../../support/session/qps.ts'

// One field at a time, of every operation that reads: gone, under another name, of another type. The rows stay, and one
// note names the field and the operation; without the field that names the rows they are of no use.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100, assets: 60 })
  assistant = await assistantOn(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0' })
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

const args: Readonly<Record<string, object>> = {
  car_get_script: { scriptId: 19218 },
  car_get_schedule: { scheduleId: 1 },
  saq_get_template: { templateId: 722010 },
  saq_get_campaign: { campaignId: 640002 },
  saq_get_questionnaire: { questionnaireId: 1 },
  saq_get_user: { userId: 339590 },
}
/** Ids that differ from sandbox to sandbox. */
const lists: Readonly<Record<string, readonly [list: string, hole: string]>> = {
  car_get_schedule: ['car_search_schedules', 'scheduleId'],
  saq_get_questionnaire: ['saq_search_questionnaires', 'questionnaireId'],
}

/** What counts answer stands in the envelope, and is looked at below. */
const reads = operations.filter(
  ({ effect, returns, columns }) => effect === 'read' && returns !== 'file' && columns[0] !== 'count',
)

async function ask({ name }: Operation): Promise<Heard> {
  const [list, hole] = lists[name] ?? []
  if (list === undefined || hole === undefined) return assistant.call(name, args[name] ?? {}, 'json')
  const { structured } = await assistant.call(list, { pageSize: 1, fields: ['id'] }, 'json')
  return assistant.call(name, { [hole]: structured.rows[0]?.['id'] }, 'json')
}

/** What stands behind optional and nullable, and behind what is tidied up before. */
function bare(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return bare(schema.unwrap())
  return schema instanceof z.ZodPipe && schema.in instanceof z.ZodTransform ? bare(schema.out) : schema
}

/** The documented fields as dotted paths, and whether each of them may be absent. */
function pathsOf(schema: z.ZodObject, prefix = ''): { path: string; optional: boolean }[] {
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const inside = bare(field)
    const own = { path: prefix + name, optional: z.safeParse(field, undefined).success }
    return inside instanceof z.ZodObject ? [own, ...pathsOf(inside, `${own.path}.`)] : [own]
  })
}

const fields = reads.flatMap((operation) =>
  pathsOf(operation.record)
    .filter(({ path }) => path !== 'id')
    .map(({ path, optional }) => [operation.name, path, optional, operation] as const),
)

const literal = (text: string): RegExp => new RegExp(text.replace(/[.()?]/g, '\\$&'))

function expectRows(before: Heard, after: Heard): void {
  expect(after.isError, after.text).toBe(false)
  expect(after.structured.returned).toBe(before.structured.returned)
  expect(after.structured.rows.map(({ id }) => id)).toEqual(before.structured.rows.map(({ id }) => id))
}

/** The note names the operation once, and the field with what is odd about it. */
function expectNote({ structured: { note = '' } }: Heard, operation: Operation, told: string): void {
  expect(note.split(operation.name), note).toHaveLength(2)
  expect(note).toMatch(literal(told))
  expect(note.length).toBeLessThan(400)
}

describe('a field that every sample has is gone', () => {
  test.each(fields.filter(([, , optional]) => !optional))(
    '%s: %s',
    async (_name, path, _optional, operation) => {
      const before = await ask(operation)
      await sandbox.control.faults([{ route: operation.route, kind: 'dropField', fields: [path] }])
      const after = await ask(operation)
      expectRows(before, after)
      const usual = operation.columns.filter((column) => column !== 'id')
      // Where hardly a column is left, the note tells of the columns that are.
      if (usual.length <= 2 && after.structured.note?.includes('lack the usual fields'))
        expectNote(after, operation, path)
      else expectNote(after, operation, `${path} (missing)`)
    },
  )

  test.each(fields.filter(([, path, optional]) => !optional && !path.includes('.')))(
    'and has a name that holds the old one: %s: %s',
    async (_name, path, _optional, operation) => {
      const before = await ask(operation)
      const better = `new${path.charAt(0).toUpperCase()}${path.slice(1)}`
      await sandbox.control.faults([
        { route: operation.route, kind: 'renameField', fields: { [path]: better } },
      ])
      const after = await ask(operation)
      expectRows(before, after)
      if (!after.structured.note?.includes('lack the usual fields'))
        expectNote(after, operation, `${path} (missing; now ${better}?)`)
    },
  )
})

describe('a field that may be absent is gone: no note', () => {
  test.each(fields.filter(([, , optional]) => optional))(
    '%s: %s',
    async (_name, path, _optional, operation) => {
      const before = await ask(operation)
      await sandbox.control.faults([{ route: operation.route, kind: 'dropField', fields: [path] }])
      const after = await ask(operation)
      expectRows(before, after)
      expect(after.structured.note ?? '').not.toMatch(/differ from/)
    },
  )
})

describe('a field is a list, or text for a number', () => {
  test.each(fields)('%s: %s', async (_name, path, _optional, operation) => {
    const before = await ask(operation)
    await sandbox.control.faults([{ route: operation.route, kind: 'retypeField', fields: [path] }])
    const after = await ask(operation)
    expectRows(before, after)
    const { note } = after.structured
    if (note !== undefined && note !== before.structured.note && !note.includes('lack the usual'))
      expectNote(after, operation, `${path.split('.')[0]}`)
  })
})

describe('every field is null', () => {
  test.each(
    reads
      .filter(({ columns }) => columns[0] !== 'count')
      .map((operation) => [operation.name, operation] as const),
  )('%s', async (_name, operation) => {
    const before = await ask(operation)
    await sandbox.control.faults([{ route: operation.route, kind: 'nullFields' }])
    const after = await ask(operation)
    expect(after.isError, after.text).toBe(false)
    expect(after.structured.returned).toBe(before.structured.returned)
    expect((after.structured.note ?? operation.name).split(operation.name).length).toBeLessThanOrEqual(2)
  })
})

describe('an id that is none', () => {
  const named = reads.filter(
    ({ record }) => z.safeParse(record.shape['id'] ?? z.any(), undefined).success === false,
  )
  test.each(named.map((operation) => [operation.name, operation] as const))('%s', async (name, operation) => {
    await sandbox.control.faults([{ route: operation.route, kind: 'renameField', fields: { id: 'xId' } }])
    const { text, error } = await ask(operation)
    expect(error, text).toMatchObject({ kind: 'drift' })
    expect(text).toMatch(
      new RegExp(`Qualys' answer to ${name} has (rows without an id|no id) \\(id: missing; now xId\\?\\)`),
    )
  })
})

test('in a list within a row, the others of it stay as they are', async () => {
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

describe('a count', () => {
  const counts = operations.filter(({ columns }) => columns[0] === 'count')
  const served = async (operation: Operation, count: string): Promise<Heard> => {
    const routes = [operation.route, operation.route.replace(/^POST/, 'GET')]
    const body = success(count)
    await sandbox.control.faults(
      routes.map((route) => ({ route, kind: 'reply', body, contentType: 'text/xml' })),
    )
    return assistant.call(operation.name, {}, 'json')
  }

  test.each(counts.map((operation) => [operation.name, operation] as const))(
    '%s that is no number, or is not there',
    async (name, operation) => {
      const gone = await served(operation, '<total>7</total>')
      expect(gone.structured.note).toMatch(
        literal(`in ${name} differ from their documentation: count (missing)`),
      )
      expect(gone.structured.rows).toEqual([{}])
      const many = await served(operation, '<count>many</count>')
      expect(many.structured.note).toMatch(
        literal(`in ${name} differ from their documentation: count (another type)`),
      )
      expect(many.text).not.toMatch(/: \d/)
    },
  )
})
