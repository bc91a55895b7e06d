import { type Language, say, type Text } from '#errors';
import { rowsOf, shown } from '../local/say.ts';
import type { World } from './world.ts';

const texts = {
  ready: { en: 'The simulated world is ready.', zh: '模拟世界已就绪。' },
  control: { en: 'Control page', zh: '控制页面' },
  stop: { en: 'Stop', zh: '停止' },
  howToStop: { en: 'Ctrl-C; what was written to the clusters stays', zh: 'Ctrl-C；写入集群的内容会保留' },
  controllers: { en: 'NeuVector controllers', zh: 'NeuVector 控制器' },
  more: { en: '{count} small clusters', zh: '{count} 个小集群' },
} as const satisfies Record<string, Text>;

/** Those with a port of their own, one by one; of the others how many, and where their files are. */
export function worldBlock(
  world: Pick<World, 'clusters' | 'control' | 'controllersFile'>,
  language: Language,
): string {
  const all = [...world.clusters.values()];
  const alone = all.filter(({ isAlone }) => isAlone);
  const small = all.filter(({ isAlone }) => !isAlone);
  const rows: [string, string][] = alone.map(({ name, kubeconfig }) => [name, shown(kubeconfig)]);
  if (small.length > 0) {
    const [first, last] = [small[0]!, small.at(-1)!];
    rows.push([
      say(texts.more, language, { count: small.length }),
      `${shown(first.kubeconfig)} … ${last.name}`,
    ]);
  }
  rows.push([texts.controllers[language], shown(world.controllersFile)]);
  rows.push([texts.control[language], world.control], [texts.stop[language], texts.howToStop[language]]);
  return `\n${texts.ready[language]}\n\n${rowsOf(rows)}\n`;
}
