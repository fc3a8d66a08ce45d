import { describe, expect, test } from 'vitest'
import {
  expectWellFormed,
  frameOf,
  hostileTexts,
  inOneLine,
  readBack,
  unwritableInXml,
  valuesIn,
} from '../../support/consent/previews.ts'
import { repliesWithText } from '../../support/consent/replies.ts'
import { operationNamed, previewIn, validated } from '../../support/effects/in-memory.ts'
import {
  campaign,
  inactiveCampaign,
  libraryTemplate,
  newUser,
  publishedTemplate,
  recipient,
} from '../../support/effects/saq/saq-objects.ts'

// A preview shows the model's arguments unchanged: they add no line to it, and no part is left out.

const replies = repliesWithText('harmless')
const plan = { startDate: '2096-02-29', startTime: '08:30', assets: [21789601], activate: false }

/** A text in each input of a tool that takes one. */
type Carrier = (text: string) => object

const car: Readonly<Record<string, Carrier>> = {
  car_execute_script: (text) => ({ scriptId: 19218, assetIds: [21789601], description: text }),
  car_create_script: (text) => ({
    ...{ title: text, typeId: 1, subType: 'Detection', languageId: 201, platform: 'WINDOWS', severity: 2 },
    ...{ description: text, content: 'Get-Date', params: [{ key: text, value: text }] },
  }),
  car_update_script: (text) => ({ scriptId: 16515, title: text, description: text }),
  car_clone_script: (text) => ({ scriptId: 19218, title: text }),
  car_create_schedule: (text) => ({
    ...plan,
    title: text,
    scripts: [{ id: 19218, title: text }],
    description: text,
  }),
  car_add_blocked_commands: (text) => ({ languageId: 201, commands: [text.replaceAll(/[,\r\n]/g, ' ')] }),
  car_generate_report: (text) => ({ reportName: text, templateName: text, description: text }),
}

const saq: Readonly<Record<string, Carrier>> = {
  saq_create_users: (text) => ({
    users: [newUser({ firstName: text, lastName: text, company: text, title: text, tags: [text] })],
  }),
  saq_update_user: (text) => ({
    ...{ userId: recipient, firstName: text, lastName: text, company: text, title: text, tags: [text] },
  }),
  saq_create_campaign: (text) => campaign(text),
  saq_update_campaign: (text) => ({ campaignId: inactiveCampaign, name: text }),
  saq_create_template: (text) => ({
    name: text,
    category: text,
    description: text,
    scoring: [{ label: text, value: 1 }],
    sections: [
      {
        name: text,
        description: text,
        questions: [
          { text, label: text, kind: 'yesNo', yesScore: text, noScore: text },
          { text, kind: 'single', options: [{ text, score: text }, { text: 'other' }] },
        ],
      },
    ],
  }),
  saq_update_templates: (text) => ({ ids: [publishedTemplate], name: text, description: text }),
  saq_create_template_from_library: (text) => ({ libraryTemplateId: libraryTemplate, name: text }),
}

/** Labels, and texts of the same length, fit wherever texts do. */
const short = Object.entries(hostileTexts).filter(([, text]) => text.length <= 50)

describe.each(Object.entries(car))('arguments of %s that hold', (tool, args) => {
  test.each(short)('%s', async (_what, text) => {
    const preview = await previewIn(replies, tool, args(text))
    expectWellFormed(preview)
    expect(inOneLine(frameOf(preview))).toBe(inOneLine(frameOf(await previewIn(replies, tool, args('x')))))
  })
})

describe.each(Object.entries(saq))('arguments of %s that hold', (tool, args) => {
  test.each(short.filter(([, text]) => !unwritableInXml.test(text)))('%s', async (_what, text) => {
    const preview = await previewIn(replies, tool, args(text))
    expectWellFormed(preview)
    expect(inOneLine(frameOf(preview))).toBe(inOneLine(frameOf(await previewIn(replies, tool, args('x')))))
  })

  test.each(short.filter(([, text]) => unwritableInXml.test(text)))('%s: are refused', (_what, text) => {
    expect(() => validated(operationNamed(tool), args(text))).toThrow(
      /holds control characters, which XML cannot carry; leave them out/,
    )
  })
})

test.each(Object.entries(hostileTexts))('no part of an argument is omitted: %s', async (_what, text) => {
  const preview = await previewIn(replies, 'car_execute_script', {
    ...{ scriptId: 19218, assetIds: [21789601], description: text },
  })
  // A long value is shown in pieces, up to its end.
  expect(readBack(valuesIn(preview).join(''))).toContain(text)
})
