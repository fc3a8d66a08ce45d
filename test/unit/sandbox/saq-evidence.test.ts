import { expect, test } from 'vitest'
import { invented } from '../../../src/sandbox/assumptions/assumptions.ts'
import { saqFields } from '../../../src/sandbox/data/saq/fields.ts'
import {
  createCampaignInputs,
  updateCampaignInputs,
} from '../../../src/sandbox/saq/effects/campaign-inputs.ts'
import {
  createTemplateInputs,
  elementsInputs,
  questionInputs,
  sectionInputs,
} from '../../../src/sandbox/saq/effects/template-inputs.ts'
import { tagInputs } from '../../../src/sandbox/saq/effects/user-tags.ts'
import {
  createUserInputs,
  updateUserInputs,
  updateUsersInputs,
} from '../../../src/sandbox/saq/effects/users.ts'
import type { Shape } from '../../../src/sandbox/saq/elements.ts'

const listed = (kind: string, where: string) =>
  invented
    .filter((invention) => invention.what.startsWith(`${kind} `) && invention.where === where)
    .map(({ what }) => what.slice(kind.length + 1))
    .sort()

test.each(Object.entries(saqFields))(
  'every made-up element of %s is listed as invented, and no other',
  (kind, { invented: madeUp }) => {
    expect(listed('field', kind)).toEqual([...madeUp].sort())
  },
)

const below = (parent: string, shape: Shape): Shape =>
  Object.fromEntries(Object.entries(shape).map(([name, input]) => [`${parent}.${name}`, input]))
const tag = below('Tag', tagInputs)

test.each<[string, Shape]>([
  [
    'POST /qps/rest/1.0/create/saq/template',
    {
      ...createTemplateInputs,
      ...below('elements', elementsInputs),
      ...below('Section', sectionInputs),
      ...below('Question', questionInputs),
    },
  ],
  ['POST /qps/rest/1.0/create/saq/questionnairecampaign', createCampaignInputs],
  ['POST /qps/rest/1.0/update/saq/questionnairecampaign', updateCampaignInputs],
  ['POST /qps/rest/1.0/create/saq/user', { ...createUserInputs, ...tag }],
  ['POST /qps/rest/1.0/update/saq/user', { ...updateUsersInputs, ...tag }],
  ['POST /qps/rest/1.0/update/saq/user/{userId}', { ...updateUserInputs, ...tag }],
])('every made-up input of %s is listed as invented, and no other', (route, inputs) => {
  const madeUp = Object.entries(inputs).filter(([, { invented: ours }]) => ours)
  expect(listed('input', route)).toEqual(madeUp.map(([name]) => name).sort())
})
