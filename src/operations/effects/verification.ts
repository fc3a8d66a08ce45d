/**
 * What is looked at besides Qualys' answer, to tell what an effect did. schedule, campaign, template, templateVersion,
 * users: what Qualys stored is read back. launch, cancel, publication: the status, and what it did to the questionnaires.
 * deletion: whether it is gone. run: if the outcome is unclear, the new run is searched for. addresses: users are
 * searched for by their addresses, also after a refusal, since a list may be taken in part.
 */
export type Verification =
  | 'schedule'
  | 'campaign'
  | 'launch'
  | 'cancel'
  | 'template'
  | 'publication'
  | 'templateVersion'
  | 'users'
  | 'deletion'
  | 'run'
  | 'addresses'
