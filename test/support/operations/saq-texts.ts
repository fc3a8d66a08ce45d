import {
  campaign,
  inactiveCampaign,
  lastRow,
  libraryTemplate,
  newUser,
  recipient,
  rowOf,
  template,
} from '../effects/saq/saq-objects.ts'
import type { Control } from '../sandbox.ts'

// Every text that an assistant may pass to SAQ: where it is sent, and its allowed values.

type Row = Readonly<Record<string, unknown>>

/** An input that takes a text. */
export interface TextInput {
  readonly tool: string
  /** Arguments with this text; `draft` is the id of a template that can be changed. */
  readonly args: (text: string, draft: string) => object
  /** What the sandbox stores of it. */
  readonly readStored: (control: Control, draft: string) => Promise<unknown>
  /** Characters of its longest text. */
  readonly maxLength: number
}

/** A value within a row, by its path. */
export const at = (row: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as Row | undefined)?.[name], row)

const inLast = (collection: string, path: string) => async (control: Control) =>
  at(await lastRow(control, collection), path)
const inUser = (path: string) => async (control: Control) =>
  at(await rowOf(control, 'users', recipient), path)
const inDraft = (path: string) => async (control: Control, draft: string) =>
  at(await rowOf(control, 'templates', draft), path)

/** A template with one question or with the given ones. */
const templateWith = (more: object, question: object = {}, section: object = {}): object => ({
  ...template('Said'),
  sections: [{ name: 'One', ...section, questions: [{ text: 'Why?', kind: 'yesNo', ...question }] }],
  ...more,
})
const firstQuestion = 'sections.0.questions.0'

const created = (args: (text: string) => object, path: string, maxLength: number): TextInput => ({
  tool: 'saq_create_template',
  args,
  readStored: inLast('templates', path),
  maxLength,
})
const updated = (field: string, maxLength: number): TextInput => ({
  tool: 'saq_update_templates',
  args: (text, draft) => ({ ids: [draft], [field]: text }),
  readStored: inDraft(field),
  maxLength,
})
const createdUser = (field: string, maxLength: number): TextInput => ({
  tool: 'saq_create_users',
  args: (text) => ({ users: [newUser({ [field]: text })] }),
  readStored: inLast('users', field),
  maxLength,
})
const changedUser = (field: string, maxLength: number): TextInput => ({
  tool: 'saq_update_user',
  args: (text) => ({ userId: recipient, [field]: text }),
  readStored: inUser(field),
  maxLength,
})
const changedUsers = (field: string, maxLength: number): TextInput => ({
  ...changedUser(field, maxLength),
  tool: 'saq_update_users',
  args: (text) => ({ ids: [recipient], [field]: text }),
})

export const textInputs: Readonly<Record<string, TextInput>> = {
  'name of a template': created((name) => templateWith({ name }), 'name', 255),
  'category of a template': created((category) => templateWith({ category }), 'category', 255),
  'description of a template': created((description) => templateWith({ description }), 'description', 4_000),
  'name of a section': created((name) => templateWith({}, {}, { name }), 'sections.0.name', 255),
  'description of a section': created(
    (description) => templateWith({}, {}, { description }),
    'sections.0.description',
    4_000,
  ),
  'text of a question': created((text) => templateWith({}, { text }), `${firstQuestion}.text`, 4_000),
  'label of a question': created((label) => templateWith({}, { label }), `${firstQuestion}.label`, 100),
  'text of an option': created(
    (text) => templateWith({}, { kind: 'single', options: [{ text }, { text: 'other' }] }),
    `${firstQuestion}.options.0.text`,
    4_000,
  ),
  'label of a score': created(
    (label) => templateWith({ scoring: [{ label, value: 1 }] }, { yesScore: label }),
    'scorings.0.label',
    50,
  ),
  'score of a yes': created(
    (label) => templateWith({ scoring: [{ label, value: 1 }] }, { yesScore: label }),
    `${firstQuestion}.yesScoringLabel`,
    50,
  ),
  'score of an option': created(
    (score) =>
      templateWith(
        { scoring: [{ label: score, value: 1 }] },
        { kind: 'multi', options: [{ text: 'a', score }, { text: 'b' }] },
      ),
    `${firstQuestion}.options.0.scoringLabel`,
    50,
  ),
  'new name of a template': updated('name', 255),
  'new category of a template': updated('category', 255),
  'new description of a template': updated('description', 4_000),
  'name of a copy from the library': {
    tool: 'saq_create_template_from_library',
    args: (name) => ({ libraryTemplateId: libraryTemplate, name }),
    readStored: inLast('templates', 'name'),
    maxLength: 255,
  },
  'name of a campaign': {
    tool: 'saq_create_campaign',
    args: (text) => campaign(text),
    readStored: inLast('campaigns', 'name'),
    maxLength: 255,
  },
  'new name of a campaign': {
    tool: 'saq_update_campaign',
    args: (name) => ({ campaignId: inactiveCampaign, name }),
    readStored: async (control) => at(await rowOf(control, 'campaigns', inactiveCampaign), 'name'),
    maxLength: 255,
  },
  'first name': createdUser('firstName', 100),
  'last name': createdUser('lastName', 100),
  company: createdUser('company', 255),
  title: createdUser('title', 255),
  tag: {
    tool: 'saq_create_users',
    args: (text) => ({ users: [newUser({ tags: ['plain', text] })] }),
    readStored: inLast('users', 'tags.1.name'),
    maxLength: 255,
  },
  ...Object.fromEntries(
    Object.entries({ firstName: 100, lastName: 100, company: 255, title: 255 }).flatMap(
      ([field, maxLength]) => [
        [`${field} of a user`, changedUser(field, maxLength)],
        [`${field} of several`, changedUsers(field, maxLength)],
      ],
    ),
  ),
}

