import { basename, relative } from 'node:path';
import { type DroverError, type Language, say, type Text } from '#errors';
import type { WorldMessage } from '../world/run.ts';

/** An error on one line: what is wrong, and what to do. Catalogues of other folders end their messages with a stop. */
export function sentenceOf({ entry, values }: DroverError, language: Language): string {
  const [wrong, remedy] = [say(entry.message, language, values), say(entry.remedy, language, values)];
  if (/[.。]$/.test(wrong)) return language === 'zh' ? `${wrong}${remedy}` : `${wrong} ${remedy}`;
  return `${wrong}${language === 'zh' ? '；' : '; '}${remedy}`;
}

const block: Record<string, Text> = {
  ready: { en: 'Drover is ready.', zh: 'Drover 已就绪。' },
  address: { en: 'Console and API', zh: '控制台与 API' },
  signIn: { en: 'Sign in (once)', zh: '登录（一次有效）' },
  token: { en: 'Administrator’s token', zh: '管理员令牌' },
  data: { en: 'Data', zh: '数据' },
  log: { en: 'Log', zh: '日志' },
  exporter: { en: 'Metrics of the controller', zh: '控制器指标' },
  kubeconfigs: { en: 'Simulated clusters', zh: '模拟集群' },
  registered: { en: 'In Drover', zh: '注册情况' },
  soonRegistered: {
    en: 'registered by themselves, marked as simulated, within seconds of the first start',
    zh: '首次启动后数秒内自动注册，并标记为模拟集群',
  },
  controllers: { en: 'Simulated NeuVector', zh: '模拟 NeuVector' },
  control: { en: 'Their control page', zh: '模拟集群控制页面' },
  stop: { en: 'Stop', zh: '停止' },
  howToStop: { en: 'Ctrl-C; the data stays', zh: 'Ctrl-C；数据会保留' },
};

/** The one block a start prints. */
export function readyBlock(
  facts: {
    address: string;
    signIn: string;
    token: string;
    data: string;
    log: string;
    exporter?: string | undefined;
    world?: WorldMessage | undefined;
  },
  language: Language,
): string {
  const rows: [string, string][] = [
    [block.address![language], facts.address],
    [block.signIn![language], facts.signIn],
    [block.token![language], shown(facts.token)],
    [block.data![language], shown(facts.data)],
    [block.log![language], shown(facts.log)],
    ...(facts.exporter === undefined
      ? []
      : [[block.exporter![language], facts.exporter] as [string, string]]),
    ...worldRows(facts.world, language),
    [block.stop![language], block.howToStop![language]],
  ];
  return `\n${block.ready![language]}\n\n${rowsOf(rows)}\n`;
}

function worldRows(world: WorldMessage | undefined, language: Language): [string, string][] {
  if (!world) return [];
  const [first = '', ...more] = world.kubeconfigs;
  const files = [shown(first), ...more.map((path) => basename(path))].join(', ');
  return [
    [block.kubeconfigs![language], files],
    [block.registered![language], block.soonRegistered![language]],
    [block.controllers![language], shown(world.controllers)],
    [block.control![language], world.control],
  ];
}

/** A label and its value per line, the values in one column. */
export function rowsOf(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([label]) => columns(label)));
  return rows
    .map(([label, value]) => `  ${label}${' '.repeat(width - columns(label) + 2)}${value}`)
    .join('\n');
}

/** Below the folder one is in, the short way to say where something lies. */
export function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}

/** Chinese letters take two columns of a terminal. */
const columns = (label: string): number =>
  [...label].reduce((sum, letter) => sum + (/[\u2e80-\uffe6]/.test(letter) ? 2 : 1), 0);
