import { specs } from '../../../config/specs.ts'

/** How a script is rolled out in waves, and what to do when a rollout is held. */
export const rollouts = (): string => `# Rollouts in waves

A rollout runs one approved script on a fleet in waves, such as lab, canary, fleet. Each wave is one run. The plan goes on by itself, and holds when too many hosts fail. Use it in place of several \`car_execute_script\` calls.

## Propose

1. Look first: \`car_get_script\` (approved? platform, parameters), the hosts or their tag, and \`qualys_status\`: \`QUALYS_MAX_ASSETS_PER_RUN\` bounds a wave, \`QUALYS_MAX_ASSETS_PER_PLAN\` (default ${specs.maxAssetsPerPlan.default}) the whole plan. At 0 there are no rollouts: the operator has to allow them.
2. \`car_plan_rollout\` with, for example, \`{"scriptId":"19218","fleet":{"assetTagId":"7512802"},"waves":[{"name":"lab","assetIds":["21789601","21789602"],"soakMinutes":60},{"name":"canary","share":"10%","soakMinutes":720,"needsApproval":true},{"name":"fleet","rest":true}],"stopAfter":{"wave":"5%","all":"20"}}\`
3. Tell the person where to approve, as the reply says. Nothing runs before.

- \`fleet\`: the whole, as \`assetIds\` or one \`assetTagId\`. Its hosts are looked up and sealed now. Hosts that join the tag later are named, never added.
- \`waves\`, 1 to 20 in order. Each has a \`name\` if you like, and one of: \`assetIds\` or \`assetTagId\` within the fleet, \`share\` of the hosts that no earlier wave took (rounded up), or, in the last one, \`rest\` true. \`soakMinutes\`: how long the next wave waits after this one has ended. \`needsApproval\`: a person also says yes to this wave when it is due.
- \`stopAfter\`, required: as many failed hosts hold the plan, in one \`wave\` or in \`all\` together; a number (\`"3"\`) or a share, rounded up (\`"5%"\`). A wave in which no host succeeds always holds it.
- \`reportWithin\` (\`"4h"\`) and \`notReported\` (\`"10%"\`): how long a wave waits for its hosts, and how many of them may be missing.
- \`leftOut\` (\`"5%"\`, at least 1 host): how many hosts of a wave may be gone, blocked or out of the fleet by then.
- \`lateAfterMinutes\` (60): a wave that has not begun so long after it was due is held. \`window\`: hours of the plan, written like \`QUALYS_WINDOW\`, which holds as well.
- \`params\`, \`rebootAfterScriptExecution\`, \`rebootDelayInSeconds\`, \`executionPolicyBypassEnabled\`: as for \`car_execute_script\`. \`description\`: what it is for.

## Follow

\`car_get_rollout\` with the \`planId\` and \`waitSeconds\` waits until it needs a person or ends. It only reads, so call it as often as you like. \`car_list_rollouts\` shows what is open, with \`open\` false all. The id of a plan stays valid, in other conversations and after a restart too.

A plan moves while this server has its client, or where the service or \`qualys-mcp plans advance --watch\` runs. Without these it waits, and a wave becomes late: say so to a person who wants to close the client. After seven days in which nothing happens it expires.

A host of a wave is one of:

- succeeded: it ended with exit code 0;
- failed: with another one, time-outs included;
- unknown: it is done, but how is not known. Counts as failed;
- not reported: still open when the wave ended. Its script may run later all the same.

## Held

No wave begins. What is on its way goes on and is counted.

| why | what to do |
| --- | --- |
| failures | Show the kinds of output (\`car_follow_run\` with the \`jobId\`), find the cause, mend what is outside of the script. Resume: these failures are accepted, further ones count. If the script is wrong: stop, mend it, propose a new plan |
| not reported, left out | Name the hosts. Resume goes on without them |
| script changed | Show its content now. Resume approves that content |
| late | Ask whether now is a good time, then resume |
| unproved run | The request had no answer, and no run is surely its own. A person looks for it in the Qualys UI. Then resume with \`adopt\` (the id of the run), or with \`notRun\` true if there certainly is none: the wave is then sent again. Never choose for the person: a run that is not seen may exist |
| limit | A limit, a budget, a window or the stop file forbids it. Tell the operator; resume later |
| approval | Nobody said yes in time. Ask the person, then resume |
| refused | Qualys refused the request. Mend what it names, then resume |
| person | Somebody held it. Ask before resuming |

## Hold, stop, resume, repeat

- \`car_hold_rollout\` lets no further wave begin; \`car_stop_rollout\` does so for good. Both work at once and need no consent. When in doubt, hold.
- Nothing stops a run that is on its way. The reply says how many hosts it has.
- \`car_resume_rollout\` needs a person's yes, as the plan did.
- \`car_plan_rerun\`: the hosts of a run that did not succeed, or those with certain \`outcomes\`, as a plan of one wave.
- \`car_compare_runs\`: two runs of one script: whose outcome or output changed, and hosts that only one of them has.
`
