import type { Random } from '../random.ts'
import { makeSections, scorings } from './questions.ts'
import type { Template } from './rows.ts'

/** Name, category, number of questions. The first one is 10030 (search_library_templates.htm). */
const libraryNames: readonly (readonly [string, string, number])[] = [
  ['Vendor Risk Assessment', 'Vendor Risk', 24],
  ['Vendor Risk Assessment - Lite', 'Vendor Risk', 9],
  ['Vendor Risk Assessment - Cloud Services', 'Vendor Risk', 27],
  ['GDPR Article 28 Processor', 'Privacy', 14],
  ['GDPR Data Protection Impact', 'Privacy', 18],
  ['CCPA Readiness', 'Privacy', 12],
  ['ISO 27001:2022 Annex A', 'Industry Standard', 31],
  ['ISO 22301 Business Continuity', 'Industry Standard', 11],
  ['NIST CSF 2.0 Self-Assessment', 'Industry Standard', 30],
  ['NIST SP 800-171', 'Industry Standard', 28],
  ['CIS Top 18 Controls Version 8 - IG1', 'Industry Standard', 26],
  ['CIS Top 18 Controls Version 8 - IG2', 'Industry Standard', 31],
  ['PCI DSS 4.0 SAQ A', 'Payment Cards', 7],
  ['PCI DSS 4.0 SAQ D - Merchants', 'Payment Cards', 22],
  ['PCI DSS 4.0 SAQ D - Service Providers', 'Payment Cards', 25],
  ['HIPAA Security Rule', 'Healthcare', 20],
  ['HITRUST Readiness', 'Healthcare', 23],
  ['SOX IT General Controls', 'Financial', 16],
  ['DORA Register of ICT Providers', 'Financial', 21],
  ['MAS TRM Guidelines', 'Financial', 17],
  ['NERC CIP Low Impact', 'Energy', 13],
  ['Business Continuity Survey', 'Operations', 8],
  ['Employee Policy Attestation', 'Operations', 5],
  ['Acceptable Use Acknowledgement', 'Operations', 4],
  ['Log4j Exposure Survey', 'Operations', 6],
]
const firstLibraryId = 10030

/** 25 library templates. */
export function makeLibraryTemplates(random: Random): Template[] {
  return libraryNames.map(([name, category, count], index) => ({
    id: firstLibraryId + index * 3,
    // The page shows the first digits of this one.
    uuid: index === 0 ? `9fc12d51${random.uuid().slice(8)}` : random.uuid(),
    name,
    description: `${name}: ${count} questions, kept by Qualys.`,
    category,
    familyId: random.uuid(),
    revision: 1,
    isLibrary: true,
    state: 'PUBLISHED',
    sections: makeSections(random, count, index % 8),
    scorings: [...scorings],
  }))
}

/** The template of the sample campaigns (launch_campaign.htm). */
export const sampleTemplateId = 722010

type Family = Pick<Template, 'name' | 'category'> & { count: number; isLibrary?: true }
const makeFamily = (name: string, category: string, count: number): Family => ({ name, category, count })

/** Templates that occur in samples, by id or by name. */
const sampleTemplates: readonly (Family & Partial<Template>)[] = [
  { ...makeFamily('Supplier onboarding', 'Vendor Risk', 12), id: 82968, state: 'PUBLISHED' },
  { ...makeFamily('template-using-api', 'Operations', 3), state: 'DRAFT', description: 'made by a script' },
  { ...makeFamily('Answer scoring trial', 'Operations', 5), state: 'DRAFT' },
  {
    ...makeFamily('Copy of CIS Top 18 Controls Version 8 - IG1', 'Industry Standard', 26),
    state: 'DRAFT',
    isLibrary: true,
  },
  {
    ...makeFamily('Third-party security questionnaire', 'Vendor Risk', 19),
    id: sampleTemplateId,
    state: 'PUBLISHED',
  },
]

const themes = [
  ['Annual vendor review', 'Vendor Risk', 21],
  ['Cloud provider due diligence', 'Vendor Risk', 24],
  ['Processor agreement check', 'Privacy', 14],
  ['Policy attestation & training', 'Operations', 5],
  ['Payment partner check', 'Payment Cards', 22],
  ['Continuity of critical suppliers', 'Operations', 8],
  ['Fragebogen für Dienstleister', 'Vendor Risk', 16],
  ['サプライヤー調査', 'Vendor Risk', 10],
  ['Mergers: security due diligence', 'Financial', 29],
  ['Access review <finance>', 'Financial', 9],
] as const

/** Templates in families, sorted by id: up to three revisions, of which the newest may be a draft. */
export function makeTemplates(random: Random): Template[] {
  const templates: Template[] = []
  let id = 61_000
  const add = (template: Family & Partial<Template>, familyId: string, revision: number) => {
    const { count, ...fields } = template
    id = fields.id ?? id + random.between(100, 700)
    templates.push({
      uuid: random.uuid(),
      description: `${template.name}: ${count} questions`,
      isLibrary: false,
      state: 'PUBLISHED',
      sections: makeSections(random, count, templates.length % 3),
      scorings: [...scorings],
      ...fields,
      id,
      familyId,
      revision,
    })
  }
  const [onboarding, ...samples] = sampleTemplates
  for (let round = 0; round < 2; round++) {
    if (round === 1 && onboarding) add(onboarding, random.uuid(), 1)
    for (const [name, category, count] of themes) {
      const familyId = random.uuid()
      const edition = makeFamily(round === 0 ? name : `${name} ${2025 + round}`, category, count)
      const revisions = random.between(1, 3)
      for (let revision = 1; revision <= revisions; revision++) {
        const isDraft = revision === revisions && random.chance(0.4)
        // Each revision has one more question.
        const revised = { ...edition, count: Math.min(count + revision - 1, 31) }
        add({ ...revised, state: isDraft ? 'DRAFT' : 'PUBLISHED' }, familyId, revision)
      }
    }
  }
  for (const sample of samples) add(sample, random.uuid(), 1)
  return templates
}
