import { html, raw } from 'hono/html';
import type { AppContext } from './appEnv.ts';

type Html = ReturnType<typeof html>;

/** A page without script, in the reader's language; everything put into it is escaped by `html`. */
export function page(c: AppContext, title: string, content: Html, status: 200 | 401 | 429 | 503 = 200) {
  const language = c.get('language');
  return c.html(
    html`${raw('<!doctype html>')}
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title === 'Drover' ? title : `${title} · Drover`}</title>
<link rel="stylesheet" href="/page.css">
</head>
<body><main><h1>${title}</h1>
${content}
</main></body>
</html>`,
    status,
  );
}

export const pageStyle = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0}main{max-width:72rem;margin:0 auto;padding:2rem 1.25rem}
h1{margin-top:0}h2{margin-top:2.5rem;border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent)}
code,pre,input{font:0.875rem/1.5 ui-monospace,monospace}pre{overflow:auto;padding:.75rem;border-radius:.4rem;
background:color-mix(in srgb,currentColor 8%,transparent)}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0}
input{width:100%;max-width:40rem;padding:.5rem;box-sizing:border-box}button{padding:.5rem 1rem;margin-top:.75rem;font:inherit}
details{margin:.4rem 0}summary{cursor:pointer}.method{display:inline-block;min-width:4.5rem;font-weight:600}
.muted{opacity:.7}.error{color:#c02b2b}
@media (prefers-color-scheme:dark){.error{color:#ff8a80}}
`;
