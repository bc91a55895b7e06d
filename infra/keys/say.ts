import { type Language, say, type Text } from '#errors';
import type { RotationNews } from '#secrets';
import { iso } from '#time';

export const counted: Text = {
  en: '{sealed} secrets lie under {generations} data keys. Nothing was changed.',
  zh: '{generations} 个数据密钥下共有 {sealed} 个秘密。未做任何更改。',
};

const texts: { readonly [Is in RotationNews['is']]: Text } = {
  begun: { en: 'A rotation begins.', zh: '开始轮换密钥。' },
  resumed: { en: 'The rotation begun at {at} goes on.', zh: '继续 {at} 开始的密钥轮换。' },
  resealed: {
    en: '{resealed} secrets were sealed anew; {unreadable} cannot be opened and stay as they are.',
    zh: '已重新加密 {resealed} 个秘密；{unreadable} 个无法打开，保持原样。',
  },
  waiting: {
    en: 'Waiting until {until} for what a running Drover has begun. To end here does no harm: run it again.',
    zh: '等待至 {until}，以便运行中的 Drover 完成已开始的操作。此时中断无害：重新运行即可。',
  },
  dropped: { en: '{generations} old data keys were removed.', zh: '已删除 {generations} 个旧数据密钥。' },
  ended: { en: 'Nothing lies under the old keys any more.', zh: '旧密钥下已没有任何内容。' },
};

export function saidNews(news: RotationNews, language: Language): string {
  const { is, ...values } = news;
  const times = Object.entries(values).map(([name, value]) => [
    name,
    name === 'at' || name === 'until' ? iso(value) : value,
  ]);
  return say(texts[is], language, Object.fromEntries(times));
}
