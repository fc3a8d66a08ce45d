// What credentials look like. The shapes of tokens follow the rules of gitleaks (MIT,
// github.com/gitleaks/gitleaks, config/gitleaks.toml) and what the vendors document.

/** A kind of credential. What each pattern captures is the secret; without a capture it is the whole match. */
export interface CredentialRule {
  readonly kind: string
  readonly patterns: readonly RegExp[]
}

/** Tokens that a prefix or a form of their own gives away. */
export const tokenRules: readonly CredentialRule[] = [
  {
    kind: 'an AWS secret key',
    patterns: [
      /(?:secret[_-]?(?:access[_-]?)?key|aws[_-]?secret)["'\]]{0,2}[\s:=>,]{1,6}["']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
      // The other half of a pair, near the id of an access key.
      /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b[\s\S]{1,200}?(?<![A-Za-z0-9/+=])((?=[^\n]{0,39}[A-Z])(?=[^\n]{0,39}[a-z])(?=[^\n]{0,39}\d)[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/g,
    ],
  },
  {
    kind: 'an AWS session token',
    patterns: [
      /session[_-]?token["'\]]{0,2}[\s:=>,]{1,6}["']?([A-Za-z0-9/+=]{100,4000})/gi,
      /\b(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz)([A-Za-z0-9/+=]{80,4000})/g,
      /\b(?:ABSK|bedrock-api-key-)([A-Za-z0-9+/=]{60,400})/g,
    ],
  },
  {
    kind: 'an Azure storage key',
    patterns: [
      /(?:account|storage|access|primary|secondary|shared)[_-]?(?:access[_-]?)?key["'\]]{0,2}[\s:=>]{1,6}["']?([A-Za-z0-9+/]{86}==)/gi,
    ],
  },
  { kind: 'an Azure access key', patterns: [/SharedAccessKey=([A-Za-z0-9+/]{43}=)/gi] },
  {
    kind: 'an Azure shared access signature',
    patterns: [/[?&;]sig=((?:[A-Za-z0-9+/]|%2[bBfF]){40,90}(?:%3[dD]|=))/g],
  },
  { kind: 'an Azure client secret', patterns: [/(?<![\w~.-])([\w~.]{3}\dQ~[\w~.-]{31,34})(?![\w~.-])/g] },
  { kind: 'an Azure DevOps token', patterns: [/\b([A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4})\b/g] },
  {
    kind: 'a Google key',
    patterns: [/\bAIza([\w-]{35})(?![\w-])/g, /\bGOCSPX-([\w-]{28})(?![\w-])/g, /\bya29\.([\w-]{50,})/g],
  },
  {
    kind: 'a Slack token',
    patterns: [/\bxox[abeoprs](?:\.xox[bp])?-(?=[\w-]{0,30}\d{6})([\w-]{20,})/g, /\bxapp-\d-([\w-]{30,})/g],
  },
  {
    kind: 'a webhook address',
    patterns: [
      /hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/([A-Za-z0-9+/]{40,80})/g,
      /\.webhook\.office\.com\/webhookb2\/([\w@-]{36,}\/IncomingWebhook\/[0-9a-f]{32}\/[\w-]{36})/g,
      /discord(?:app)?\.com\/api\/webhooks\/\d{15,20}\/([\w-]{60,80})/g,
    ],
  },
  {
    kind: 'a Stripe key',
    patterns: [/\b[sr]k_(?:live|test|prod)_([A-Za-z0-9]{16,})/g, /\bwhsec_([A-Za-z0-9]{32,})/g],
  },
  { kind: 'a SendGrid key', patterns: [/\bSG\.([\w-]{20,24}\.[\w-]{39,50})(?![\w-])/g] },
  {
    kind: 'a Twilio key',
    patterns: [/\bSK([0-9a-f]{32})\b/g, /\bAC[0-9a-f]{32}["',:\s]{1,4}([0-9a-f]{32})\b/g],
  },
  { kind: 'a Mailgun key', patterns: [/\bkey-([0-9a-f]{32})\b/g] },
  { kind: 'a Mailchimp key', patterns: [/\b([0-9a-f]{32})-us\d{1,2}\b/g] },
  { kind: 'an npm token', patterns: [/\bnpm_([A-Za-z0-9]{36})(?!\w)/g] },
  { kind: 'a PyPI token', patterns: [/\bpypi-A(?:gEIcHlwaS5vcmc|gENdGVzdC5weXBpLm9yZ)([\w-]{50,})/g] },
  { kind: 'a RubyGems key', patterns: [/\brubygems_([0-9a-f]{48})\b/g] },
  { kind: 'a NuGet key', patterns: [/\boy2([a-z0-9]{43})\b/g] },
  { kind: 'a Docker token', patterns: [/\bdckr_[po]at_([\w-]{24,})/g] },
  {
    kind: 'an OpenAI key',
    patterns: [/\bsk-(?:proj|svcacct|admin)-([\w-]{40,})/g, /\bsk-([A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20})/g],
  },
  { kind: 'an Anthropic key', patterns: [/\bsk-ant-[a-z]{3,6}\d\d-([\w-]{60,})/g] },
  { kind: 'a Groq key', patterns: [/\bgsk_([A-Za-z0-9]{52})\b/g] },
  { kind: 'a Hugging Face token', patterns: [/\bhf_([A-Za-z]{34})\b/g] },
  { kind: 'a Vault token', patterns: [/\bhv[sbr]\.([\w-]{24,})/g] },
  { kind: 'a Terraform token', patterns: [/\b([A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,70})/g] },
  { kind: 'a Databricks token', patterns: [/\bdapi([0-9a-f]{32})\b/g] },
  { kind: 'a DigitalOcean token', patterns: [/\bdo[opr]_v1_([0-9a-f]{64})\b/g] },
  { kind: 'an Atlassian token', patterns: [/\bATATT3([\w=-]{100,})/g, /\bATCTT3([\w=-]{100,})/g] },
  {
    kind: 'a Grafana token',
    patterns: [/\bglsa_([A-Za-z0-9]{32}_[0-9a-fA-F]{8})\b/g, /\bglc_([A-Za-z0-9+/]{32,400})/g],
  },
  { kind: 'a Shopify token', patterns: [/\bshp(?:at|ca|pa|ss)_([0-9a-fA-F]{32})\b/g] },
  { kind: 'a Telegram token', patterns: [/\b\d{8,10}:AA([\w-]{33})(?![\w-])/g] },
  { kind: 'a New Relic key', patterns: [/\bNRAK-([A-Z0-9]{27})\b/g] },
  { kind: 'a Dynatrace token', patterns: [/\bdt0c01\.([A-Z0-9]{24}\.[A-Z0-9]{64})\b/g] },
  { kind: 'a Tailscale key', patterns: [/\btskey-[a-z]{2,20}-(\w{8,40}-\w{16,60})/g] },
  { kind: 'an age key', patterns: [/\bAGE-SECRET-KEY-1([A-Z0-9]{58})\b/g] },
]

/** Names of variables, members and options that hold a password. Only the end of a name counts. */
export const passwordNames =
  '(?:pass(?:word|wd|phrase|code)|(?<![a-z])p(?:ass)?wd|(?<![a-z])pw|(?<!by|com|tres|sur|over|under)pass|passwort|kennwort|mot[_-]?de[_-]?passe|contrase[nñ]a|senha|wachtwoord)'

/** The same for keys and tokens, whose values are long. */
export const keyNames =
  '(?:(?<!public[_-]?key)token|secret|(?:api|access|secret|private|account|storage|encryption|signing|master|shared|subscription)[_-]?key)'
