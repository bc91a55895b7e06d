import { type Catalogue, errorsOf } from '#errors';

/** What an API server, or whoever answers in its place, says no with. */
export const kubernetesErrors = {
  BEARER_MALFORMED: {
    status: 422,
    title: { en: 'The token cannot be sent', zh: '令牌无法发送' },
    message: {
      en: 'The token is empty or holds spaces, line breaks or other characters that no header may carry.',
      zh: '令牌为空，或含有空格、换行等请求头不允许的字符。',
    },
    remedy: {
      en: 'Copy the whole token, in one line. kubectl create token NAME makes a new one.',
      zh: '请在一行内完整复制令牌。kubectl create token NAME 可生成新的令牌。',
    },
  },
  AUTH_REJECTED: {
    status: 502,
    title: { en: 'The cluster refuses the credential', zh: '集群拒绝了凭据' },
    message: {
      en: '{host}:{port} does not accept the credential ({method} {path}: 401).',
      zh: '{host}:{port} 不接受该凭据（{method} {path}：401）。',
    },
    remedy: {
      en: 'It has expired, was revoked, or belongs to another cluster. Put a new one in place: PUT /api/v1/clusters/{id}/credentials',
      zh: '凭据已过期、被吊销，或属于其他集群。请更换：PUT /api/v1/clusters/{id}/credentials',
    },
  },
  CREDENTIALS_NOT_PRESENTED: {
    status: 502,
    title: { en: 'The credential did not arrive', zh: '凭据未到达集群' },
    message: {
      en: '{host}:{port} took Drover for system:anonymous: the credential was lost on the way ({method} {path}: 403).',
      zh: '{host}:{port} 将 Drover 视为 system:anonymous：凭据在途中丢失（{method} {path}：403）。',
    },
    remedy: {
      en: 'A load balancer or proxy that ends TLS drops client certificates, and some drop the Authorization header. Have it pass TLS through, or give the address of the API server itself.',
      zh: '终止 TLS 的负载均衡器或代理会丢弃客户端证书，有些还会丢弃 Authorization 头。请让其透传 TLS，或填写 API 服务器本身的地址。',
    },
  },
  PERMISSION_MISSING: {
    status: 502,
    title: { en: 'A permission is missing', zh: '缺少权限' },
    message: {
      en: '{user} lacks on {host}:{port}: {permissions}.',
      zh: '{user} 在 {host}:{port} 上缺少权限：{permissions}。',
    },
    remedy: {
      en: 'Apply the manifest of what is missing: GET /api/v1/clusters/{id}/access-manifest?missing=true. For a cluster that is not registered yet: GET /api/v1/clusters/access-manifest',
      zh: '请应用缺失权限的清单：GET /api/v1/clusters/{id}/access-manifest?missing=true。尚未注册的集群：GET /api/v1/clusters/access-manifest',
    },
  },
  REQUEST_REFUSED: {
    status: 502,
    title: { en: 'The cluster refuses the request', zh: '集群拒绝了请求' },
    message: {
      en: '{host}:{port} refuses {method} {path}: {reason}',
      zh: '{host}:{port} 拒绝了 {method} {path}：{reason}',
    },
    remedy: {
      en: 'A quota, an admission webhook or a policy of the cluster says so: look there.',
      zh: '这是集群的配额、准入 Webhook 或策略所致，请在集群中检查。',
    },
  },
  THROTTLED: {
    status: 503,
    title: { en: 'The cluster asks for fewer requests', zh: '集群限流' },
    message: {
      en: '{host}:{port} is too busy for more requests of Drover’s ({method} {path}: 429).',
      zh: '{host}:{port} 过于繁忙，暂不接受 Drover 的更多请求（{method} {path}：429）。',
    },
    remedy: {
      en: 'It heals by itself. If it persists, give Drover’s service account a FlowSchema of its own.',
      zh: '通常会自行恢复。若持续出现，请为 Drover 的服务账号配置单独的 FlowSchema。',
    },
  },
  HTTP_5XX: {
    status: 502,
    title: { en: 'The cluster answers with an error of its own', zh: '集群返回服务器错误' },
    message: {
      en: '{host}:{port} answered {status} to {method} {path}: {reason}',
      zh: '{host}:{port} 对 {method} {path} 返回 {status}：{reason}',
    },
    remedy: {
      en: 'Look at the API server and etcd; a page in place of a Status comes from a load balancer without a working backend.',
      zh: '请检查 API 服务器和 etcd；若返回的是网页，则来自没有可用后端的负载均衡器。',
    },
  },
  NOT_KUBERNETES: {
    status: 502,
    title: { en: 'Not a Kubernetes API server', zh: '不是 Kubernetes API 服务器' },
    message: {
      en: 'What {host}:{port} answers to {method} {path} is not from a Kubernetes API server ({status}, {contentType}).',
      zh: '{host}:{port} 对 {method} {path} 的响应并非来自 Kubernetes API 服务器（{status}，{contentType}）。',
    },
    remedy: {
      en: 'A proxy, a login page or another service answers there: give the address that kubectl cluster-info shows.',
      zh: '该地址上是代理、登录页或其他服务：请填写 kubectl cluster-info 显示的地址。',
    },
  },
  OBJECT_NOT_FOUND: {
    status: 404,
    title: { en: 'Not in the cluster', zh: '集群中不存在' },
    message: {
      en: '{host}:{port} has nothing at {path}.',
      zh: '{host}:{port} 上不存在 {path}。',
    },
    remedy: {
      en: 'It was deleted, never was there, or belongs to an API that this cluster does not serve.',
      zh: '它已被删除、从未存在，或属于该集群未提供的 API。',
    },
  },
  OBJECT_EXISTS: {
    status: 409,
    title: { en: 'Already in the cluster', zh: '集群中已存在' },
    message: {
      en: '{host}:{port} already has what {method} {path} would create.',
      zh: '{host}:{port} 上已存在 {method} {path} 要创建的对象。',
    },
    remedy: { en: 'Choose another name, or change what is there.', zh: '请换一个名称，或修改已有对象。' },
  },
  OBJECT_CONFLICT: {
    status: 409,
    title: { en: 'Somebody else changed it', zh: '对象已被他人修改' },
    message: {
      en: '{host}:{port} refuses {method} {path}: {reason}',
      zh: '{host}:{port} 拒绝了 {method} {path}：{reason}',
    },
    remedy: {
      en: 'Read it again and decide afresh; fields that another manager owns are taken over only where that is asked for.',
      zh: '请重新读取后再决定；由其他管理者拥有的字段仅在明确要求时才会接管。',
    },
  },
  LIST_EXPIRED: {
    status: 503,
    title: { en: 'The list took too long', zh: '列表已过期' },
    message: {
      en: '{host}:{port} no longer knows the state that {path} was read from (410).',
      zh: '{host}:{port} 已不再保留读取 {path} 时的状态（410）。',
    },
    remedy: { en: 'Begin the list anew.', zh: '请重新开始读取列表。' },
  },
  OBJECT_INVALID: {
    status: 422,
    title: { en: 'The cluster finds it invalid', zh: '集群认为无效' },
    message: {
      en: '{host}:{port} refuses {method} {path}: {reason}',
      zh: '{host}:{port} 拒绝了 {method} {path}：{reason}',
    },
    remedy: { en: 'Correct what it names.', zh: '请更正其中指出的内容。' },
  },
} as const satisfies Catalogue;

export const kubernetesError = errorsOf(kubernetesErrors);
export type KubernetesCode = keyof typeof kubernetesErrors;
