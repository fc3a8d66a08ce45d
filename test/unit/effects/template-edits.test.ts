import { describe, expect, test } from 'vitest'
import { searchTemplates } from '../../../src/operations/saq/templates.ts'
import type { Row } from '../../../src/session/answer.ts'
import type { Reply } from '../../../src/tools/replies/reply.ts'
import { performInMemory, previewIn, toolContextOn, unattendedCall } from '../../support/effects/in-memory.ts'
import { MemorySession } from '../../support/effects/memory-session.ts'

// What a person sees of a change of a template, where its contents are read, and what is sent.

const secret = 'hunter2-hunter2'
const elements = {
  sections: [
    {
      name: 'Access',
      questions: [
        { label: '1', text: 'Is MFA on?', type: 'booleanQuestion', mode: 'Button' },
        { label: '2', text: `Is ${secret} still your password?`, type: 'textQuestion' },
      ],
    },
    { name: 'Data', questions: [{ label: '3', text: 'Where is it?', type: 'textQuestion' }] },
  ],
}
const stored = searchTemplates.record.parse({ id: '5', name: 'T', state: 'DRAFT', questionCnt: 3, elements })
const { elements: _, ...listed } = stored
const redact = (text: string): string => text.replaceAll(secret, '[masked]')
const edits = [{ question: '3', text: 'In which country is it?' }]
const sections = [{ name: 'Access', questions: [{ label: '1', text: 'Is MFA on?', kind: 'yesNo' }] }]

const searched = (row: Row) => ({ saq_search_templates: [row] })

describe('the preview', () => {
  test('of an edit shows what changes alone', async () => {
    const lines = (await previewIn(searched(stored), 'saq_update_templates', { ids: ['5'], edits })).split(
      '\n',
    )
    expect(lines).toEqual([
      'Update templates (update): 1 template, 1 question changed',
      '! All sections are sent again, with nothing else changed. How they nest is guessed: what Qualys stored is counted afterwards.',
      'template 5: "T"',
      '  state: "DRAFT"',
      '  questionCnt: "3"',
      'question 3 of section: "Data"',
      '  text before: "Where is it?"',
      '  text after: "In which country is it?"',
      'account: "memory somebody"',
    ])
  })

  test('of other sections says first what falls', async () => {
    const preview = await previewIn(searched(stored), 'saq_update_templates', { ids: ['5'], sections })
    expect(preview.split('\n')[1]).toMatch(/^! 2 of 3 questions fall: "2 Is .*", "3 Where is it\?"\.$/)
    expect(preview.split('\n')[2]).toBe('! 1 of 2 sections falls: "Data".')
  })

  test('of all sections with one text changed shows that text before and after, and all that is sent', async () => {
    const [access, data] = [
      { label: '1', text: 'Is MFA on?', kind: 'yesNo' },
      { label: '3', text: 'In which country is it?', kind: 'text' },
    ]
    const second = { label: '2', text: `Is ${secret} still your password?`, kind: 'text' }
    const sent = [
      { name: 'Access', questions: [access, second] },
      { name: 'Data', questions: [data] },
    ]
    const lines = (
      await previewIn(searched(stored), 'saq_update_templates', { ids: ['5'], sections: sent })
    ).split('\n')
    expect(lines[0]).toBe('Update templates (update): 1 template, 3 questions, 1 question changed')
    expect(lines[1]).toBe('! Compared with what is stored: 1 question changed.')
    const at = lines.indexOf('compared with what is stored:')
    expect(lines.slice(at, at + 6)).toEqual([
      'compared with what is stored:',
      'question 3 of section: "Data"',
      '  text before: "Where is it?"',
      '  text after: "In which country is it?"',
      'all that is sent:',
      'section: "Access"',
    ])
  })

  test('of a type that is no kind warns', async () => {
    const dated = [{ name: 'S', questions: [{ text: 'When?', kind: 'dateQuestion' }] }]
    const preview = await previewIn({}, 'saq_create_template', { name: 'x', category: 'x', sections: dated })
    expect(preview).toContain(
      '! No page names the type dateQuestion: it is sent as it is, and Qualys may refuse it.',
    )
  })
})

describe('the stored questions', () => {
  test('are read from the template itself, where the list shows a part of them or none', async () => {
    const part = { ...stored, elements: { sections: [] } }
    for (const row of [listed, part]) {
      const replies = { ...searched(row), saq_get_template: stored }
      expect(await previewIn(replies, 'saq_update_templates', { ids: ['5'], edits })).toContain(
        'text before: "Where is it?"',
      )
    }
  })

  test('that nothing shows stop an edit, and leave a warning for other sections', async () => {
    const replies = { ...searched(listed), saq_get_template: listed }
    const edit = await unattendedCall(new MemorySession(replies), 'saq_update_templates', {
      ids: ['5'],
      edits,
    })
    expect(edit).toMatchObject({ sent: 0, kind: 'input' })
    expect(edit.text).toMatch(
      /^The questions of template 5 cannot be read whole\. Change it in the Qualys UI/,
    )
    const preview = await previewIn(replies, 'saq_update_templates', { ids: ['5'], sections })
    expect(preview).toContain('! At least 2 of 3 questions fall: which ones is not known.')
  })

  test('are sent as they are, and shown without secrets', async () => {
    const session = new MemorySession(searched(stored), redact)
    const asked = await performInMemory(session, 'saq_update_templates', {
      ids: ['5'],
      edits: [{ question: '2', requireComment: true }],
    })
    expect(JSON.stringify(asked)).toContain('[masked]')
    expect(JSON.stringify(asked)).not.toContain(secret)
    const running = toolContextOn(session, { QUALYS_MODE: 'unattended' })
    const reply = (await performInMemory(
      session,
      'saq_update_templates',
      { ids: ['5'], edits },
      running,
    )) as Reply
    expect(reply.summary).toContain('Qualys counts all 3 questions')
    const sent = session.calls.find(({ name }) => name === 'saq_update_templates')
    expect(JSON.stringify(sent?.args)).toContain(secret)
    expect(sent?.args).not.toHaveProperty('edits')
  })
})

test('the reply for programs has counts in place of the whole template', async () => {
  const session = new MemorySession({
    ...searched(stored),
    saq_update_templates: { id: '5', count: '1', elements },
  })
  const running = toolContextOn(session, { QUALYS_MODE: 'unattended' })
  const reply = (await performInMemory(
    session,
    'saq_update_templates',
    { ids: ['5'], edits },
    running,
  )) as Reply
  expect(reply.rows).toMatchObject([
    { id: '5', count: '1', 'now.id': '5', elements: '2 sections, 3 questions: saq_get_template shows them' },
  ])
})
