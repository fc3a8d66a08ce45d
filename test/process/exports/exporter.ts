import { openDesk } from '../../support/exports/desk.ts'

// Run as a process of its own: exports one list, and prints what was told of it.

const [environment = '{}', folder = '', args = '{}'] = process.argv.slice(2)
const desk = await openDesk(JSON.parse(environment), folder)
const told = await desk.export(JSON.parse(args))
process.stdout.write(JSON.stringify(told))
await desk.close()
