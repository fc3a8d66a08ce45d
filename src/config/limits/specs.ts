import { choice, commaList, scriptPins, wholeNumber } from '../parsers.ts'
import { path } from '../paths.ts'
import { setting } from '../setting.ts'
import { forbiddenActs, hostNames, parameterPatterns, scriptIds } from './parsers.ts'
import { timeWindows } from './windows.ts'

const guard = { rejectEmpty: true } as const

/** The limits that an operator sets for effects (design 7), in the order of the documentation. */
export const limitSpecs = {
  maxAssetsPerRun: setting(
    'QUALYS_MAX_ASSETS_PER_RUN',
    wholeNumber(0, 1_000_000),
    'Most hosts of one run or schedule; an unknown number counts as over the limit',
    { default: '25' },
  ),
  maxAssetsPerPlan: setting(
    'QUALYS_MAX_ASSETS_PER_PLAN',
    wholeNumber(0, 1_000_000),
    'Most hosts of a rollout; `0`: no rollouts',
    { default: '0' },
  ),
  maxBulk: setting(
    'QUALYS_MAX_BULK',
    wholeNumber(1, 10_000),
    'Most objects that one call names: users, templates, recipients, hosts and tags of guardrails, blocked commands, scripts of a schedule',
    { default: '100' },
  ),
  maxHostsPerDay: setting(
    'QUALYS_MAX_HOSTS_PER_DAY',
    wholeNumber(0, 1_000_000),
    'Most hosts on which code runs within 24 hours, over all runs and schedules',
    guard,
  ),
  maxRunsPerHour: setting(
    'QUALYS_MAX_RUNS_PER_HOUR',
    wholeNumber(0, 1_000_000),
    'Most runs within 60 minutes, those of schedules included',
    guard,
  ),
  maxMailsPerDay: setting(
    'QUALYS_MAX_MAILS_PER_DAY',
    wholeNumber(0, 1_000_000),
    'Most people who are mailed within 24 hours, reminders included',
    guard,
  ),
  maxScheduledRuns: setting(
    'QUALYS_MAX_SCHEDULED_RUNS',
    wholeNumber(1, 1_000_000),
    'Most runs of one schedule until its end',
    { default: '400' },
  ),
  window: setting(
    'QUALYS_WINDOW',
    timeWindows,
    'When code may run and mail may go, such as `Mon-Fri 22:00-05:00 Europe/Berlin`: the days on which it opens, hours, and a zone (UTC if left out); several are parted by `;`',
    guard,
  ),
  allowedScripts: setting(
    'QUALYS_ALLOWED_SCRIPTS',
    scriptPins,
    'Only these scripts may run: `id`, or `id@sha256` of the content; tools cannot change them',
    guard,
  ),
  blockedScripts: setting(
    'QUALYS_BLOCKED_SCRIPTS',
    scriptIds,
    'These scripts never run, neither at once nor by a schedule, and are not copied (ids)',
    guard,
  ),
  allowedParameters: setting(
    'QUALYS_ALLOWED_PARAMETERS',
    parameterPatterns,
    'Values that parameters of a script may have: a JSON object script id → key → regular expression of the whole value; other keys are refused',
    guard,
  ),
  allowedAssets: setting(
    'QUALYS_ALLOWED_ASSETS',
    commaList,
    'Scripts may run only on these hosts (ids or names)',
    guard,
  ),
  blockedAssets: setting(
    'QUALYS_BLOCKED_ASSETS',
    commaList,
    'Scripts may not run on these hosts (ids or names)',
    guard,
  ),
  allowedTags: setting(
    'QUALYS_ALLOWED_TAGS',
    commaList,
    'Scripts may run only on hosts with one of these tags (ids or names)',
    guard,
  ),
  blockedTags: setting(
    'QUALYS_BLOCKED_TAGS',
    commaList,
    'Scripts may not run on hosts with one of these tags (ids or names)',
    guard,
  ),
  runByTag: setting(
    'QUALYS_RUN_BY_TAG',
    choice(['hosts', 'tag']),
    'A run by tag is sent as the `hosts` that were counted and shown, or as the `tag`, whose hosts may change until it runs',
    { default: 'hosts' },
  ),
  repositoryHosts: setting(
    'QUALYS_REPOSITORY_HOSTS',
    hostNames,
    'Scripts may come only from these hosts of repositories, such as `github.com`',
    guard,
  ),
  forbid: setting(
    'QUALYS_FORBID',
    forbiddenActs,
    'What no call may do, whoever approves it: any of reboot, policy-bypass, unblock, delete, approve, repository, schedule, run, mail',
    guard,
  ),
  stopFile: setting(
    'QUALYS_STOP_FILE',
    path,
    'While this file exists, effects are refused, but for those that only take away work',
    guard,
  ),
} as const
