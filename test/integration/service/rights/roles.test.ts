import { describe, expect } from 'vitest'
import { type Role, roles } from '../../../../src/config/service/parsers.ts'
import { toolRegistry } from '../../../../src/tools/server/tool-registry.ts'
import { minimalArgumentsOn } from '../../../support/operations/minimal-arguments.ts'
import type { Answer } from '../../../support/service/answer.ts'
import { revisions } from '../../../support/service/client.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'

// Every role and every tool, in both revisions: what is listed, and what a call by name of the others gets.

const test = serviceTestOn()

const tools = [...toolRegistry.values()]
const namesOf = (isListed: (effect: string) => boolean): string[] =>
  tools.filter(({ effect }) => isListed(effect)).map(({ name }) => name)
const every = namesOf(() => true)
const reads = namesOf((effect) => effect === 'read')

/** Each role alone, and the roles together that do not make an operator. */
const cases: readonly (readonly [string, readonly Role[], readonly string[]])[] = [
  ...roles.map((role): [string, Role[], string[]] => [role, [role], role === 'operator' ? every : reads]),
  ['viewer and approver', ['viewer', 'approver'], reads],
  ['viewer, approver and admin', ['viewer', 'approver', 'admin'], reads],
  ['operator and approver', ['approver', 'operator'], every],
]

test('all tools are there to be tested', () => {
  expect(every).toHaveLength(80)
  expect(reads.length).toBeGreaterThan(30)
  expect(reads.length).toBeLessThan(every.length)
})

/** What came back, with another name in place of this one. */
const sameBut = ({ status, headers, body }: Answer, from: string, to: string) => ({
  status,
  type: headers['content-type'],
  challenge: headers['www-authenticate'],
  body: body.replaceAll(from, to).replace(/"id":\d+/, '"id":0'),
})

describe.each(revisions)('%s', (revision) => {
  test.for(cases)('%s: exactly its tools are listed', async ([, role, names], { serve }) => {
    const service = await serve({ callers: { ada: { role: [...role] } } })
    expect(await service.client('ada', { revision }).toolNames()).toEqual(names)
  })

  test.for(cases.filter(([, , names]) => names === reads))(
    '%s: an effect by name is answered as an unknown tool is, and Qualys hears nothing',
    async ([, role], { serve, sandbox, upstream }) => {
      const service = await serve({
        callers: { ada: { role: [...role] } },
        settings: { QUALYS_MODE: 'unattended' },
      })
      const client = service.client('ada', { revision })
      const least = await minimalArgumentsOn(sandbox.control)
      for (const name of every.filter((other) => !reads.includes(other))) {
        const unknown = name.replace(/_/, '_x')
        const answers = [
          await client.call(name, least[name]),
          await client.call(unknown, least[name]),
        ] as const
        expect(answers[0].error?.message).toBe(`Tool ${name} not found`)
        expect(sameBut(answers[0], name, 'T')).toEqual(sameBut(answers[1], unknown, 'T'))
      }
      expect(await upstream()).toEqual([])
      expect(service.auditText()).toBe('')
    },
  )

  test.for(cases)(
    '%s: each listed tool reads the arguments of its calls',
    async ([, role, names], { serve, upstream }) => {
      const service = await serve({ callers: { ada: { role: [...role] } } })
      const client = service.client('ada', { revision })
      for (const name of names)
        expect((await client.call(name, { nonsense: 1 })).text).toContain(
          `Input validation error: Invalid arguments for tool ${name}`,
        )
      expect(await upstream()).toEqual([])
    },
  )
})

test('a role that is taken away counts from the next call on, also between question and answer', async ({
  serve,
  effects,
}) => {
  const service = await serve({ callers: { ada: { role: ['viewer', 'operator'] } } })
  expect((await service.client('ada').toolNames()).length).toBe(every.length)
  service.setCallers({ ada: { role: 'viewer' } })
  await expect.poll(() => service.client('ada').toolNames(), { interval: 50, timeout: 5_000 }).toEqual(reads)
  expect(await effects()).toEqual([])
})
