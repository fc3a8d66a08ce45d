import type { Host } from '../workflows/runs.ts'
import { drawOf } from './draw.ts'
import { type FleetOutput, type Odd, oddOutput } from './fleet-output.ts'

/** A host of a fleet, with its name and its output. */
export type FleetHost = Required<Pick<Host, 'id' | 'name' | 'code' | 'output'>>

const sites = ['ber', 'lyon', 'osaka', 'nyc']

/** The name of a host: `lyon-ws-0137`. */
const nameOf = (index: number): string =>
  `${sites[index % sites.length]}-ws-${String(index).padStart(4, '0')}`

/** Hosts that all did the same. */
export function fleetOf(printed: FleetOutput, count: number, seed: number): FleetHost[] {
  return Array.from({ length: count }, (_, index) => {
    const name = nameOf(index)
    return {
      id: String(50_000 + index),
      name,
      code: printed.code ?? 0,
      output: printed.output(drawOf(seed, `${printed.name} ${name}`), name),
    }
  })
}

/** The same fleet, where these hosts have another result. */
export function fleetWith(
  hosts: readonly FleetHost[],
  odd: Odd,
  isOdd: (index: number) => boolean,
): FleetHost[] {
  return hosts.map((host, index) =>
    isOdd(index) ? { ...host, code: odd.code ?? host.code, output: oddOutput(odd, host.output) } : host,
  )
}
