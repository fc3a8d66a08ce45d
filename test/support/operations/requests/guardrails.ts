import type { ToolCases } from './case.ts'

// What guardrails and reports send. The configuration pages: commands are one string, ids are numbers (Long).

const done = { body: { success: { ids: [4561, 4562], message: 'Ids are processed' } } }
const listed = (path: string, input: 'assetIds' | 'tagIds') => ({
  'ids as numbers and as text': {
    args: { [input]: [4561, '4562'] },
    path,
    body: { ids: [4561, 4562] },
    reply: done,
  },
})

export const guardrails: ToolCases = {
  car_add_blocked_commands: {
    several: {
      args: { languageId: '201', commands: ['runas', 'Get-Service -Name x'] },
      path: '/sm/v1/block-commands',
      body: { languageId: 201, commands: 'runas,Get-Service -Name x' },
    },
  },
  car_update_blocked_commands: {
    several: {
      args: { languageId: 201, commandId: '102', commands: ['runas', 'Format-Volume'] },
      path: '/sm/v2/block-commands/update',
      body: { languageId: 201, commandId: 102, commands: 'runas,Format-Volume' },
    },
  },
  car_delete_blocked_commands: {
    'several sets': {
      args: { commandIds: [102, '103'] },
      path: '/sm/v2/block-commands/delete',
      body: { commandIds: [102, 103] },
    },
  },
  car_block_assets: listed('/sm/v1/block-assets', 'assetIds'),
  car_unblock_assets: listed('/sm/v1/block-assets/delete', 'assetIds'),
  car_block_tags: listed('/sm/v1/block-tags', 'tagIds'),
  car_unblock_tags: listed('/sm/v1/block-tags/delete', 'tagIds'),
  // release_2_4_api.htm names path and method; the body is a guess.
  car_generate_report: {
    'as CSV, the only format that a page shows': {
      args: { reportName: 'Runs', templateName: 'Script Job Report' },
      path: '/sm/v1/reports',
      body: { reportName: 'Runs', templateName: 'Script Job Report', fileFormat: 'CSV' },
    },
    'with everything': {
      args: { reportName: 'Runs', templateName: 'Script Job Report', description: 'Of November' },
      path: '/sm/v1/reports',
      body: {
        reportName: 'Runs',
        templateName: 'Script Job Report',
        fileFormat: 'CSV',
        description: 'Of November',
      },
    },
  },
  car_delete_report: {
    'by id, without a body': ({ report }) => ({
      args: { reportId: report },
      path: `/sm/v1/reports/${report}`,
      reply: { message: 'Report deleted' },
    }),
  },
}
