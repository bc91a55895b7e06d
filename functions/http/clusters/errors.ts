import { type Catalogue, errorsOf } from '#errors';

/** What only the API says of clusters. */
export const clusterHttpErrors = {
  VALIDATION_FAILED: {
    status: 422,
    title: { en: 'The connection was tried and failed', zh: '连接验证失败' },
    message: { en: 'Step "{step}" failed ({code}): {message}', zh: '步骤“{step}”失败（{code}）：{message}' },
    remedy: {
      en: '{remedy} What every step found is in "validation". To store it all the same: ?unchecked=true.',
      zh: '{remedy}各步骤的结果见 "validation"。如仍要保存，请使用 ?unchecked=true。',
    },
  },
  CHECK_NOT_DONE: {
    status: 503,
    title: { en: 'Not checked in time', zh: '未能及时检查' },
    message: {
      en: 'The time of this request was over before it was this one’s turn.',
      zh: '轮到此项之前，本次请求的时间已用完。',
    },
    remedy: {
      en: 'Nothing was done with it. Send these again; an import takes more at once with ?unchecked=true.',
      zh: '未对其做任何处理。请重新发送这些项；导入时使用 ?unchecked=true 可一次处理更多。',
    },
  },
  IMPORT_EMPTY: {
    status: 422,
    title: { en: 'Nothing to import', zh: '没有可导入的内容' },
    message: {
      en: 'The kubeconfig has none of the contexts that were asked for.',
      zh: 'kubeconfig 中没有所请求的任何上下文。',
    },
    remedy: {
      en: 'See which it has: kubectl config get-contexts. Without "contexts" all are imported.',
      zh: '请查看其中的上下文：kubectl config get-contexts。省略 "contexts" 则全部导入。',
    },
  },
  PERMISSIONS_UNKNOWN: {
    status: 409,
    title: { en: 'What is missing is not known', zh: '尚不知道缺少哪些权限' },
    message: {
      en: 'The cluster {name} could not be asked what Drover may do there: step "{step}" failed ({code}).',
      zh: '无法向集群 {name} 查询 Drover 的权限：步骤“{step}”失败（{code}）。',
    },
    remedy: {
      en: '{remedy} Without missing=true the whole manifest is answered.',
      zh: '{remedy}去掉 missing=true 可获取完整清单。',
    },
  },
} as const satisfies Catalogue;

export const clusterHttpError = errorsOf(clusterHttpErrors);
