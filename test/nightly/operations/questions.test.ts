import { expect } from 'vitest'
import {
  invalidContents,
  questionsOfEveryKind,
  scoring,
  section,
  validContents,
} from '../../support/operations/questions.ts'
import { test } from '../../support/operations/questions-over-http.ts'

// Every kind of question and every limit of templates, through the whole stack.

test.for(Object.entries(questionsOfEveryKind))(
  '%s: is read back as it was written',
  async ([, one], { readTemplate, createTemplate }) => {
    const sections = [section(one)]
    expect((await readTemplate(await createTemplate({ sections, scoring }))).sections).toEqual(sections)
  },
)

test.for(validContents)('%s are accepted', async ([, contents], { readTemplate, createTemplate }) => {
  expect((await readTemplate(await createTemplate(contents))).sections).toEqual(contents['sections'])
})

test.for(invalidContents)(
  '%s: refused before anything is sent',
  async ([, contents, says], { sandbox, assistant }) => {
    const args = { name: 'Round trip', category: 'Test', ...contents }
    const { text, isError } = await assistant.call('saq_create_template', args)
    expect(text.toLowerCase()).toContain(says.toLowerCase())
    expect(isError).toBe(true)
    expect((await sandbox.control.requests()).filter(({ path }) => path.includes('/create/'))).toEqual([])
  },
)

test('the existing templates: read, then written, then read the same', async ({
  sandbox,
  readTemplate,
  createTemplate,
}) => {
  const all = await sandbox.control.dump('templates')
  expect(all.length).toBeGreaterThan(20)
  for (const { id } of all) {
    const { sections, scoring: scores } = await readTemplate(id)
    const copy = await readTemplate(await createTemplate({ sections, scoring: scores }))
    expect(copy.sections).toEqual(sections)
    expect(copy.scoring).toEqual(scores)
  }
})
