import { expect, test } from 'vitest'
import { toolRegistry } from '../../../src/tools/server/tool-registry.ts'
import { checkArguments } from '../../support/operations/calls.ts'

// Values of script parameters as models write them: numbers and switches mean their text.

const ofSchedule = (params: unknown): object => ({
  title: 'T',
  scripts: [{ id: '1', params }],
  startDate: '2096-02-29',
  startTime: '08:30',
})

/** The arguments of each tool that takes parameters, and where they are afterwards. */
const tools: Readonly<Record<string, readonly [args: (params: unknown) => object, path: readonly string[]]>> =
  {
    car_create_script: [
      (params) => ({ title: 'T', typeId: '1', languageId: '1', platform: 'LINUX', severity: 1, params }),
      ['params'],
    ],
    car_update_script: [(params) => ({ scriptId: '1', params }), ['params']],
    car_execute_script: [(params) => ({ scriptId: '1', assetIds: ['1'], params }), ['params']],
    car_create_schedule: [
      (params) => ({ ...ofSchedule(params), activate: true }),
      ['scripts', '0', 'params'],
    ],
    car_plan_rollout: [
      (params) => ({
        scriptId: '1',
        fleet: { assetIds: ['1'] },
        waves: [{ rest: true }],
        stopAfter: { wave: '1' },
        params,
      }),
      ['params'],
    ],
    car_plan_rerun: [(params) => ({ jobId: '1', params }), ['params']],
    car_update_schedule: [
      (params) => ({ ...ofSchedule(params), scheduleId: 's' }),
      ['scripts', '0', 'params'],
    ],
  }

const written = [
  { key: 'days', value: 90 },
  { key: 'offset', value: -5 },
  { key: 'zero', value: -0 },
  { key: 'bytes', value: 1e15 },
  { key: 'share', value: 0.5 },
  { key: 'change', value: -12.75 },
  { key: 'dryRun', value: true },
  { key: 7, value: false },
  { key: 'blank', value: '' },
  { key: 'text', value: '007' },
]
const read = [
  { key: 'days', value: '90' },
  { key: 'offset', value: '-5' },
  { key: 'zero', value: '0' },
  { key: 'bytes', value: '1000000000000000' },
  { key: 'share', value: '0.5' },
  { key: 'change', value: '-12.75' },
  { key: 'dryRun', value: 'true' },
  { key: '7', value: 'false' },
  { key: 'blank', value: '' },
  { key: 'text', value: '007' },
]

test('these are all tools that take parameters', () => {
  const taking = [...toolRegistry.values()].filter(({ input }) => {
    const schema = JSON.stringify(Object.keys(input))
    return /"(params|scripts)"/.test(schema)
  })
  expect(taking.map(({ name }) => name).sort()).toEqual(Object.keys(tools).sort())
})

async function readBy(tool: string, params: unknown): Promise<unknown> {
  const [args, path] = tools[tool] ?? [() => ({}), []]
  const { value, complaint } = await checkArguments(tool, args(params))
  if (value === undefined) return complaint
  return path.reduce<unknown>((part, step) => Reflect.get(Object(part), step), value)
}

test.each(Object.keys(tools))('%s reads them as text', async (tool) => {
  expect(await readBy(tool, written)).toEqual(read)
  expect(await readBy(tool, JSON.stringify(written))).toEqual(read)
  expect(await readBy(tool, written[0])).toEqual([read[0]])
})

test.each(Object.keys(tools))(
  '%s refuses what may mean several texts, with the form to write',
  async (tool) => {
    const refusal = async (value: unknown): Promise<string> =>
      String(await readBy(tool, [{ key: 'k', value }]))
    expect(await refusal(0.1 + 0.2)).toMatch(/params\.0\.value: must be text; write "0\.3"$/)
    expect(await refusal(1e21)).toMatch(
      /params\.0\.value: must be text; write it as text, with all its digits$/,
    )
    for (const value of [{ a: 1 }, ['a', 'b']])
      expect(await refusal(value)).toMatch(/params\.0\.value: must be text$/)
  },
)
