import { expect, test } from 'vitest'
import { z } from 'zod'
import { argumentReader } from '../../../src/tools/arguments/argument-reader.ts'
import { toolRegistry } from '../../../src/tools/server/tool-registry.ts'

// What every change that keeps what is left out says of an empty value, input by input.

const kept = 'is empty, and cannot be emptied here; leave it out to keep what is stored'
const leftOut = 'is empty; leave it out'
const addsNobody = 'is empty; leave it out to add nobody'

/** The sentence of most inputs of a tool, and of the others by name. */
const sentences: Readonly<Record<string, readonly [most: string, others: Readonly<Record<string, string>>]>> =
  {
    car_update_script: [
      kept,
      {
        branch: leftOut,
        sync: leftOut,
        repositoryToken: leftOut,
        params: 'is empty; pass [] to take all parameters away, or leave it out to keep them',
        scriptApprovalUserConsent: 'is empty; leave it out to approve nothing',
        comment: 'is empty; write why the content changes, or leave it out if it does not',
      },
    ],
    car_update_schedule: [
      kept,
      {
        recurrence: 'is empty; pass "ONCE" for a schedule that runs once',
        interval: 'is empty; leave it out for a schedule that runs once',
        endDate: 'is empty; a recurring schedule needs an end; recurrence "ONCE" takes it away',
      },
    ],
    saq_update_templates: [kept, {}],
    saq_update_campaign: [
      kept,
      {
        addRecipientIds: addsNobody,
        addRecipientCompany: addsNobody,
        addRecipientTag: addsNobody,
        removeRecipientIds: 'is empty; leave it out to remove nobody',
        notifications: 'is empty; leave it out to keep what is stored, or pass each kind with enabled: false',
      },
    ],
    saq_update_user: [kept, {}],
    saq_update_users: [kept, {}],
  }

/** The inputs of a tool that may be left out. */
function optionalInputs(input: z.ZodRawShape): string[] {
  const { properties = {}, required = [] } = z.toJSONSchema(z.strictObject(input), { io: 'input' })
  return Object.keys(properties).filter((name) => !required.includes(name))
}

const changes = [...toolRegistry.values()].filter(
  ({ keepsStored, input }) => keepsStored !== undefined && optionalInputs(input).length > 0,
)

test('each such change has its sentences', () => {
  expect(changes.map(({ name }) => name).sort()).toEqual(Object.keys(sentences).sort())
})

test.each(changes.map((tool) => [tool.name, tool] as const))('%s', async (name, tool) => {
  const [most, others] = sentences[name] ?? ['', {}]
  const inputs = optionalInputs(tool.input)
  const readArguments = argumentReader(async () => tool)
  for (const input of inputs) {
    const { issues = [] } = await readArguments({ [input]: '' })
    const own = issues.filter(({ path }) => path[0] === input).map(({ message }) => message)
    expect(own, input).toEqual([others[input] ?? most])
  }
  expect(inputs).toEqual(expect.arrayContaining(Object.keys(others)))
})

test('in an object that is sent as a whole, what is empty is absent, as nothing is kept', async () => {
  const tool = toolRegistry.get('car_update_script')
  if (!tool) throw new Error('there is no such tool')
  const { value } = await argumentReader(async () => tool)({
    scriptId: 1,
    authorScriptsMetadata: { cid: '1', tech: ['x'], policies: [], displayName: '' },
  })
  expect(value).toEqual({
    scriptId: '1',
    authorScriptsMetadata: { cid: '1', tech: ['x'], policies: [] },
  })
})
