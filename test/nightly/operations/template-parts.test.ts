import { describe, expect } from 'vitest'
import { type Assistant, openAssistantOn, type ToolReply } from '../../support/assistant.ts'
import { rowOf, saqChangeRequests } from '../../support/effects/saq/saq-objects.ts'
import { testOn, unattendedSettings } from '../../support/fixtures.ts'
import type { Fields } from '../../support/operations/questions.ts'
import { listIn, longScoring, longSections } from '../../support/operations/templates.ts'

// A template of 332 questions between the assistant and Qualys: read to its end, changed in part, edited.

interface Long {
  /** The id of the stored template. */
  readonly id: string
}

const test = testOn({ jobs: 100 }, unattendedSettings).extend<{ readonly long: Long }>({
  long: async ({ assistant }, use) => {
    const contents = { sections: longSections(), scoring: longScoring }
    const { text } = await assistant.call('saq_create_template', {
      name: 'HECVAT',
      category: 'Any',
      ...contents,
    })
    const [, id] =
      /^template (\d+) created; "[^"]+", DRAFT, revision 1; Qualys counts all 332 questions/.exec(text) ?? []
    expect(id, text).toBeDefined()
    await use({ id: String(id) })
  },
})

/** All parts of a template, in one form. */
async function readAll(
  assistant: Assistant,
  templateId: string,
  form: 'text' | 'json',
): Promise<ToolReply[]> {
  const replies: ToolReply[] = []
  let continuationToken: string | undefined
  do {
    const args = { templateId, ...(continuationToken !== undefined && { continuationToken }) }
    const reply = await assistant.call('saq_get_template', args, form)
    expect(reply.isError, reply.text).toBe(false)
    replies.push(reply)
    continuationToken =
      form === 'json'
        ? reply.structured.continuationToken
        : /continuationToken "([\w-]+)"$/.exec(reply.text)?.[1]
  } while (continuationToken !== undefined && replies.length < 20)
  return replies
}

const structuredSections = (replies: readonly ToolReply[]): Fields[] =>
  replies.flatMap(({ structured }) => structured.rows[0]?.['sections'] as Fields[])

const stored = async (control: Parameters<typeof rowOf>[0], id: string): Promise<Fields> =>
  ((await rowOf(control, 'templates', id)) ?? {}) as Fields

test('is read to its end in a handful of calls, the same in both forms, and an update with it changes nothing', async ({
  assistant,
  sandbox,
  long: { id },
}) => {
  const before = await stored(sandbox.control, id)
  const [texts, rows] = [await readAll(assistant, id, 'text'), await readAll(assistant, id, 'json')]
  expect(texts.length).toBeGreaterThan(1)
  expect(texts.length).toBeLessThan(6)
  for (const { text } of texts) expect(text.length).toBeLessThanOrEqual(24_000)
  expect(texts.map(({ text }) => text.split('\nMore: ').length)).toEqual(
    texts.map((_, at) => (texts[at + 1] ? 2 : 1)),
  )
  for (const { structured } of rows) expect(JSON.stringify(structured).length).toBeLessThanOrEqual(24_000)
  const sections = structuredSections(rows)
  expect(texts.flatMap(({ text }) => listIn(text, 'sections'))).toEqual(sections)
  expect(texts[0] && listIn(texts[0].text, 'scoring')).toEqual(longScoring)
  const { scoring } = rows[0]?.structured.rows[0] ?? {}
  const { text } = await assistant.call('saq_update_templates', { ids: [id], sections, scoring })
  expect(text).toMatch(
    /^1 template updated; "[^"]+", DRAFT, revision \d+; Qualys counts all 332 questions\nAll questions are as they are stored\.$/,
  )
  expect(await stored(sandbox.control, id)).toEqual(before)
})

describe('a token', () => {
  test('that is damaged, or of another template or tool, is refused before anything is asked for', async ({
    assistant,
    sandbox,
    long: { id },
  }) => {
    const { structured } = await assistant.call('saq_get_template', { templateId: id }, 'json')
    const token = structured.continuationToken ?? ''
    expect(token.length).toBeGreaterThan(0)
    expect(token.length).toBeLessThanOrEqual(64)
    const list = await assistant.call('saq_search_templates', { pageSize: 1 }, 'json')
    const wrong = [
      { templateId: id, continuationToken: `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}` },
      { templateId: '722010', continuationToken: token },
      { templateId: id, continuationToken: list.structured.continuationToken },
    ]
    await sandbox.control.clearRequests()
    for (const args of wrong) {
      const { text, isError } = await assistant.call('saq_get_template', args)
      expect(isError, text).toBe(true)
      expect(text).toMatch(
        /does not fit this call.*with the same arguments to saq_get_template, or leave it out to start again\.$/,
      )
    }
    expect(await sandbox.control.requests()).toEqual([])
  })

  test('of a template that changed in between says to start again', async ({ assistant, long: { id } }) => {
    const { structured } = await assistant.call('saq_get_template', { templateId: id }, 'json')
    await assistant.call('saq_update_templates', { ids: [id], edits: [{ question: '9.1', text: 'New?' }] })
    const { text, isError } = await assistant.call('saq_get_template', {
      templateId: id,
      continuationToken: structured.continuationToken,
    })
    expect(isError).toBe(true)
    expect(text).toMatch(
      /It has changed since the part before this one was read\. Read it again from the start/,
    )
  })
})

