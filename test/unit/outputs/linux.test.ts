import { testFleets } from '../../support/outputs/labelled.ts'
import { linuxLoad } from '../../support/outputs/printed/linux-load.ts'
import { linuxNetwork } from '../../support/outputs/printed/linux-network.ts'
import { linuxPackages } from '../../support/outputs/printed/linux-packages.ts'
import { linuxSystem } from '../../support/outputs/printed/linux-system.ts'

testFleets([...linuxLoad, ...linuxSystem, ...linuxPackages, ...linuxNetwork])
