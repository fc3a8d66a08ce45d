import { expect } from 'vitest'
import { carRequests, groupRequests, namedForms, saqRequests } from '../../support/operations/requests/all.ts'
import { test } from '../../support/operations/requests/over-http.ts'

// A request of each kind as it arrives at Qualys, and that the sandbox, which accepts only documented fields,
// accepts it. Every form of every request: test/unit/operations/requests.test.ts.

/** By tool, the form with the most fields. */
const chosen: Readonly<Record<string, string>> = {
  car_create_script: 'from GitLab, private, a branch, in step with it',
  car_update_script: 'content, with the comment that it needs',
  car_execute_script: 'on a lab tag, as in the vendor’s example',
  car_create_schedule: 'recurring, with everything',
  car_update_schedule: 'recurring, with everything',
  car_delete_schedule: 'by id, without a body',
  car_activate_schedule: 'by id',
  car_block_assets: 'ids as numbers and as text',
  car_generate_report: 'with everything',
  saq_create_template: 'every kind of question, with everything',
  saq_update_templates: 'several',
  saq_publish_template: 'by id',
  saq_create_campaign: 'FULL, with every notification',
  saq_update_campaign: 'as the sample of its page',
  saq_launch_campaign: 'id in path and body',
  saq_cancel_campaign: 'id in path and body',
  saq_create_users: 'one, with everything',
  saq_update_user: 'a text that XML spells otherwise',
  saq_update_users: 'several, everything',
  saq_delete_user: 'by POST, id in path and body',
  saq_delete_users: 'several',
}

const isChosen = ([tool, form]: readonly [string, string, unknown]): boolean => chosen[tool] === form
const car = namedForms(carRequests).filter(isChosen)
const saq = namedForms(saqRequests).filter(isChosen)

test('each of these cases exists', () => expect(car.length + saq.length).toBe(Object.keys(chosen).length))

test.for(car)('%s: %s', ([tool, , one], { expectRequest }) => expectRequest(tool, one))

test.for(saq)('%s: %s', ([tool, , one], { expectSaqRequest }) => expectSaqRequest(tool, one))

test.for(namedForms(groupRequests))('%s: %s', ([tool, , one], { expectSaqRequest }) =>
  expectSaqRequest(tool, one),
)
