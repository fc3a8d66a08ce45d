import type { CompletionKind } from '../completions.ts'
import type { PromptContent } from './content.ts'

/** The steps of a frequent task. */
export interface Prompt {
  readonly name: string
  readonly title: string
  readonly description: string
  /** What each argument is and where it comes from. In MCP an argument is always text. */
  readonly arguments: Readonly<Record<string, string>>
  readonly required?: readonly string[]
  /** What completes an argument while it is typed. */
  readonly completes: Readonly<Record<string, CompletionKind>>
  /** Tools that the steps need; if one is not listed, the prompt is not listed either. */
  readonly needs: readonly string[]
  /** Called when the prompt is requested. */
  readonly load: () => Promise<PromptContent>
}

/** Every prompt, in order. */
export const prompts: readonly Prompt[] = [
  {
    name: 'triage_failed_runs',
    title: 'Why did runs fail?',
    description:
      'Find the hosts on which scripts failed, group them by cause, and say what to do; only reads.',
    arguments: {
      jobId: 'one run: id from car_search_jobs; without it, all failed ones of the last days',
      days: 'how many days back, 1-90; default 1',
    },
    completes: { jobId: 'run' },
    needs: [
      'car_count_asset_jobs',
      'car_search_jobs',
      'car_search_asset_jobs',
      'car_follow_run',
      'car_get_output',
    ],
    load: async () => (await import('./triage.ts')).triage,
  },
  {
    name: 'roll_out_script',
    title: 'Roll a script out safely',
    description:
      'Plan a script for the lab, a few hosts, then the rest; a person approves, and it stops when hosts fail.',
    arguments: {
      scriptId: 'id from car_search_scripts',
      tag: 'hosts by tag: its name or id, from car_search_asset_tags',
      hosts: 'or hosts by id, parted by commas, from car_search_assets',
    },
    required: ['scriptId'],
    completes: { scriptId: 'script', tag: 'tag' },
    needs: [
      'qualys_status',
      'car_get_script',
      'car_search_assets',
      'car_search_asset_tags',
      'car_plan_rollout',
      'car_get_rollout',
      'car_hold_rollout',
      'car_stop_rollout',
      'car_follow_run',
    ],
    load: async () => (await import('./roll-out.ts')).rollOut,
  },
  {
    name: 'chase_campaign',
    title: 'Chase a late campaign',
    description:
      'See who still owes answers or a review, since when, and draft reminders for a person to send.',
    arguments: {
      campaignId: 'id from saq_search_campaigns; without it, the active campaigns are looked through',
    },
    completes: { campaignId: 'campaign' },
    needs: ['saq_campaign_status', 'saq_list_recipients'],
    load: async () => (await import('./chase.ts')).chase,
  },
]
