import { testFleets } from '../../support/outputs/labelled.ts'
import { checks } from '../../support/outputs/printed/checks.ts'
import { languages } from '../../support/outputs/printed/languages.ts'
import { records } from '../../support/outputs/printed/records.ts'
import { tables } from '../../support/outputs/printed/tables.ts'

testFleets([...languages, ...tables, ...records, ...checks])
