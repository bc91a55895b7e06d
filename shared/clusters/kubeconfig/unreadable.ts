import type { DroverError, Text } from '#errors';
import { clusterError } from '../errors.ts';

export const unreadable = (at: string | Text, reason: Text): DroverError =>
  clusterError('KUBECONFIG_UNREADABLE', { at, reason });

export const atLine = (line: number): Text => ({ en: `line ${line}`, zh: `第 ${line} 行` });

/** Why a kubeconfig is not read. */
export const reasons = {
  whole: { en: 'as a whole', zh: '整体' },
  tooLarge: { en: 'it is larger than 256 kB', zh: '超过 256 kB' },
  tooMany: { en: 'it has more parts than a kubeconfig has', zh: '内容过多，不像 kubeconfig' },
  tooDeep: { en: 'it is nested too deep', zh: '嵌套过深' },
  empty: { en: 'it is empty', zh: '内容为空' },
  notYaml: { en: 'it is neither YAML nor JSON', zh: '既不是 YAML 也不是 JSON' },
  documents: { en: 'it holds more than one document', zh: '包含多个文档' },
  directive: { en: 'it holds a YAML directive (%)', zh: '包含 YAML 指令（%）' },
  characters: {
    en: 'it holds a control character or an unusual line end',
    zh: '包含控制字符或不常见的换行符',
  },
  key: { en: 'it has a key that is not text', zh: '存在不是文本的键' },
  wrongKind: {
    en: 'it is no kubeconfig: kind must be Config, apiVersion v1',
    zh: '不是 kubeconfig：kind 应为 Config，apiVersion 应为 v1',
  },
  mapping: { en: 'a mapping with named fields was expected', zh: '此处应为带字段名的映射' },
  list: { en: 'a list was expected', zh: '此处应为列表' },
  text: { en: 'text was expected', zh: '此处应为文本' },
  yesOrNo: { en: 'true or false was expected', zh: '此处应为 true 或 false' },
  name: {
    en: 'a name of at most 512 characters was expected',
    zh: '此处应为不超过 512 个字符的名称',
  },
  namespace: { en: 'the name of a namespace was expected', zh: '此处应为命名空间名称' },
} as const satisfies Record<string, Text>;
