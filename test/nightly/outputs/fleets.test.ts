import { describe } from 'vitest'
import { fleetOutputs } from '../../support/outputs/fleet-outputs.ts'
import { testFleets } from '../../support/outputs/labelled.ts'
import { freshSeed } from '../mutations/random.ts'

// Other hosts each time: OUTPUTS_SEED=123 repeats a run.

const seed = Number(process.env['OUTPUTS_SEED'] ?? freshSeed())

describe(`OUTPUTS_SEED=${seed}`, () => testFleets(fleetOutputs, seed))
