import { type Catalogue, errorsOf } from '#errors';

/** Why an inventory is not renewed, or is not all there is. */
export const syncErrors = {
  SYNC_PAUSED: {
    status: 409,
    title: { en: 'The cluster is paused', zh: '集群已暂停' },
    message: {
      en: 'Nothing is listed while the cluster is paused; what was listed before stays.',
      zh: '集群暂停期间不会同步资源；已同步的内容保留。',
    },
    remedy: {
      en: 'Resume it: POST /api/v1/clusters/{id}/resume',
      zh: '请恢复：POST /api/v1/clusters/{id}/resume',
    },
  },
  SYNC_PENDING: {
    status: 409,
    title: { en: 'The cluster has not been reached yet', zh: '集群尚未连通' },
    message: {
      en: 'The cluster was not yet looked at with success.',
      zh: '集群尚未成功检查过。',
    },
    remedy: {
      en: 'Listing begins by itself after the first good look: POST /api/v1/clusters/{id}/check-connection says what is in the way.',
      zh: '首次检查成功后会自动开始：POST /api/v1/clusters/{id}/check-connection 可说明原因。',
    },
  },
  INVENTORY_MISSING: {
    status: 404,
    title: { en: 'Nothing of this kind was listed', zh: '尚无该类资源' },
    message: {
      en: 'There is no list of {kind} of this cluster.',
      zh: '该集群没有 {kind} 的列表。',
    },
    remedy: {
      en: 'Name the kind in the cluster’s sync.kinds, or list once: POST /api/v1/clusters/{id}/sync-resources',
      zh: '请在集群的 sync.kinds 中加入该类，或同步一次：POST /api/v1/clusters/{id}/sync-resources',
    },
  },
  INVENTORY_CAPPED: {
    status: 422,
    title: { en: 'There is more than is kept', zh: '数量超出保存上限' },
    message: {
      en: 'The cluster has more {kind} than {most}: the list ends there.',
      zh: '集群的 {kind} 超过 {most} 个：列表到此为止。',
    },
    remedy: {
      en: 'Ask the cluster itself for the rest; the counts of its checks are of all.',
      zh: '其余请直接向集群查询；检查所得的计数是全部的。',
    },
  },
  INVENTORY_INCONSISTENT: {
    status: 422,
    title: { en: 'The list is of two moments', zh: '列表取自两个时刻' },
    message: {
      en: 'The cluster forgot, while its {kind} were listed, the state they were read from: the end of the list is newer than its beginning.',
      zh: '列出 {kind} 期间，集群已不再保留读取时的状态：列表末尾比开头更新。',
    },
    remedy: {
      en: 'What was made or removed in between may be missing or shown; the next sync sets it right.',
      zh: '期间创建或删除的对象可能缺失或仍显示；下次同步会更正。',
    },
  },
} as const satisfies Catalogue;

export const syncError = errorsOf(syncErrors);
