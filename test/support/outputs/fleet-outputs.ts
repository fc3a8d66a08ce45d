import type { FleetOutput } from './fleet-output.ts'
import { blocks } from './printed/blocks.ts'
import { checks } from './printed/checks.ts'
import { dates } from './printed/dates.ts'
import { errors } from './printed/errors.ts'
import { formats } from './printed/formats.ts'
import { languages } from './printed/languages.ts'
import { linuxLoad } from './printed/linux-load.ts'
import { linuxNetwork } from './printed/linux-network.ts'
import { linuxPackages } from './printed/linux-packages.ts'
import { linuxSystem } from './printed/linux-system.ts'
import { records } from './printed/records.ts'
import { tables } from './printed/tables.ts'
import { windowsNetwork } from './printed/windows-network.ts'
import { windowsServices } from './printed/windows-services.ts'
import { windowsSystem } from './printed/windows-system.ts'

/** What real fleets print. */
export const fleetOutputs: readonly FleetOutput[] = [
  ...linuxLoad,
  ...linuxSystem,
  ...linuxPackages,
  ...linuxNetwork,
  ...windowsSystem,
  ...windowsServices,
  ...windowsNetwork,
  ...errors,
  ...formats,
  ...dates,
  ...blocks,
  ...tables,
  ...records,
  ...languages,
  ...checks,
]