/** None is longer than the shortest limit of an input. */
export const allowedTexts: Readonly<Record<string, string>> = {
  'a number sign': 'a #1 ##',
  ampersands: 'R&D &amp; &#60; &lt;',
  'angle brackets': '<b>a</b> < b > c',
  'an end of CDATA': 'a ]]> b ]]>',
  'a begin of CDATA': '<![CDATA[ x ]]>',
  'an element of ours': '</name></Template></data><data>',
  'a comment': '<!-- x -- y -->',
  'an instruction': '<?xml version="1.1"?>',
  'an entity': '&xxe; %xxe;',
  quotes: `"a" 'b' \`c\``,
  'emoji and their parts': '😀👩‍👩‍👧 🇪🇺 a\u{fe0f}',
  'other scripts': 'サプライヤー שלום مرحبا Ω ﬁ',
  'marks apart from their letters': 'e\u0301 n\u0303',
  'words backwards': 'a \u202eb\u202c c',
  'a number': '007',
  'a number with a point': '2.10',
  'a switch': 'false',
  'a word of JavaScript': '__proto__',
  'two lines': 'a\nb',
  'two lines of Windows': 'a\r\nb',
  'a line of old': 'a\rb',
  'a tab': 'a\tb',
  'blanks inside': 'a   b',
  'no-break space': 'a\u00a0b',
  'controls that XML has': 'a\u0085b\u009fc\u007fd',
  'separators of lines': 'a\u2028b\u2029c',
}

/** The same in fewer texts, for inputs that are sent the same way as another one. */
export const combinedTexts: Readonly<Record<string, string>> = {
  'mark-up': `#1 R&D &amp; <b> </x> ]]> <![CDATA[ <!-- "a" 'b'`,
  'other characters': '😀👩‍👩‍👧 サ e\u0301 \u202eb\u202c\u00a0\u2028\u0085',
  'lines and blanks': 'a\nb\r\nc\rd\te   f',
  'a number': '007',
  'a switch': 'false',
}

export const refusedTexts: Readonly<Record<string, readonly [text: string, says: RegExp]>> = {
  'a NUL': ['a\0b', /must be text, not bytes/],
  'half an emoji': ['a\ud83d', /must be text, not bytes/],
  'the other half': ['\ude00a', /must be text, not bytes/],
  'an escape': ['a\u001b[2Jb', /holds control characters, which XML cannot carry; leave them out/],
  'a backspace': ['a\bb', /holds control characters/],
  'a bell': ['\u0007', /holds control characters/],
  'a vertical tab': ['a\u000bb', /holds control characters/],
  'a form feed': ['a\u000cb', /holds control characters/],
  'a character that is none': ['a\uffffb', /holds control characters/],
  'another one': ['a\ufffeb', /holds control characters/],
  blanks: [' \t\n ', /must not be empty/],
  '100 kB': ['x'.repeat(100_000), /must be at most [\d,]+ characters/],
  '100 kB of emoji': ['😀'.repeat(25_000), /must be at most [\d,]+ characters/],
}

export const nonTexts: readonly unknown[] = [5.5e-9, [null], ['x'], { text: 'x' }]

/** The longest text of an input; XML writes its last character as five. */
export const longestText = (maxLength: number): string =>
  'x&'
    .repeat(maxLength)
    .slice(0, maxLength - 1)
    .concat('&')
