import { expect, test } from 'vitest'
import { assumptions } from '../../../src/sandbox/assumptions/assumptions.ts'
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
import type { ObjectSchema } from '../../../src/sandbox/saq/element-schema.ts'

const listed = (kind: string, where: string) =>
  assumptions
    .filter((invention) => invention.what.startsWith(`${kind} `) && invention.where === where)
    .map(({ what }) => what.slice(kind.length + 1))
    .sort()

test.each(Object.entries(saqFields))(
  'every assumed element of %s is listed as an assumption, and no other',
  (kind, { assumed: madeUp }) => {
    expect(listed('field', kind)).toEqual([...madeUp].sort())
  },
)

const below = (parent: string, shape: ObjectSchema): ObjectSchema =>
  Object.fromEntries(Object.entries(shape).map(([name, input]) => [`${parent}.${name}`, input]))
const tag = below('Tag', tagInputs)

test.each<[string, ObjectSchema]>([
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
])('every assumed input of %s is listed as an assumption, and no other', (route, inputs) => {
  const madeUp = Object.entries(inputs).filter(([, { assumed: ours }]) => ours)
  expect(listed('input', route)).toEqual(madeUp.map(([name]) => name).sort())
})
