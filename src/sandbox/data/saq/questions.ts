import type { Random } from '../random.ts'
import { criticalities, type Question, type Scoring, type Section } from './rows.ts'

/** Scores of answers: the user interface allows up to five labels (risk_scoring_criticality.htm). */
export const scorings: readonly Scoring[] = [
  { label: 'Good', value: '10' },
  { label: 'Fair', value: '5' },
  { label: 'Poor', value: '0' },
]

type QuestionKind = 'yes' | 'text' | 'number' | 'one' | 'many'
type Line = readonly [QuestionKind, string]

/** Sections with their questions. */
const bank: readonly (readonly [string, string, ...Line[]])[] = [
  [
    'Governance',
    'How security is organised.',
    ['yes', 'Is there an information security policy that management has approved?'],
    ['text', 'Who is responsible for information security?'],
    ['one', 'How often is the policy reviewed?'],
    ['yes', 'Are employees trained in security at least once a year?'],
    ['number', 'How many people work in information security?'],
  ],
  [
    'Access control',
    'Who may do what, and how that is kept current.',
    ['yes', 'Is multi-factor authentication enforced for remote access?'],
    ['one', 'How often are access rights reviewed?'],
    ['yes', 'Are privileged accounts separate from everyday accounts?'],
    ['text', 'Describe how access is withdrawn when somebody leaves.'],
  ],
  [
    'Data protection',
    'Personal data & what happens to it.',
    ['many', 'Which kinds of data of ours do you process?'],
    ['yes', 'Is our data encrypted at rest and in transit (TLS >= 1.2)?'],
    ['yes', 'Do sub-processors have access to our data?'],
    ['text', 'In which countries is our data stored?'],
    ['number', 'After how many days is data of former customers deleted?'],
  ],
  [
    'Operations',
    'Patches, backups, logs.',
    ['number', 'Within how many days are critical patches installed?'],
    ['yes', 'Are backups tested at least once a year?'],
    ['yes', 'Are security logs kept for at least 180 days?'],
    ['one', 'How often are systems scanned for vulnerabilities?'],
  ],
  [
    'Incidents',
    'What happens when something happens.',
    ['yes', 'Is there an incident response plan?'],
    ['number', 'Within how many hours are we notified of a breach?'],
    ['text', 'Describe the last incident that concerned customer data.'],
    ['yes', 'Has the plan been exercised in the last 12 months?'],
  ],
  [
    'Continuity',
    'Staying in business.',
    ['yes', 'Is there a business continuity plan?'],
    ['number', 'What is the recovery time objective, in hours?'],
    ['many', 'Which scenarios does the plan cover?'],
  ],
  [
    'Payment cards',
    'Only if cards are handled.',
    ['yes', 'Are card numbers stored?'],
    ['one', 'Which PCI DSS self-assessment applies?'],
    ['yes', 'Is the cardholder environment segmented?'],
  ],
  [
    'Physical security',
    'Doors, visitors, devices.',
    ['yes', 'Is access to data centres restricted & logged?'],
    ['yes', 'Are visitors escorted?'],
    ['text', 'How are storage media disposed of?'],
  ],
]

const choices = {
  one: ['Every quarter', 'Once a year', 'Less often'],
  many: ['Contact data', 'Financial data', 'Health data', 'None of these'],
} as const
const labels = scorings.map(({ label }) => label)

/** Takes `count` questions, section by section from `from` on; at most as many as the bank has. */
export function makeSections(random: Random, count: number, from = 0): Section[] {
  const sections: Section[] = []
  let remaining = count
  for (let step = 0; step < bank.length && remaining > 0; step++) {
    const [name, description, ...lines] = bank[(from + step) % bank.length] ?? ['', '']
    const chosen = lines.slice(0, remaining)
    remaining -= chosen.length
    const sectionNumber = sections.length + 1
    sections.push({
      name,
      description,
      questions: chosen.map((line, index) => makeQuestion(random, `${sectionNumber}.${index + 1}`, line)),
    })
  }
  return sections
}

function makeQuestion(random: Random, label: string, [kind, text]: Line): Question {
  const common = {
    label,
    text,
    requireAttachment: random.chance(0.15),
    requireComment: random.chance(0.25),
    requireAsset: random.chance(0.05),
  }
  if (kind === 'text' || kind === 'number') {
    return { ...common, type: kind === 'text' ? 'textQuestion' : 'numericQuestion' }
  }
  const criticality = random.pick(criticalities)
  if (kind === 'yes') {
    const isYesGood = random.chance(0.85)
    return {
      ...common,
      type: 'booleanQuestion',
      mode: 'Button',
      criticality,
      yesScoringLabel: isYesGood ? 'Good' : 'Poor',
      noScoringLabel: isYesGood ? 'Poor' : 'Good',
    }
  }
  const options = choices[kind].map((choice, index) => ({
    text: choice,
    ...(kind === 'one' && { scoringLabel: labels[index] ?? 'Poor' }),
  }))
  if (kind === 'many') return { ...common, type: 'multiSelectQuestion', criticality, options }
  const mode = random.chance(0.5) ? 'Radio' : 'Combo'
  return { ...common, type: 'singleSelectQuestion', mode, criticality, options }
}
