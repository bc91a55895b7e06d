import { type Catalogue, errorsOf } from '#errors';

/** Why a namespace is not made or edited in a cluster. */
export const namespaceErrors = {
  NAMESPACE_NAME_INVALID: {
    status: 422,
    title: { en: 'No name for a namespace', zh: '命名空间名称无效' },
    message: {
      en: 'A namespace’s name has at most 63 lower-case letters, digits and hyphens, and begins and ends with a letter or digit.',
      zh: '命名空间名称最多 63 个字符，仅含小写字母、数字和连字符，且首尾须为字母或数字。',
    },
    remedy: { en: 'Choose a name like team-orders.', zh: '请使用形如 team-orders 的名称。' },
  },
  NAMESPACE_RESERVED: {
    status: 422,
    title: { en: 'The name is Kubernetes’ own', zh: '名称为 Kubernetes 保留' },
    message: {
      en: 'Names that begin with kube- are kept for Kubernetes itself.',
      zh: '以 kube- 开头的名称由 Kubernetes 保留。',
    },
    remedy: { en: 'Choose another name.', zh: '请换一个名称。' },
  },
  NAMESPACE_LABEL_INVALID: {
    status: 422,
    title: { en: 'A label or annotation is not valid', zh: '标签或注解无效' },
    message: { en: 'The cluster would refuse: {at}', zh: '集群会拒绝：{at}' },
    remedy: {
      en: 'A key is a name of at most 63 letters, digits, -, _ and ., after a DNS name and a stroke where wanted; a label’s value is at most 63 of the same.',
      zh: '键为最多 63 个字母、数字、-、_ 或 . 的名称，可带 DNS 前缀和斜杠；标签值最多 63 个同类字符。',
    },
  },
  NAMESPACE_TOO_LARGE: {
    status: 422,
    title: { en: 'The annotations are too large', zh: '注解过大' },
    message: {
      en: 'The annotations have {bytes} bytes in all; Kubernetes takes {most}.',
      zh: '注解共 {bytes} 字节；Kubernetes 上限为 {most}。',
    },
    remedy: {
      en: 'Keep what is long in a config map, and its name in the annotation.',
      zh: '请将较长的内容存入 ConfigMap，仅在注解中保留其名称。',
    },
  },
  NAMESPACE_EXISTS: {
    status: 409,
    title: { en: 'The namespace is there already', zh: '命名空间已存在' },
    message: { en: '{cluster} has a namespace {name}.', zh: '{cluster} 已有命名空间 {name}。' },
    remedy: {
      en: 'Edit it: PATCH /api/v1/namespaces/{cluster}/{name}',
      zh: '请编辑：PATCH /api/v1/namespaces/{cluster}/{name}',
    },
  },
  NAMESPACE_NOT_FOUND: {
    status: 404,
    title: { en: 'There is no such namespace', zh: '命名空间不存在' },
    message: { en: '{cluster} has no namespace {name}.', zh: '{cluster} 没有命名空间 {name}。' },
    remedy: {
      en: 'Look at its name, or create it: POST /api/v1/namespaces',
      zh: '请检查名称，或创建：POST /api/v1/namespaces',
    },
  },
  NAMESPACE_TERMINATING: {
    status: 409,
    title: { en: 'The namespace is being deleted', zh: '命名空间正在删除' },
    message: {
      en: '{name} in {cluster} is being deleted since {since}: nothing can be made of it any more.',
      zh: '{cluster} 中的 {name} 自 {since} 起正在删除，无法再修改。',
    },
    remedy: {
      en: 'Wait until it is gone and create it anew. What holds it up: kubectl get namespace {name} -o jsonpath="{.status.conditions}"',
      zh: '请等待删除完成后重新创建。可查看阻塞原因：kubectl get namespace {name} -o jsonpath="{.status.conditions}"',
    },
  },
  NAMESPACE_FIELD_OWNED: {
    status: 409,
    title: { en: 'Somebody else owns that field', zh: '该字段由他人管理' },
    message: {
      en: 'Another manager of the namespace {name} owns what was to be changed: {owners}.',
      zh: '命名空间 {name} 中要修改的内容由其他管理者拥有：{owners}。',
    },
    remedy: {
      en: 'Change it where that manager gets it from, or take it over: the same again with "force": true.',
      zh: '请在该管理者的来源处修改；或强制接管：重发请求并加上 "force": true。',
    },
  },
  NAMESPACE_BUSY: {
    status: 409,
    title: { en: 'The namespace changes all the time', zh: '命名空间正被频繁修改' },
    message: {
      en: '{name} in {cluster} was changed by others each time that it was to be written.',
      zh: '每次写入 {cluster} 的 {name} 时，它都已被他人修改。',
    },
    remedy: {
      en: 'Try again; find out who changes it: kubectl get namespace {name} --show-managed-fields -o yaml',
      zh: '请重试；可查看由谁修改：kubectl get namespace {name} --show-managed-fields -o yaml',
    },
  },
  NAMESPACE_CLUSTER_MISSING: {
    status: 404,
    title: { en: 'There is no such cluster', zh: '集群不存在' },
    message: {
      en: 'The cluster is not registered, or is being removed.',
      zh: '集群未注册，或正在移除。',
    },
    remedy: {
      en: 'GET /api/v1/clusters lists those that are.',
      zh: 'GET /api/v1/clusters 可列出已注册的集群。',
    },
  },
  NAMESPACE_CLUSTER_HELD: {
    status: 409,
    title: { en: 'Another cluster answers there', zh: '响应的是另一个集群' },
    message: {
      en: 'What answers at the address of {cluster} is another cluster than the one that was registered: nothing is changed in it.',
      zh: '{cluster} 的地址上响应的不是注册时的集群：不会对其做任何修改。',
    },
    remedy: {
      en: 'If it was made anew on purpose: POST /api/v1/clusters/{cluster}/confirm-identity. Else check address and DNS.',
      zh: '若为有意重建：POST /api/v1/clusters/{cluster}/confirm-identity。否则请检查地址和 DNS。',
    },
  },
} as const satisfies Catalogue;

export const namespaceError = errorsOf(namespaceErrors);
