import { specs } from '../../../config/specs.ts'

/**
 * What is known of limits and roles (role_based_access_control.htm, scripts.htm, the permissions on SAQ's
 * pages), and what this server adds.
 */
export const limitsAndRoles = (): string => `# Limits, consent, errors and roles

## Limits of Qualys

No page tells a rate limit for CAR or SAQ. A limit shows as 429, or as 409 with a code of its own. This server obeys the wait that comes with it, sends at most ${specs.concurrency.default} requests at a time (\`QUALYS_CONCURRENCY\`), repeats reads for up to ${specs.maxWaitSeconds.default} s (\`QUALYS_MAX_WAIT_SECONDS\`) and effects never; then comes a \`busy\` error with the seconds to wait. \`qualys_status\` shows calls left, where Qualys told. CAR also has: 1,000 executions per user and day, 5,000 scripts per user, 500 KB per script, 1 MB per output. In SAQ the licence caps the people in active campaigns.

## Limits of the operator

They hold in every mode, whoever says yes. Only the operator changes them: report a refusal as it is, and never look for a way round. Splitting a call, copying a script or choosing other hosts to stay under a limit is not what the operator wants.

| setting | default | holds back |
| --- | --- | --- |
| \`QUALYS_MODE\` | \`${specs.mode.default}\` | \`read-only\` lists no tool with an effect; \`unattended\` asks nobody |
| \`QUALYS_CONFIRM\` | all four | effects that a person is asked about: \`create\`, \`update\`, \`delete\`, \`execute\` |
| \`QUALYS_MAX_ASSETS_PER_RUN\` | ${specs.maxAssetsPerRun.default} | hosts of one run or schedule; a number that cannot be proved counts as too many |
| \`QUALYS_MAX_ASSETS_PER_PLAN\` | ${specs.maxAssetsPerPlan.default} | hosts of one rollout; at 0 there are none |
| \`QUALYS_MAX_BULK\` | ${specs.maxBulk.default} | objects that one call names: people, templates, guardrails, commands, scripts of a schedule |
| \`QUALYS_ALLOWED_SCRIPTS\` | any | only these run, and no tool changes them |
| \`QUALYS_BLOCKED_SCRIPTS\` | none | these never run, and are not copied |
| \`QUALYS_ALLOWED_PARAMETERS\` | any | the values that parameters of a script may have |
| \`QUALYS_ALLOWED_TAGS\`, \`QUALYS_BLOCKED_TAGS\` | any, none | on which hosts scripts run |
| \`QUALYS_ALLOWED_ASSETS\`, \`QUALYS_BLOCKED_ASSETS\` | any, none | the same, host by host |
| \`QUALYS_RUN_BY_TAG\` | \`${specs.runByTag.default}\` | a run by tag is sent as the hosts that were counted, or as the \`tag\` |
| \`QUALYS_FORBID\` | nothing | what no call does, such as a reboot or lifting a guardrail |
| \`QUALYS_UNVERIFIED\` | \`${specs.unverified.default}\` | tools on guessed paths |
| \`QUALYS_TOOLSETS\`, \`QUALYS_TOOLS\`, \`QUALYS_EXCLUDE_TOOLS\` | all | which tools there are |

\`qualys_status\` tells these values, and which tool is withheld by which setting.

## Consent

In \`confirm\` a person sees a preview of each effect and decides. The call itself asks. Where the client cannot ask, or answers without a person, the refusal names a command with a code: the operator runs it in a terminal, then make the IDENTICAL call again within ten minutes. Some calls count as \`execute\`: new content, parameters or approval of a script, a library script imported as approved, people or reminders of an active campaign.

## Errors

| kind | what to do |
| --- | --- |
| \`input\` | mend the argument it names |
| \`setup\` | tell the operator: login, permission, platform, a limit, a path that is not public |
| \`busy\` | wait the seconds it says |
| \`vendor\` | Qualys or the way there failed: repeat a read once, later |
| \`drift\` | the API answers otherwise than documented: report it |
| \`unclear\` | an effect may have happened: look as it says, never just repeat |
| \`declined\` | a person said no, or none could be asked: do not try again unasked |

A user name and password that were refused are not tried for 30 s, since accounts lock. An empty list may also mean that nothing lies in the user's scope: it filters silently.

## Roles in CAR

Manager may do everything. Author, Operations and Library Script Importer see scripts, runs and schedules. Of Auditor Qualys' page says "view + download", of Viewer "view", of neither what: they change nothing. Who else may what:

| tools | permission | besides Manager |
| --- | --- | --- |
| \`car_create_script\`, \`car_update_script\` | Script create, update | Author; Library Script Importer: parameters only |
| \`car_execute_script\` | Script execute | Operations, Library Script Importer |
| the same with \`testMode\` | Script evaluate | Author, Library Script Importer |
| approving in the Qualys UI; no page says whether \`scriptApprovalUserConsent\` and \`approved\` ask for the same | Script approve | Library Script Importer |
| \`car_export_scripts\` | Script export | Author, Operations, Library Script Importer |
| \`car_import_library_script\` | Library import | Author, Library Script Importer |
| \`car_create_schedule\`, \`car_update_schedule\`, \`car_delete_schedule\` | Schedule create, update, delete | Author, Operations, Library Script Importer |
| \`car_activate_schedule\`, \`car_deactivate_schedule\` | Schedule activate, deactivate | Operations, Library Script Importer |
| blocked commands, assets and tags: changing | Configuration modify | nobody |
| \`car_search_blocked_commands\` | Configuration view | unclear: Qualys' configuration pages say Manager only, the page of roles gives Library Script Importer this right |
| \`car_list_reports\`, \`car_download_report\` | Reports view, download | Author, Library Script Importer; unknown for Auditor and Viewer |
| \`car_generate_report\` | Reports create | Author, Library Script Importer |
| \`car_delete_report\` | Reports delete | Library Script Importer |

## Permissions in SAQ

All: SAQ enabled, and API ACCESS; most also Access SAQ module. Beyond that: questionnaires need Questionnaire Campaign; template changes Questionnaire Invite and Questionnaire Template Create (or Publish); campaigns Questionnaire Campaign Update or Launch (Create and Delete by analogy). Which roles hold these is not documented.
`
