import fc from 'fast-check'
import type { Fields } from './questions.ts'

// Templates of every shape, in the form of the input.

const words = fc
  .array(
    fc.constantFrom(
      ...[
        'Is',
        'there',
        'a plan?',
        '<b>bold</b>',
        '&amp;',
        '"quoted"',
        '\\u200c',
        'two\nlines',
        'a\r\nb',
        '東京',
      ],
      ...[
        'می‌خواهم',
        'x\u202ey',
        '👩‍👧',
        'soft\u00adhyphen',
        '>>',
        '<<',
        'More:',
        'null',
        '007',
        'a\u{e0101}b',
      ],
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(' '))

const labels = ['Good', 'Fair', 'Poor'] as const
const scored = fc.option(fc.constantFrom(...labels), { nil: undefined })
const flag = fc.option(fc.constant(true), { nil: undefined })
const option = fc.record({ text: words, score: scored })
const choice = (kind: string, least: number) =>
  fc.record({ kind: fc.constant(kind), options: fc.array(option, { minLength: least, maxLength: 12 }) })

const kind = fc.oneof(
  fc.record({ kind: fc.constantFrom('text', 'number', 'dateQuestion') }),
  fc.record({ kind: fc.constant('yesNo'), yesScore: scored, noScore: scored }),
  choice('single', 2),
  choice('dropdown', 2),
  choice('multi', 1),
)

/** Without members that are not there, as JSON has it. */
const plain = (value: unknown): Fields => JSON.parse(JSON.stringify(value)) as Fields

const question = fc
  .tuple(fc.record({ label: fc.option(words, { nil: undefined }), text: words }), kind, flag, flag)
  .map(([head, rest, requireComment, requireAsset]) =>
    plain({ ...head, ...rest, requireComment, requireAsset }),
  )

const section = fc.record({
  name: fc.constantFrom('Access', 'Data', 'Incidents'),
  description: fc.option(words, { nil: undefined }),
  level: fc.integer({ min: 1, max: 4 }),
  questions: fc.array(question, { maxLength: 9 }),
})

/** Levels without gaps, and no section without anything in it. */
function complete(sections: readonly { level: number; questions: Fields[] }[]): Fields[] {
  let above = 0
  const levels = sections.map(({ level }) => {
    above = Math.min(level, above + 1)
    return above
  })
  return sections.map(({ questions, ...rest }, at) => {
    const level = levels[at] ?? 1
    const isEmpty = questions.length === 0 && (levels[at + 1] ?? 1) <= level
    const asked = isEmpty ? [{ text: 'Why?', kind: 'text' }] : questions
    return plain({
      ...rest,
      level: level > 1 ? level : undefined,
      questions: asked.length > 0 ? asked : undefined,
    })
  })
}

/** Contents of templates: what is passed to create one. */
export const templateContents: fc.Arbitrary<{ sections: Fields[]; scoring: Fields[] }> = fc
  .array(section, { minLength: 1, maxLength: 8 })
  .map((sections) => ({
    sections: complete(sections),
    scoring: labels.map((label, value) => ({ label, value })),
  }))

/** A template as long as the longest real ones: 332 questions in nine sections. */
export function longSections(count = 332, inEach = 37): Fields[] {
  const questions = Array.from({ length: count }, (_, at) => ({
    label: `${Math.floor(at / inEach) + 1}.${(at % inEach) + 1}`,
    text: `Does the institution have a documented policy about topic ${at + 1}, and is it <b>reviewed</b> once a year?`,
    kind: at % 3 === 0 ? 'single' : 'text',
    ...(at % 3 === 0 && { options: [{ text: 'Yes', score: 'Good' }, { text: 'No' }, { text: 'In part' }] }),
  }))
  return Array.from({ length: Math.ceil(count / inEach) }, (_, at) => ({
    name: `Section ${at + 1}`,
    questions: questions.slice(at * inEach, (at + 1) * inEach),
  }))
}

export const longScoring = [{ label: 'Good', value: 10 }]

/** The list in the text form of a part, which stands between fences. */
export function listIn(text: string, name: string): Fields[] | undefined {
  const found = new RegExp(`^${name}:\n<<(\\w+)\n([^]*?)\n\\1>>`, 'm').exec(text)
  return found?.[2] === undefined ? undefined : (JSON.parse(found[2]) as Fields[])
}