test('an update with the first part says what falls, before and after', async ({
  assistant,
  sandbox,
  long: { id },
}) => {
  const { structured } = await assistant.call('saq_get_template', { templateId: id }, 'json')
  const { sections, scoring } = structured.rows[0] ?? {}
  const sent = (sections as { questions: Fields[] }[]).flatMap(({ questions }) => questions).length
  const { text } = await assistant.call('saq_update_templates', { ids: [id], sections, scoring })
  expect(text).toContain(`${sent} questions sent, 332 were stored before; Qualys counts ${sent}`)
  expect(text).toContain(`${332 - sent} of 332 questions fall: "`)
  expect(text).not.toMatch(/\ball \d/)
  expect((await assistant.call('saq_get_template', { templateId: id })).text).toContain(
    `of ${sent}, sections`,
  )
  expect(await saqChangeRequests(sandbox.control)).toHaveLength(2)
})

test('an edit changes one question, and nothing else', async ({ assistant, sandbox, long: { id } }) => {
  const before = await stored(sandbox.control, id)
  const { text } = await assistant.call('saq_update_templates', {
    ids: [id],
    edits: [{ question: '4.2', text: 'Is <b>this</b> reviewed?' }],
  })
  expect(text).toContain('Qualys counts all 332 questions')
  const after = await stored(sandbox.control, id)
  const [old, now] = [JSON.stringify(before).split('"label":'), JSON.stringify(after).split('"label":')]
  const changed = now.filter((part, at) => part !== old[at])
  expect(now).toHaveLength(old.length)
  expect(changed).toEqual([expect.stringMatching(/^"4\.2","text":"Is <b>this<\/b> reviewed\?"/)])
  const missing = await assistant.call('saq_update_templates', {
    ids: [id],
    edits: [{ question: '4.99', text: 'x' }],
  })
  expect(missing.text).toContain('No question has the label "4.99".')
})

describe('what Qualys stores besides', () => {
  test('is named in a read, and warned of in an update', async ({ assistant, sandbox, long: { id } }) => {
    await sandbox.control.knobs({ templateFields: 'weights' })
    const rows = await readAll(assistant, id, 'json')
    expect(rows[0]?.structured.note).toContain(
      'Qualys also stores weight (332 questions), id (9 sections, 332 questions)',
    )
    const sections = structuredSections(rows)
    const update = await assistant.call('saq_update_templates', { ids: [id], sections, scoring: longScoring })
    expect(update.text).toContain(
      'weight (332 questions), id (9 sections, 332 questions): these are not sent, and lost.',
    )
    const edit = await assistant.call('saq_update_templates', {
      ids: [id],
      edits: [{ question: '4.2', text: 'x' }],
    })
    expect(edit.text).toContain(`Template ${id} holds weight (332 questions), which no input takes`)
  })

  test('does not stop an edit if it is ids alone', async ({ assistant, sandbox, long: { id } }) => {
    await sandbox.control.knobs({ templateFields: 'ids' })
    const { text } = await assistant.call('saq_update_templates', {
      ids: [id],
      edits: [{ question: '4.2', text: 'x' }],
    })
    expect(text).toMatch(/1 template updated; "[^"]+", DRAFT, revision \d+; Qualys counts all 332 questions/)
    expect(text).toContain('Qualys may give new ids: id (9 sections, 332 questions).')
  })
})

test('3,000 questions, sections within sections and 1,000 options are stored and read back', async ({
  sandbox,
}) => {
  const assistant = await openAssistantOn(sandbox, { ...unattendedSettings, QUALYS_REPLY_CHARS: '400000' })
  const options = Array.from({ length: 1_000 }, (_, at) => ({ text: `Option ${at}` }))
  const sections = [
    { name: 'Outer', description: 'Without questions' },
    ...longSections(3_000, 100).map((one, at) => ({ ...one, level: 2 + (at % 2) })),
    { name: 'Last', questions: [{ text: 'Which?', kind: 'dropdown', options }] },
  ]
  const args = { name: 'Long', category: 'Any', sections, scoring: longScoring }
  const { text } = await assistant.call('saq_create_template', args)
  const [, id = ''] =
    /template (\d+) created; "[^"]+", DRAFT, revision 1; Qualys counts all 3001 questions/.exec(text) ?? []
  expect(id, text).not.toBe('')
  const parts = structuredSections(await readAll(assistant, id, 'json'))
  // An update joins what is continued; nothing falls.
  const update = await assistant.call('saq_update_templates', {
    ids: [id],
    sections: parts,
    scoring: longScoring,
  })
  expect(update.text).toContain('Qualys counts all 3001 questions')
  expect(update.text).not.toContain('fall')
  const { sections: [outer] = [] } = (await stored(sandbox.control, id)) as { sections?: Fields[] }
  expect(outer).toMatchObject({ name: 'Outer', questions: [] })
  expect(outer?.['sections']).toHaveLength(15)
  await assistant.close()
})

test('a list of templates shows counts in place of contents', async ({ assistant, long: { id } }) => {
  for (const fields of [['*'], ['id', 'elements']]) {
    const { structured } = await assistant.call('saq_search_templates', { id, fields }, 'json')
    expect(structured.rows[0]).toMatchObject({
      id,
      elements: '9 sections, 332 questions: saq_get_template shows them',
    })
    expect(structured.note).toBeUndefined()
  }
})
