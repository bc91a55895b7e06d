import type { Language, Text } from '#errors';

/** All that the control page says. */
const texts = {
  title: { en: 'The simulated world', zh: '模拟世界' },
  about: {
    en: 'Simulated Kubernetes clusters and NeuVector controllers for development and demonstration. Nothing here is real; faults switched on here are met by whoever talks to them.',
    zh: '供开发和演示使用的模拟 Kubernetes 集群和 NeuVector 控制器。这里的一切都不是真实的；在此开启的故障会影响所有访问它们的程序。',
  },
  clock: { en: 'Clock', zh: '时钟' },
  worldTime: { en: 'The world’s time', zh: '世界时间' },
  speed: { en: 'Speed', zh: '倍速' },
  setSpeed: { en: 'Set the speed', zh: '设置倍速' },
  stepMinutes: { en: 'Minutes', zh: '分钟' },
  step: { en: 'Step forward', zh: '向前推进' },
  clusters: { en: 'Clusters', zh: '集群' },
  controllers: { en: 'NeuVector controllers', zh: 'NeuVector 控制器' },
  asInFederation: { en: 'Name in the federation', zh: '联邦中的名称' },
  master: { en: 'primary of a federation', zh: '联邦主集群' },
  joint: { en: 'member of a federation', zh: '联邦成员集群' },
  alone: { en: 'in no federation', zh: '未加入联邦' },
  sessions: { en: 'Sessions', zh: '会话数' },
  rest: { en: 'REST API', zh: 'REST API' },
  federation: { en: 'Federation listener', zh: '联邦监听器' },
  closed: { en: 'closed', zh: '未开启' },
  name: { en: 'Name', zh: '名称' },
  address: { en: 'Address', zh: '地址' },
  kubeconfig: { en: 'Kubeconfig', zh: 'Kubeconfig' },
  faults: { en: 'Faults', zh: '故障' },
  none: { en: 'None', zh: '无' },
  met: { en: 'met {hits} requests', zh: '已影响 {hits} 个请求' },
  switchOff: { en: 'Switch off', zh: '关闭' },
  switchAllOff: { en: 'Switch all off', zh: '全部关闭' },
  switchOn: { en: 'Switch on', zh: '开启' },
  fault: { en: 'Fault', zh: '故障' },
  ownFault: { en: 'As JSON, in place of the choice', zh: '以 JSON 填写（代替上面的选择）' },
  search: { en: 'Find', zh: '查找' },
  shown: { en: '{shown} of {all} shown.', zh: '显示 {all} 个中的 {shown} 个。' },
  language: { en: '中文', zh: 'English' },
} as const satisfies Record<string, Text>;

export type TextName = keyof typeof texts;

export const text = (name: TextName, language: Language): string => texts[name][language];
export const textOf = (name: TextName): Text => texts[name];
