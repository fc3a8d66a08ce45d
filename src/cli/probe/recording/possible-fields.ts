import { searchAssets } from '../../../operations/car/assets.ts'
import { hostUuidFields } from '../../../operations/car/hosts.ts'
import { searchAssetJobs, searchJobs } from '../../../operations/car/runs.ts'

/**
 * Fields that records may have, since sister modules or public code have them: the host records of File Integrity
 * Monitoring (demisto/content, Packs/QualysFIM) and of Patch Management (its release 3.9), and the columns of job
 * reports (netsecops-76/Public-Security-Resources). Those of runs are inputs of an execution
 * (execute_scripts_on_demand.htm). No page of CAR shows them in a record; a recording shows which there are.
 */
export const possibleFields: Readonly<Record<string, readonly string[]>> = {
  [searchAssets.name]: [
    ...hostUuidFields,
    ...[
      'assetId',
      'hostId',
      'netbiosName',
      'operatingSystem',
      'agentVersion',
      'lastLoggedOnUser',
      'lastCheckedIn',
    ],
    ...['activated', 'activationDate', 'assetStatus', 'statusCode', 'statusDateTime', 'scanDateTime'],
    ...[
      'tags[].id',
      'tags[].name',
      'manifest.id',
      'manifest.status',
      'manifest.updatedDate',
      'system.lastBoot',
    ],
    ...['address', 'hostname', 'interfaceName', 'macAddress'].map((name) => `interfaces[].${name}`),
    ...['status', 'statusCode', 'osStatus', 'httpStatus', 'updatedDate'].map(
      (name) => `agentService.${name}`,
    ),
  ],
  [searchJobs.name]: [
    ...['description', 'assetIds', 'assetTagIds', 'excludedAssetIds', 'params', 'params[].key'],
    ...['user.id', 'user.name', 'user.userName'],
  ],
  [searchAssetJobs.name]: [
    ...[
      'technology',
      'assetTitle',
      'agentUuid',
      'isAssetDisconnected',
      'executionStartTime',
      'duration',
      'returnCode',
    ],
    ...['asset.id', 'asset.assetId', 'asset.uuid', 'asset.agentUuid'],
  ],
}
