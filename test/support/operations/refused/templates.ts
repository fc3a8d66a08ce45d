import { libraryTemplate, publishedTemplate, template } from '../../effects/saq/saq-objects.ts'
import type { RefusedCalls } from './refused-call.ts'

const create = 'saq_create_template'
const update = 'saq_update_templates'
const unknown = '999999999999'
const digits = /must be an id from saq_search_\w+: digits alone/

const scoring = [
  { label: 'Good', value: 10 },
  { label: 'Bad', value: 0 },
]
const options = [{ text: 'A' }, { text: 'B' }]
const templateWith = (question: object, more: object = {}): object => ({
  ...template('Wrong'),
  sections: [{ name: 'One', questions: [{ text: 'Why?', ...question }] }],
  ...more,
})
const questions = (count: number): object[] =>
  Array.from({ length: count }, (_, at) => ({ text: `Question ${at}`, kind: 'text' }))
const sectionsOf = (...counts: readonly number[]): object => ({
  ...template('Wrong'),
  sections: counts.map((count, at) => ({ name: `Section ${at}`, questions: questions(count) })),
})

/** Invalid properties of a single question; also for questions that replace others. */
const wrongQuestions: readonly (readonly [string, object, RegExp, object?])[] = [
  ...['single', 'dropdown', 'multi'].map(
    (kind) =>
      [
        `${kind} without options`,
        { kind },
        new RegExp(`^Question "Why\\?" of kind ${kind} has nothing to choose from\\. Pass options\\.$`),
      ] as const,
  ),
  ...['yesNo', 'number', 'text'].map(
    (kind) =>
      [
        `${kind} with options`,
        { kind, options },
        new RegExp(
          `^Question "Why\\?" of kind ${kind} takes no options\\. Leave them out, or choose single,`,
        ),
      ] as const,
  ),
  ...['number', 'text'].map(
    (kind) =>
      [
        `${kind} with criticality`,
        { kind, criticality: 'HIGH' },
        new RegExp(`^Question "Why\\?" of kind ${kind} takes no criticality\\. Leave it out\\.$`),
      ] as const,
  ),
  ...['number', 'text', 'single'].map(
    (kind) =>
      [
        `${kind} with a score for yes`,
        { kind, yesScore: 'Good', ...(kind === 'single' && { options }) },
        new RegExp(
          `^Question "Why\\?" of kind ${kind} takes no yesScore or noScore\\. Pass score with each of`,
        ),
        { scoring },
      ] as const,
  ),
  [
    'a score for no that is no label',
    { kind: 'yesNo', noScore: 'Ugly' },
    /^Question "Why\?" is scored "Ugly", which is no label of scoring\. Use one of Good, Bad\.$/,
    { scoring },
  ],
  [
    'a score of an option that is no label',
    { kind: 'multi', options: [{ text: 'A', score: 'good' }, { text: 'B' }] },
    /is scored "good", which is no label of scoring\. Use one of Good, Bad\./,
    { scoring },
  ],
  [
    'a score without any scoring',
    { kind: 'yesNo', yesScore: 'Good' },
    /is scored "Good", which is no label of scoring\. Pass scoring\./,
  ],
  [
    'the same label twice',
    { kind: 'text' },
    /^scoring has the label "Good" twice\. Use each once\.$/,
    { scoring: [scoring[0], scoring[0]] },
  ],
  [
    'one option',
    { kind: 'single', options: [{ text: 'A' }] },
    /^Question "Why\?" of kind single must hold at least 2 options\. Add one, or make it kind multi/,
  ],
  [
    '1,001 options',
    { kind: 'single', options: Array.from({ length: 1_001 }, (_, at) => ({ text: `${at}` })) },
    /options: must hold at most 1,000 options; ask with kind text instead/,
  ],
  [
    'an unknown kind',
    { kind: 'booleanQuestion' },
    /kind: must be one of yesNo, number, text, single, dropdo/,
  ],
  ['no kind', {}, /kind: must be one of/],
  [
    'an unknown criticality',
    { kind: 'yesNo', criticality: 'SEVERE' },
    /must be one of INFO, LOW, MEDIUM, HI/,
  ],
  ['a switch as text', { kind: 'text', requireComment: 'yes' }, /requireComment: must be true or false/],
  ['the vendor’s own words', { kind: 'text', type: 'textQuestion' }, /type/],
  ['blank words', { kind: 'text', text: ' ' }, /text: must not be empty/],
  [
    'six scores',
    { kind: 'text' },
    /scoring: must hold at most 5 scores: Qualys takes no more \(portal help\); merge some/,
    { scoring: Array.from({ length: 6 }, (_, at) => ({ label: `L${at}`, value: at })) },
  ],
  [
    'a score as odd text',
    { kind: 'text' },
    /scoring\.0\.value: must be a number/,
    { scoring: [{ label: 'A', value: '1e1' }] },
  ],
  ['a score below nothing', { kind: 'text' }, /scoring\.0\.value/, { scoring: [{ label: 'A', value: -1 }] }],
]

