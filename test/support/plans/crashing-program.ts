import { runCommand } from '../../../src/cli/program.ts'
import type { PlanJournals } from '../../../src/tools/plans/journal/port.ts'
import { wrapJournals } from '../../../src/tools/plans/journals.ts'
import type { PlanEvent } from '../../../src/tools/plans/plan.ts'

// The program, which kills itself before or after a line that it writes to journals: CRASH_AT is `before sent 2`. A line
// `seen` that ends a wave is `ended`: how many others there are depends on the time.

const { CRASH_AT } = process.env
delete process.env['CRASH_AT']
const [moment, kind, nth] = (CRASH_AT ?? '').split(' ')
let begun = 0

const nameOf = (event: PlanEvent): string => (event.kind === 'seen' && event.isEnd ? 'ended' : event.kind)

const killIf = (isNow: boolean): void => {
  if (isNow && begun === Number(nth)) process.kill(process.pid, 'SIGKILL')
}

if (CRASH_AT !== undefined)
  wrapJournals(
    (journals): PlanJournals => ({
      ...journals,
      append: (id, lines, event, who) => {
        const isNamed = nameOf(event) === kind
        if (isNamed) begun += 1
        killIf(isNamed && moment === 'before')
        const line = journals.append(id, lines, event, who)
        killIf(isNamed && moment === 'after')
        return line
      },
    }),
  )

await runCommand(process)
