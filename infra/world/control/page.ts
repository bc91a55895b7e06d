import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import { type Language, say } from '#errors';
import { iso } from '#time';
import { isOfConnection } from '../faults/fault.ts';
import type { ActiveFault } from '../faults/faults.ts';
import type { Controlled } from './app.ts';
import { listenerNames } from './controllers.ts';
import { controllerPresets, type Preset, presets } from './presets.ts';
import { type TextName, text, textOf } from './texts.ts';

type Html = ReturnType<typeof html>;

/** More than these are found by their names. */
const most = 50;

interface Shown extends Controlled {
  readonly language: Language;
  readonly search: string;
}

export function controlPage(c: Context, { clusters, controllers, clock, language, search }: Shown) {
  const t = (name: TextName) => text(name, language);
  const kept = `?${new URLSearchParams({ lang: language, ...(search && { search }) })}`;
  const button = (action: string, label: string, id?: string): Html =>
    html`<form method="post" action="${action}${kept}">${
      id === undefined ? '' : html`<input type="hidden" name="id" value="${id}">`
    }<button>${label}</button></form>`;
  const faultHtml = (action: string, { id, fault, hits }: ActiveFault): Html =>
    html`<p><code>${JSON.stringify(fault)}</code> ${
      isOfConnection(fault) ? '' : html`<span class="muted">${say(textOf('met'), language, { hits })}</span>`
    }</p>
${button(action, t('switchOff'), id)}`;
  const faultsOf = (path: string, faults: readonly ActiveFault[], offered: readonly Preset[]): Html =>
    html`<p>${t('faults')}: ${faults.length === 0 ? t('none') : faults.length}</p>
${faults.map((fault) => faultHtml(`${path}/off`, fault))}
${faults.length > 1 ? button(`${path}/off`, t('switchAllOff')) : ''}
<details><summary>${t('switchOn')}</summary>
<form method="post" action="${path}${kept}">
<p><label>${t('fault')} <select name="preset">${offered.map(
      ({ title }, i) => html`<option value="${i}">${title[language]}</option>`,
    )}</select></label></p>
<p><label>${t('ownFault')} <input name="own" placeholder='{"kind":"latency","millis":500,"on":{"methods":["GET"]}}'></label></p>
<button>${t('switchOn')}</button>
</form></details>`;
  const matching = [...clusters].filter(([name]) => name.includes(search));

  const rows = matching.slice(0, most).map(
    ([name, { exposed, kubeconfig }]) => html`<section>
<h3>${name}</h3>
<p>${t('address')}: <code>${exposed.address}</code><br>${t('kubeconfig')}: <code>${kubeconfig}</code></p>
${faultsOf(`/clusters/${name}/faults`, exposed.list(), presets)}
</section>`,
  );

  const controllerRows = [...controllers.values()].map((exposed) => {
    const { name, state, accounts } = exposed.controller;
    const listeners = listenerNames.map((listener) => {
      const isClosed = listener === 'federation' && state.role !== 'master';
      const { port, list } = exposed[listener];
      return html`<h4>${t(listener)}: ${isClosed ? t('closed') : html`<code>127.0.0.1:${port}</code>`}</h4>
${faultsOf(`/controllers/${name}/${listener}/faults`, list(), controllerPresets)}`;
    });
    return html`<section>
<h3>${name}</h3>
<p>${t(state.role || 'alone')}<br>${t('asInFederation')}: <code>${state.clusterName}</code><br>${t('sessions')}: ${accounts.liveSessions()}</p>
${listeners}
</section>`;
  });

  return c.html(html`${raw('<!doctype html>')}
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${t('title')}</title>
<link rel="stylesheet" href="/page.css">
</head>
<body><main>
<p><a href="/?${new URLSearchParams({ lang: language === 'zh' ? 'en' : 'zh' })}">${t('language')}</a></p>
<h1>${t('title')}</h1>
<p>${t('about')}</p>
<h2>${t('clock')}</h2>
<p>${t('worldTime')}: <code>${iso(clock.now())}</code></p>
<form method="post" action="/clock${kept}"><label>${t('speed')} <input name="speed" type="number" min="0" max="10000" step="any" required value="${clock.speed}"></label> <button>${t('setSpeed')}</button></form>
<form method="post" action="/clock${kept}"><label>${t('stepMinutes')} <input name="minutes" type="number" min="1" required value="60"></label> <button>${t('step')}</button></form>
<h2>${t('clusters')}</h2>
${
  clusters.size > most
    ? html`<form method="get" action="/"><input type="hidden" name="lang" value="${language}"><label>${t('name')} <input name="search" value="${search}"></label> <button>${t('search')}</button></form>
<p class="muted">${say(textOf('shown'), language, { shown: Math.min(matching.length, most), all: clusters.size })}</p>`
    : ''
}
${rows}
<h2>${t('controllers')}</h2>
${controllerRows}
</main></body>
</html>`);
}
