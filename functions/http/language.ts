import type { Language } from '#errors';

/** The language of sentences by Accept-Language. English unless Chinese is wanted more. */
export function languageOf(accept: string | undefined): Language {
  let best: { language: Language; quality: number } = { language: 'en', quality: 0 };
  for (const part of (accept ?? '').slice(0, 500).split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const language = languageOfTag(tag.trim());
    if (!language) continue;
    const given = parameters.map((p) => p.trim()).find((p) => p.startsWith('q='));
    const quality = given === undefined ? 1 : Number(given.slice(2));
    if (quality > best.quality) best = { language, quality };
  }
  return best.language;
}

function languageOfTag(tag: string): Language | undefined {
  const primary = tag.split('-')[0];
  if (primary === 'zh') return 'zh';
  return primary === 'en' || primary === '*' ? 'en' : undefined;
}
