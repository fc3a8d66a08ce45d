import { searchAssets } from '../../../operations/car/assets.ts'
import { hostUuidFields } from '../../../operations/car/hosts.ts'
import { searchAssetJobs } from '../../../operations/car/runs.ts'

/**
 * Fields that records may have, since sister modules or public code have them: the host records of File Integrity
 * Monitoring (demisto/content, Packs/QualysFIM) and of Patch Management (its release 3.9), and the columns of job
 * reports (netsecops-76/Public-Security-Resources). No page of CAR names them; a recording shows which there are.
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
