import { operations } from '../src/operations/index.ts'
import type { Control } from './harness.ts'
import { leastArguments } from './operations/least.ts'

/** Settings under which every tool is listed and needs nobody's yes. */
export const everything = {
  QUALYS_UNVERIFIED: 'all',
  QUALYS_MODE: 'unattended',
  QUALYS_MAX_ASSETS_PER_RUN: '100',
} as const

/** A call of every tool with which it answers on a sandbox. */
export async function everyCall(
  control: Control,
): Promise<readonly (readonly [tool: string, args: object])[]> {
  const least = await leastArguments(control)
  const ours = ['qualys_status', 'car_follow_run', 'car_get_output', 'saq_campaign_status']
  const names = [...ours, ...operations.map(({ name }) => name)]
  return names.map((name) => [name, least[name] ?? {}])
}