export const templates: RefusedCalls = [
  ...wrongQuestions.map(
    ([name, question, says, more]) => [name, create, templateWith(question, more), says] as const,
  ),
  ...wrongQuestions.map(([name, question, says, more]) => {
    const { sections, scoring: given } = templateWith(question, more) as {
      sections: unknown
      scoring?: unknown
    }
    const contents = { sections, ...(given !== undefined && { scoring: given }) }
    return [`${name}, in a change`, update, { ids: [publishedTemplate], ...contents }, says] as const
  }),
  [
    '5,001 questions',
    create,
    sectionsOf(4_000, 1_001),
    /^The template has 5001 questions\. Make it at most 5000, or split/,
  ],
  ['5,001 questions in a section', create, sectionsOf(5_001), /questions: must hold at most 5,000 questions/],
  [
    '1,001 sections',
    create,
    sectionsOf(...Array.from({ length: 1_001 }, () => 1)),
    /sections: must hold at most 1,000 sect/,
  ],
  ['no sections', create, { ...template('x'), sections: [] }, /sections: must hold at least 1 section/],
  ['no questions', create, sectionsOf(0), /^Section "Section 0" must hold at least 1 question/],
  [
    'sections as text',
    create,
    { ...template('x'), sections: 'Access, Audit' },
    /sections: must be a list of sections/,
  ],
  ['no category', create, { ...template('x'), category: undefined }, /category: must be text/],
  [
    'nothing to change',
    update,
    { ids: [publishedTemplate] },
    /^There is nothing to change\. Pass name, descr/,
  ],
  [
    'one name for two templates',
    update,
    { ids: [publishedTemplate, '82968'], name: 'Same' },
    /^name, sections and scoring would make several templates alike\. Pass them for one id\.$/,
  ],
  [
    'the same contents for two templates',
    update,
    {
      ids: [publishedTemplate, '82968'],
      sections: [{ name: 'One', questions: [{ text: 'Why?', kind: 'text' }] }],
    },
    /would make several templates alike/,
  ],
  [
    'an unknown template',
    update,
    { ids: [unknown], description: 'x' },
    /saq_search_templates shows no id 9{12}/,
  ],
  [
    'publishing what is published',
    'saq_publish_template',
    { templateId: publishedTemplate },
    /^Template 722010 is published already\. Make a new version with saq_create_template_version\.$/,
  ],
  ...['saq_publish_template', 'saq_create_template_version', 'saq_delete_template'].flatMap((tool) => [
    ['an unknown template', tool, { templateId: unknown }, /saq_search_templates shows no id 9{12}/] as const,
    ['a template by name', tool, { templateId: 'Vendor' }, digits] as const,
    [
      'a template of the library',
      tool,
      { templateId: libraryTemplate },
      /saq_search_templates shows no id 10030/,
    ] as const,
  ]),
  [
    'an own template as one of the library',
    'saq_create_template_from_library',
    { libraryTemplateId: publishedTemplate },
    /saq_search_library_templates shows no id 722010/,
  ],
]
