import { expect } from 'vitest'
import {
  everyQuestion,
  refusedContents,
  scoring,
  section,
  takenContents,
} from '../../support/operations/questions.ts'
import { test } from '../../support/operations/questions-over-http.ts'

// Every kind of question and every limit of templates, through the whole stack.

test.for(Object.entries(everyQuestion))(
  '%s: comes back as it was written',
  async ([, one], { got, created }) => {
    const sections = [section(one)]
    expect((await got(await created({ sections, scoring }))).sections).toEqual(sections)
  },
)

test.for(takenContents)('%s are taken', async ([, contents], { got, created }) => {
  expect((await got(await created(contents))).sections).toEqual(contents['sections'])
})

test.for(refusedContents)(
  '%s: refused before anything is sent',
  async ([, contents, says], { sandbox, assistant }) => {
    const args = { name: 'Round trip', category: 'Test', ...contents }
    const { text, isError } = await assistant.call('saq_create_template', args)
    expect(text.toLowerCase()).toContain(says.toLowerCase())
    expect(isError).toBe(true)
    expect((await sandbox.control.requests()).filter(({ path }) => path.includes('/create/'))).toEqual([])
  },
)

test('the templates that are there: read, then written, read the same', async ({ sandbox, got, created }) => {
  const all = await sandbox.control.truth('templates')
  expect(all.length).toBeGreaterThan(20)
  for (const { id } of all) {
    const { sections, scoring: scores } = await got(id)
    const copy = await got(await created({ sections, scoring: scores }))
    expect(copy.sections).toEqual(sections)
    expect(copy.scoring).toEqual(scores)
  }
})
