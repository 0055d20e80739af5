/**
 * The entrance: a page that takes the code out of its own address (the part after `#`, which browsers send nowhere),
 * exchanges it for the page's key and keeps that for this tab alone. Session storage belongs to one port of one host; a
 * cookie would go to every port of 127.0.0.1, and so to other people's programs on the same computer.
 */
import { enterPath, pageKeyItem } from '#shared/contract/wire.ts'

export const entranceHtml = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cardwright</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/open.css">
<main>
<h1>Cardwright</h1>
<noscript>Cardwright needs JavaScript. · Для работы Cardwright нужен JavaScript.</noscript>
<p id="closed" hidden>This page opens with the address that Cardwright prints when it starts. Copy it whole, with everything after the # sign.</p>
<p id="closed-ru" lang="ru" hidden>Откройте адрес, который Cardwright выводит при запуске. Копируйте его целиком, вместе со всем, что стоит после знака #.</p>
</main>
<script src="/open.js"></script>
</html>
`

export const entranceScript = `'use strict'
const code = location.hash.slice(1)
history.replaceState(null, '', location.pathname)
async function enter() {
  if (code === '') return false
  const answer = await fetch('${enterPath}', { method: 'POST', body: code })
  if (!answer.ok) return false
  sessionStorage.setItem('${pageKeyItem}', await answer.text())
  location.replace('/')
  return true
}
enter().catch(() => false).then((entered) => {
  for (const id of ['closed', 'closed-ru']) document.getElementById(id).hidden = entered
})
`

export const entranceStyle = `:root { color-scheme: light dark; font: 18px/1.5 system-ui, sans-serif }
main { max-width: 34em; margin: 15vh auto; padding: 0 1em }
h1 { font-size: 24px }
`
