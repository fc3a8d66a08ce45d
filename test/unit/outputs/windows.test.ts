import { testFleets } from '../../support/outputs/labelled.ts'
import { windowsNetwork } from '../../support/outputs/printed/windows-network.ts'
import { windowsServices } from '../../support/outputs/printed/windows-services.ts'
import { windowsSystem } from '../../support/outputs/printed/windows-system.ts'

testFleets([...windowsSystem, ...windowsServices, ...windowsNetwork])
