import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import { authError, noteDone, type StoredToken } from '#auth';
import { readRuntimeSettings } from '#core';
import { DroverError, say } from '#errors';
import type { Actor } from '#reconcile';
import { hour } from '#time';
import { isHttps, sourceAddress } from './address.ts';
import type { Api, Routes } from './api.ts';
import type { AppContext } from './appEnv.ts';
import { attemptOf, isFromOwnPage, sessionCookie } from './gate.ts';
import { page } from './page.ts';

const text = {
  en: {
    title: 'Sign in',
    withLink: 'This link signs this browser in, once.',
    withToken: 'Paste an API token. It is exchanged for a session and not kept in the browser.',
    token: 'API token',
    submit: 'Sign in',
  },
  zh: {
    title: '登录',
    withLink: '此链接可让当前浏览器登录一次。',
    withToken: '粘贴 API 令牌。它将被换成会话，不会保存在浏览器中。',
    token: 'API 令牌',
    submit: '登录',
  },
} as const;

/**
 *   GET /sign-in?token=…   shows a button; takes nothing, so a mail scanner's or chat's preview does not spend the link
 *   POST /sign-in          link or token → session cookie → /
 *
 * The page has no script and no foreign part, and Referrer-Policy keeps the address to itself.
 */
export const signInRoutes: Routes = (api) => {
  const { app } = api;
  app.get('/sign-in', (c) => {
    c.set('route', '/sign-in');
    return form(c, c.req.query('token'));
  });
  app.post('/sign-in', async (c) => {
    c.set('route', '/sign-in');
    // Else another page could sign this browser in as someone else, who then reads what is done here.
    if (!isFromOwnPage(c)) throw authError('CSRF_REFUSED');
    const fields = await readForm(c);
    try {
      const token = await signedInAs(api, c, fields);
      await begin(api, c, token);
      const actor = actorOf(c, token);
      await noteDone(api.ports, { actor, action: 'session.begin', requestId: c.get('requestId') });
      return c.redirect('/', 303);
    } catch (error) {
      if (!(error instanceof DroverError)) throw error;
      return refused(c, error);
    }
  });
  app.post('/sign-out', async (c) => {
    c.set('route', '/sign-out');
    if (!isFromOwnPage(c)) throw authError('CSRF_REFUSED');
    const secret = getCookie(c, sessionCookie(c));
    const session = secret === undefined ? undefined : await api.sessions.find(secret);
    if (secret !== undefined && session) {
      await api.sessions.end(secret);
      const actor = actorOf(c, { id: session.tokenId, name: session.tokenName });
      await noteDone(api.ports, { actor, action: 'session.end', requestId: c.get('requestId') });
    }
    deleteCookie(c, sessionCookie(c), { path: '/', secure: isHttps(c) });
    return c.redirect('/sign-in', 303);
  });
};

const actorOf = (c: AppContext, { id, name }: { id: string; name: string }): Actor => ({
  kind: 'session',
  id,
  name,
  address: sourceAddress(c),
});

function form(c: AppContext, link: string | undefined) {
  const words = text[c.get('language')];
  const field =
    link === undefined
      ? html`<p>${words.withToken}</p><label>${words.token}
<input name="token" type="password" autocomplete="off" required autofocus></label>`
      : html`<p>${words.withLink}</p><input name="link" type="hidden" value="${link}">`;
  return page(
    c,
    words.title,
    html`<form method="post" action="/sign-in">${field}<p><button>${words.submit}</button></p></form>`,
  );
}

async function readForm(c: AppContext): Promise<{ link?: string; token?: string }> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  const isSmall = Number(c.req.header('content-length') ?? 0) <= 4096;
  if (type !== 'application/x-www-form-urlencoded' || !isSmall) return {};
  const fields = new URLSearchParams((await c.req.text()).slice(0, 4096));
  const [link, token] = [fields.get('link'), fields.get('token')?.trim()];
  return { ...(link === null ? {} : { link }), ...(token === undefined ? {} : { token }) };
}

async function signedInAs(
  { authenticator }: Api,
  c: AppContext,
  { link, token }: { link?: string; token?: string },
): Promise<StoredToken> {
  const given = attemptOf(c);
  if (link !== undefined) return authenticator.byLink(link, given);
  return (await authenticator.byToken(token ?? '', given)).token;
}

/** A new session each time: what cookie the browser had before counts for nothing, and is ended. */
async function begin({ sessions, ports }: Api, c: AppContext, token: StoredToken): Promise<void> {
  const before = getCookie(c, sessionCookie(c));
  if (before !== undefined) await sessions.end(before);
  const { sessionHours } = await readRuntimeSettings(ports.core);
  const { secret, session } = await sessions.begin(token, sessionHours * hour);
  setCookie(c, sessionCookie(c), secret, {
    path: '/',
    httpOnly: true,
    secure: isHttps(c),
    // The console reads everything through fetch on its own pages, so nothing is lost on links from elsewhere.
    sameSite: 'Strict',
    maxAge: Math.floor((session.expiresAt - ports.clock.now()) / 1000),
  });
}

function refused(c: AppContext, error: DroverError) {
  const { entry, values, retryAfterSeconds } = error;
  const language = c.get('language');
  if (retryAfterSeconds !== undefined) c.header('retry-after', String(retryAfterSeconds));
  const status = entry.status === 429 ? 429 : entry.status === 503 ? 503 : 401;
  return page(
    c,
    say(entry.title, language, values),
    html`<p class="error">${say(entry.message, language, values)}</p><p>${say(entry.remedy, language, values)}</p>
<p><a href="/sign-in">${text[language].title}</a></p>`,
    status,
  );
}
