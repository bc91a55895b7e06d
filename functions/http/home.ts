import { html } from 'hono/html';
import type { Routes } from './api.ts';
import { page, pageStyle } from './page.ts';

const text = {
  en: {
    about: 'Drover drives a herd of Kubernetes clusters from serverless functions. Its console comes here.',
    signIn: 'Sign in',
    docs: 'API reference',
    document: 'OpenAPI document',
    ready: 'Readiness',
  },
  zh: {
    about: 'Drover 用无服务器函数管理成群的 Kubernetes 集群。控制台将在此处提供。',
    signIn: '登录',
    docs: 'API 参考',
    document: 'OpenAPI 文档',
    ready: '就绪状态',
  },
} as const;

export const homeRoutes: Routes = ({ app }) => {
  app.get('/', (c) => {
    c.set('route', '/');
    const say = text[c.get('language')];
    return page(
      c,
      'Drover',
      html`<p>${say.about}</p>
<ul>
<li><a href="/sign-in">${say.signIn}</a></li>
<li><a href="/docs">${say.docs}</a></li>
<li><a href="/openapi.json">${say.document}</a></li>
<li><a href="/readyz">${say.ready}</a></li>
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
