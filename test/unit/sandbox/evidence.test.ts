import { expect, test } from 'vitest'
import { assumptions } from '../../../src/sandbox/server/assumptions.ts'
import { vendorRoutes } from '../../../src/sandbox/server/routes.ts'

// The list of assumptions is made from the declarations. Each of these needs a reason, or it does not compile.

test('every assumption says where and why, once', () => {
  expect(assumptions.length).toBeGreaterThan(400)
  for (const { what, where, reason } of assumptions) expect([what, where, reason]).not.toContain('')
  const places = assumptions.map(({ what, where }) => `${what} @ ${where}`)
  expect(new Set(places).size).toBe(places.length)
})

test('the guessed routes are those with a reason', () => {
  const guessed = Object.entries(vendorRoutes).filter(([, { evidence }]) => evidence === 'guessed')
  const listed = assumptions.filter(({ what }) => what.startsWith('route '))
  expect(guessed).toHaveLength(11)
  expect(listed.map(({ what }) => what)).toEqual(guessed.map(([key]) => `route ${key}`))
})

test.each([
  ['route POST /sm/v1/reports', 'CAR', 'Method and path are documented, the body is cut off.'],
  ['field asset.uuid', 'assetjobs', 'The sample record is cut off behind created; '],
  ['field recipients.User.id', 'campaigns', 'The samples are cut off before; '],
  ['token labTag', 'tags', 'A filter selects lab tags, but its literal is lost'],
  ['input params', 'POST /sm/v1/scripts/{scriptId}/execute', 'No copy shows it; '],
  ['input Question.options', 'POST /qps/rest/1.0/create/saq/template', 'The reference is cut off behind '],
  ['input Tag.id', 'POST /qps/rest/1.0/update/saq/user/{userId}', 'The pages name tags.tag.name; '],
  ['spelling REJECTED', 'script status', 'APPROVED is documented on the wire; '],
  ['behaviour: launch needs recipients', 'campaigns', 'Not documented.'],
  ['body of 429', '/sm', 'Not documented; a fault.'],
])('%s of %s is listed', (what, where, reason) => {
  expect(assumptions).toContainEqual({ what, where, reason: expect.stringContaining(reason) })
})

test.each([
  ['route POST /sm/v5/script', 'CAR'],
  ['field severity', 'jobs'],
  ['token status', 'scripts'],
  ['input title', 'POST /sm/v5/script'],
  ['spelling APPROVED', 'script status'],
])('%s of %s is documented, and not listed', (what, where) => {
  expect(assumptions).not.toContainEqual(expect.objectContaining({ what, where }))
})
