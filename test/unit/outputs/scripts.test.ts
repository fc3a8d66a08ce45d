import { testFleets } from '../../support/outputs/labelled.ts'
import { blocks } from '../../support/outputs/printed/blocks.ts'
import { dates } from '../../support/outputs/printed/dates.ts'
import { errors } from '../../support/outputs/printed/errors.ts'
import { formats } from '../../support/outputs/printed/formats.ts'

testFleets([...errors, ...formats, ...dates, ...blocks])
