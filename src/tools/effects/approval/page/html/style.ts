/** The style of all pages. Colours keep a contrast of 4.5 to their background, light and dark (WCAG 2.2, AA). */
export const style = `:root {
  color-scheme: light dark;
  --page: #f4f6f9; --card: #ffffff; --text: #17202c; --muted: #4d5968; --line: #cfd6e0;
  --link: #1a4fb8; --strong: #1f57c3; --on-strong: #ffffff; --focus: #1a4fb8;
  --value: #eceff4; --box: #dfe4ee; --box-line: #7a879a;
  --wait: #fff4d6; --wait-text: #6b4300; --good: #def3e4; --good-text: #0f4d26;
  --bad: #fde5e3; --bad-text: #7d1710; --rest: #e6eaf1; --rest-text: #323d4c;
  --add: #e1f5e7; --del: #fde7e5; --sign-add: #0f5a2b; --sign-del: #8c1d14;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1319; --card: #171d26; --text: #e5e9f0; --muted: #a9b4c3; --line: #36414f;
    --link: #93b8ff; --strong: #2c62d4; --on-strong: #ffffff; --focus: #93b8ff;
    --value: #232c39; --box: #303b4b; --box-line: #8391a5;
    --wait: #3a2e10; --wait-text: #f7d88a; --good: #123322; --good-text: #9be3b5;
    --bad: #42191a; --bad-text: #ffb9b2; --rest: #27303d; --rest-text: #ccd4df;
    --add: #12301f; --del: #3d1a1b; --sign-add: #8fdcaa; --sign-del: #ffaca4;
  }
}
*, *::before, *::after { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, h3, caption { line-height: 1.3; text-wrap: balance }
h1 { margin: 0 0 .75rem; font-size: 1.5rem }
h2 { margin: 0 0 .75rem; font-size: 1.125rem }
h3, caption { margin: 1.25rem 0 .5rem; font-size: 1rem; font-weight: 600; text-align: left }
p, ul, dl { margin: 0 0 .75rem }
a { color: var(--link) }
code, kbd, .code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }
code, kbd { font-size: .9em }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 2px }
main:focus { outline: none }
[hidden] { display: none !important }
.skip-link { position: absolute; left: -100vw; top: 0; padding: .5rem 1rem; background: var(--card) }
.skip-link:focus { left: 0; z-index: 1 }
body > header, main, body > footer { width: 100%; max-width: 62rem; margin: 0 auto; padding: 0 1.25rem }
body > header { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: center; padding-block: 1rem }
.brand { margin: 0; font-weight: 650 }
.brand span { color: var(--muted); font-weight: 400 }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0; padding: 0; list-style: none }
nav [aria-current], nav a { display: inline-block; padding: .25rem 0 }
nav [aria-current] { color: var(--text); font-weight: 600; text-decoration: none }
.inputs .hint { margin-top: -.625rem }
.as-link {
  padding: .25rem 0; border: 0; background: none; color: var(--link); font: inherit; text-decoration: underline;
  cursor: pointer; text-align: left
}
body > footer { padding-block: 1rem 2rem; color: var(--muted); font-size: .875rem }
.card { margin: 0 0 1rem; padding: 1.25rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card) }
.card > :last-child, .card form > :last-child, .frame > :last-child { margin-bottom: 0 }
.hint, .none { color: var(--muted) }
.hint { font-size: .875rem }
.none { font-style: italic }
.state { margin: 0 0 1rem; padding: .625rem 1rem; border-radius: .5rem; background: var(--rest); color: var(--rest-text) }
.state.pending { background: var(--wait); color: var(--wait-text) }
.state.approved, .state.used { background: var(--good); color: var(--good-text) }
.state.declined, .alert { background: var(--bad); color: var(--bad-text) }
.alert { margin: 0 0 1rem; padding: .625rem 1rem; border-radius: .5rem; font-weight: 600 }
.alert:empty { display: none }
.warnings { margin: 0 0 1rem; padding: .75rem 1rem; border-left: 4px solid var(--wait-text); border-radius: .25rem;
  background: var(--wait); color: var(--wait-text) }
.warnings h2 { margin: 0 0 .25rem; font-size: 1rem }
.warnings ul { margin: 0; padding-left: 1.25rem }
.notes { padding: 1rem 1.25rem; border: 1px dashed var(--box-line); border-radius: .5rem; margin: 0 0 1rem; color: var(--muted) }
.notes ul { margin: 0; padding-left: 1.25rem }
dl.fields { margin: 0 0 .75rem }
dl.fields > div { display: grid; grid-template-columns: minmax(8rem, 14rem) minmax(0, 1fr); gap: 0 1rem; padding: .3rem 0 }
dl.fields > div + div { border-top: 1px solid var(--line) }
dt { color: var(--muted) }
dd { margin: 0 }
.f1 { padding-left: 1.25rem !important } .f2 { padding-left: 2.5rem !important }
.v { padding: .1em .3em; border-radius: .25rem; background: var(--value); white-space: pre-wrap; unicode-bidi: isolate;
  -webkit-box-decoration-break: clone; box-decoration-break: clone }
ul.values { margin: 0; padding: 0; list-style: none }
ul.values li { padding: .1rem 0 }
ul.values.row li { display: inline-block; margin-right: .5rem }
.list ul.values { columns: 16rem auto; column-gap: 1.5rem }
.x { padding: 0 .2em; border: 1px solid var(--box-line); border-radius: .2em; background: var(--box); color: var(--text);
  font-weight: 600; font-style: normal; font-size: .85em; text-decoration: none; white-space: nowrap }
.mark { color: var(--muted) }
.count { color: var(--muted); font-weight: 400; font-size: .875rem }
.frame { margin: 0 0 1rem; overflow-x: auto }
table { width: 100%; border-collapse: collapse; font-size: .9375rem }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top;
  font-weight: 400; white-space: pre-wrap; unicode-bidi: isolate; min-width: 5rem }
time { white-space: nowrap }
thead th { color: var(--muted); font-weight: 600; overflow-wrap: normal }
.wide th:first-child { min-width: 11rem }
.long { margin-bottom: 1.25rem }
.summary { margin: 1rem 0 .5rem; font-weight: 600 }
@counter-style bare { system: extends decimal; suffix: " " }
.code { margin: 0; padding: 0 0 0 3.5em; list-style: bare; border-left: 1px solid var(--line); font-size: .8125rem; line-height: 1.5;
  tab-size: 4 }
.far { content-visibility: auto; contain-intrinsic-size: auto 305rem }
.code li { padding: 0 .25rem 0 .5em; white-space: pre-wrap; unicode-bidi: isolate; min-height: 1.5em }
.code li::marker { color: var(--muted); font-variant-numeric: tabular-nums }
.d5 { padding-left: 4.25em } .d6, .d7 { padding-left: 5.5em }
.diff ins, .diff del { text-decoration: none }
.diff .sign { display: inline-block; width: 1.5em; font-weight: 700; white-space: pre }
.add { background: var(--add) } .del { background: var(--del) }
.add .sign { color: var(--sign-add) } .del .sign { color: var(--sign-del) }
.code .skip { list-style: none; color: var(--muted); font-style: italic }
.digest { font-size: .8125rem; word-break: break-all }
.choices { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; margin: 1rem 0 0 }
.choices form, .inline { margin: 0 }
button.main, button.other { min-height: 2.75rem; padding: .5rem 1.5rem; border: 1px solid var(--strong); border-radius: .375rem;
  font: inherit; font-weight: 600; cursor: pointer }
button.main { background: var(--strong); color: var(--on-strong) }
button.other { border-color: var(--box-line); background: var(--card); color: var(--text) }
button:disabled { opacity: .6; cursor: default }
label { display: block; margin: 0 0 .25rem; font-weight: 600 }
input[type=text], input[type=password] { width: 100%; max-width: 26rem; min-height: 2.5rem; margin: 0 0 1rem; padding: .375rem .625rem;
  border: 1px solid var(--box-line); border-radius: .375rem; background: var(--card); color: var(--text); font: inherit }
pre.line { padding: .75rem 1rem; border-radius: .375rem; background: var(--value); white-space: pre-wrap; font-size: .8125rem }
.tag { display: inline-block; padding: .05rem .5rem; border-radius: 1rem; background: var(--rest); color: var(--rest-text);
  font-size: .8125rem; white-space: nowrap }
.tag.pending { background: var(--wait); color: var(--wait-text) }
.tag.approved, .tag.used { background: var(--good); color: var(--good-text) }
.tag.declined { background: var(--bad); color: var(--bad-text) }
@media (max-width: 36rem) {
  body > header, main, body > footer { padding-inline: .875rem }
  .card { padding: 1rem .875rem }
  h1 { font-size: 1.3125rem }
  dl.fields > div { display: block }
  .f1 { padding-left: .75rem !important } .f2 { padding-left: 1.5rem !important }
  .choices button, .choices form { width: 100% }
  .wide time { white-space: normal }
  th, td { min-width: 3.5rem; padding-right: .5rem }
}
@media (forced-colors: active) { .x, .v, .tag, .state, .alert, .warnings { border: 1px solid } }
@media print { nav, .choices, .skip-link { display: none } }
`
