import { toolbox } from '../../src/tools/toolbox.ts'
import { leastArguments } from './operations/least.ts'
import type { Control } from './sandbox.ts'

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
  return [...toolbox.keys()].map((name) => [name, least[name] ?? {}])
}
