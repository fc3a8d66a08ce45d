import { z } from 'zod'
import type { Parts } from '../long-records.ts'
import { type Input, operation } from '../operation.ts'
import { counted } from '../sentences.ts'
import { contentsOf, readNotes } from './contents/template-contents.ts'
import { elements } from './contents/template-wire.ts'
import { longIdsOf, received, searchInputs } from './fields.ts'
import { saqObject, searchOf } from './object.ts'

/**
 * The filter table of templates (search_templates.htm). It prints uuid and familyId as Integers, which they
 * are not.
 */
const filters = {
  id: searchInputs.ids(),
  uuid: searchInputs.text(),
  ...searchInputs.texts('name', 'description', 'category'),
  familyId: searchInputs.text('from saq_search_templates'),
  revision: searchInputs.numbers(),
  isLibrary: searchInputs.flag(),
  questionCnt: searchInputs.numbers(),
  state: searchInputs.words(['DRAFT', 'PUBLISHED']),
} as const

/** reference_template.htm; its Mandatory column is shifted by a row in places, so only the id is required. */
const template = z.looseObject({
  id: received.id,
  ...received.texts('uuid', 'name', 'description', 'category', 'familyId'),
  revision: received.number,
  isLibrary: received.flag,
  questionCnt: received.number,
  state: received.text,
  elements: received.one(elements),
})

/** What stands in a list for contents that no page holds whole. */
export const abridge =
  (wholeIn: string) =>
  (row: Input): Input => {
    const { all } = row
    // An effect on several templates answers with all of them.
    if (Array.isArray(all)) return { ...row, all: all.map(abridge(wholeIn)) }
    const contents = contentsOf(row)
    if (!contents) return row
    const counts = [counted(contents.sections.length, 'section'), counted(contents.count, 'question')]
    return { ...row, elements: `${counts.join(', ')}: ${wholeIn} shows them` }
  }

/** Templates may be large, since they hold every question. */
const templateRows = { record: template, byId: longIdsOf, hasLargeRows: () => true } as const

const parts: Parts = {
  groups: 'sections',
  items: 'questions',
  whenCut:
    'Change other questions with edits of saq_update_templates; qualys_export of saq_search_templates writes all of it.',
  split: ({ elements, ...fields }) => {
    const contents = contentsOf({ elements })
    return (
      contents && {
        fields,
        lists: contents.scoring.length > 0 ? { scoring: contents.scoring } : {},
        groups: contents.sections,
        notes: [...readNotes(contents), ...countNotes(fields, contents.count)],
      }
    )
  },
}

/** Qualys may send a part of a template. */
function countNotes({ questionCnt }: Input, count: number): readonly string[] {
  return typeof questionCnt === 'number' && questionCnt !== count
    ? [`Qualys counts ${counted(questionCnt, 'question')} and sends ${counted(count, 'question')}.`]
    : []
}

export const [searchTemplates, countTemplates, getTemplate] = saqObject({
  noun: 'template',
  path: 'template',
  filters,
  record: template,
  search: {
    description: 'Questionnaire templates of this account; the revisions of one template share a familyId',
    source: 'saq/api/templates/search_templates.htm',
    ...templateRows,
    abridge: abridge('saq_get_template'),
    columns: ['id', 'name', 'category', 'state', 'revision', 'questionCnt'],
    countBy: 'state',
    remarks: ['state: DRAFT or PUBLISHED. Revisions of one template share familyId.'],
  },
  count: {
    evidence: 'regular',
    source: 'no page; as counting campaigns and users (current_count.htm)',
  },
  get: {
    description: 'One template with its sections and questions, in the form that saq_create_template takes',
    evidence: 'regular',
    source: 'no page; as campaigns/get_campaign_details.htm; the nesting of the elements is guessed',
    parts,
  },
})

export const searchLibraryTemplates = operation({
  name: 'saq_search_library_templates',
  title: 'Search the template library',
  description: "Qualys' own templates, to be copied with saq_create_template_from_library",
  route: 'POST /qps/rest/1.0/search/saq/librarytemplate',
  source: 'saq/api/templates/search_library_templates.htm',
  ...searchOf(filters),
  ...templateRows,
  abridge: abridge('qualys_export'),
  columns: ['id', 'name', 'category', 'questionCnt', 'description'],
})
