import { getCookie } from 'hono/cookie';
import { html } from 'hono/html';
import type { Authenticator, Caller } from '#auth';
import { DroverError, say, type Text } from '#errors';
import type { Routes } from './api.ts';
import type { AppContext } from './appEnv.ts';
import { attemptOf, sessionCookie } from './gate.ts';
import { page, pageStyle } from './page.ts';

const text = {
  about: {
    en: 'Drover drives a herd of Kubernetes clusters from serverless functions. Its console comes here.',
    zh: 'Drover 用无服务器函数管理成群的 Kubernetes 集群。控制台将在此处提供。',
  },
  signIn: { en: 'Sign in', zh: '登录' },
  signedIn: { en: 'Signed in as {name} ({role}).', zh: '已登录：{name}（{role}）。' },
  signOut: { en: 'Sign out', zh: '退出登录' },
  docs: { en: 'API reference', zh: 'API 参考' },
  document: { en: 'OpenAPI document', zh: 'OpenAPI 文档' },
  ready: { en: 'Readiness', zh: '就绪状态' },
} as const satisfies Record<string, Text>;

export const homeRoutes: Routes = ({ app, authenticator }) => {
  app.get('/', async (c) => {
    c.set('route', '/');
    const caller = await signedIn(c, authenticator);
    const language = c.get('language');
    return page(
      c,
      'Drover',
      html`<p>${text.about[language]}</p>
${
  caller &&
  html`<form method="post" action="/sign-out"><p>${say(text.signedIn, language, { name: caller.actor.name, role: caller.role })}</p>
<p><button>${text.signOut[language]}</button></p></form>`
}
<ul>
${caller ? '' : html`<li><a href="/sign-in">${text.signIn[language]}</a></li>`}
<li><a href="/docs">${text.docs[language]}</a></li>
<li><a href="/openapi.json">${text.document[language]}</a></li>
<li><a href="/readyz">${text.ready[language]}</a></li>
</ul>`,
    );
  });
  app.get('/page.css', (c) => {
    c.set('route', '/page.css');
    return c.body(pageStyle, 200, {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=3600',
    });
  });
};

/** A cookie that is good no longer is as none here: the page is for everyone. */
async function signedIn(c: AppContext, authenticator: Authenticator): Promise<Caller | undefined> {
  const session = getCookie(c, sessionCookie(c));
  if (session === undefined) return undefined;
  try {
    return await authenticator.identify({ authorization: undefined, session, ...attemptOf(c) });
  } catch (error) {
    if (error instanceof DroverError) return undefined;
    throw error;
  }
}
