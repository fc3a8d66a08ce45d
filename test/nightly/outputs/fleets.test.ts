import { describe } from 'vitest'
import { fleetOutputs } from '../../support/outputs/fleet-outputs.ts'
import { testFleets } from '../../support/outputs/labelled.ts'
import { freshSeed } from '../mutations/random.ts'

// Every odd result, also of other hosts each time: OUTPUTS_SEED=123 repeats a run. npm test has a part of it.

const seed = Number(process.env['OUTPUTS_SEED'] ?? freshSeed())

describe('the hosts of npm test', () => testFleets(fleetOutputs, { isWhole: true }))

describe(`OUTPUTS_SEED=${seed}`, () => testFleets(fleetOutputs, { seed, isWhole: true }))
