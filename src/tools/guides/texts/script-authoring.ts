/**
 * What is known of writing scripts (create_scripts.htm, scripts.htm, script_status.htm,
 * execute_scripts_on_demand.htm, release notes).
 */
export const scriptAuthoring = `# Writing scripts for CAR

## Before

- \`car_list_script_languages\`: a \`languageId\` stands for platform AND language; \`platform\` must be its own: \`WINDOWS\`, \`LINUX\`, \`UNIX\` or \`MAC\`. Qualys' own library holds PowerShell, Python and VBScript (run in batch mode) for Windows, and Shell, Python, Perl and Lua for Linux; for the others only the list tells. Versions of interpreters are not documented.
- \`car_list_script_types\`: the \`typeId\`. Custom Script needs \`subType\` (\`Detection\` or \`Response\`); Custom QID is always Detection, runs only on hosts enabled for VM/VMDR, and its \`qid\` fields are unverified; Control ID Remediation is always Response and needs \`authorScriptsMetadata\` (\`cid\`, \`tech\`).
- \`car_search_blocked_commands\`: a new script of that language with one of these commands is refused. Do not spell a command otherwise to get past it: ask the operator.

## Content

- Plain text in \`content\`, at most 500 KB; or \`sourceUrl\` of a file at GitHub or GitLab (for GitLab no permalink with a commit hash), with \`branch\`, \`sync\` and, for a private one, \`repositoryToken\`: the name of a secret. With \`sync\`, whoever may change that file changes what runs.
- For \`LINUX\`, \`UNIX\` and \`MAC\` a \`content\` is sent with LF line ends and without a byte order mark, and preview and reply say so; for \`WINDOWS\` as it is.
- The exit code decides: 0 counts as succeeded, anything else as failed. End every path with an explicit one, and make the script fail when its work failed; interpreters go on after many errors.
- Output may have 1 MB per host (where Qualys' API gateway service is 2.4.0-7 or newer). Print little: the finding first, one fact a line, the reason last. \`car_follow_run\` shows each kind of output once, with its hosts: the fewer words differ from host to host, the shorter its answer.
- Never print secrets. A second run should do no harm: schedules and people repeat.
- \`thresholdSeconds\` is the longest run time, in seconds; its default, and what becomes of a script at its end, is not documented.

## Parameters

\`params\` \`[{"key":"path","value":"C:\\\\Temp"},{"key":"password","secret":"db-password"}]\`: all values are strings, and reach the script by position, in this order: \`param([string]$Path, [string]$Password)\` in PowerShell, \`"$1"\` in Shell; neither by name nor as environment variables. A \`secret\` is a name that the operator set as \`QUALYS_SECRET_DB_PASSWORD\`; values of secrets are no input of any tool. A run must pass the keys that the script has, in its order. Parameters that may be empty come last, and a script never relies on an empty one: some versions of CAR leave an empty value out, and the later ones move up a place (seen in public scripts, on no page of Qualys; previews warn).

## From draft to fleet

1. \`car_create_script\`: the script is "Pending Test" and runs on no ordinary host. \`scriptApprovalUserConsent\` true approves it at once, without a reviewer: only if a person asks for exactly that.
2. \`car_execute_script\` with \`testMode\` true and \`testAssets\` or \`testTags\`: an evaluation on lab hosts. Ask the person for ids of lab hosts, or for lab tags and the filter that lists them, which is not public: they must be listed with it first.
3. A reviewer approves or rejects it in the Qualys UI. \`car_update_script\` with \`scriptApprovalUserConsent\` true approves it without a reviewer: only if a person asks for exactly that. No call rejects a script. Only an approved script (\`APPROVED\`) runs on ordinary hosts. Of Rejected and Deprecated ones no more is documented than that they cannot be cloned.
4. \`car_execute_script\` with \`assetIds\` or \`assetTagIds\`, few hosts first, then \`car_follow_run\` with its \`correlationUuid\` and \`scriptId\`; many hosts in waves by \`car_plan_rollout\`. A run cannot be stopped.

\`car_update_script\`: new \`content\` needs \`comment\`, the old one is not kept, and active schedules run the new one. To change some lines, pass \`edits\` \`[{"find":"exit 1","replace":"exit 2"}]\` instead: each \`find\` occurs exactly once in what is stored, and all other bytes stay (line ends, byte order mark, encoding, masked secrets). \`{"find":"\\r\\n","replace":"\\n"}\` changes all line ends. Whether it has to be approved again is not documented: read \`status\` with \`car_get_script\`. A clone (\`car_clone_script\`) has to be approved, whatever the status of its original.

## On the host

- \`executionPolicyBypassEnabled\`: Windows PowerShell only. Without it the execution policy of the host decides, and an unsigned script may be refused.
- \`rebootAfterScriptExecution\` with \`rebootDelayInSeconds\`: every host reboots after the script.
- Blocked assets and tags are no targets; no tool lists them. An offline host stays \`open\`; how long Qualys waits is not documented.

## Qualys' limits

5,000 scripts per user, 1,000 executions per user and day, 5,000 custom QIDs per subscription.
`
