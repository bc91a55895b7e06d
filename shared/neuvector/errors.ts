import { type Catalogue, errorsOf } from '#errors';

/** What is wrong with what answers in a controller's place, with the way to it, or with a join token. */
export const neuvectorErrors = {
  NOT_NEUVECTOR: {
    status: 502,
    title: { en: 'Not a NeuVector controller', zh: '不是 NeuVector 控制器' },
    message: {
      en: 'What {place} answers to {method} {path} is not what a NeuVector controller answers ({status}).',
      zh: '{place} 对 {method} {path} 的响应并非来自 NeuVector 控制器（{status}）。',
    },
    remedy: {
      en: 'Another program, a page of an ingress or the NeuVector manager answers there: give the address of the controller’s REST API, port 10443 unless it was changed.',
      zh: '该地址上是其他程序、Ingress 页面或 NeuVector 管理界面：请填写控制器 REST API 的地址，端口默认为 10443。',
    },
  },
  PASSWORD_MUST_CHANGE: {
    status: 502,
    title: { en: 'The password must be changed first', zh: '必须先修改密码' },
    message: {
      en: '{place} lets {user} in only once another password is set.',
      zh: '{place} 要求 {user} 先设置新密码才能登录。',
    },
    remedy: {
      en: 'It is the bootstrap password: sign in to NeuVector once as {user}, set another, and give that to Drover. An API key needs no password.',
      zh: '这是初始密码：请以 {user} 登录 NeuVector 一次并设置新密码，再将其提供给 Drover。使用 API 密钥则无需密码。',
    },
  },
  PASS_MALFORMED: {
    status: 422,
    title: { en: 'The API key cannot be sent', zh: 'API 密钥无法发送' },
    message: {
      en: 'The API key or its secret is empty or holds line breaks or other characters that no header may carry.',
      zh: 'API 密钥名称或密文为空，或含有换行等请求头不允许的字符。',
    },
    remedy: {
      en: 'Copy name and secret of the key, each in one line.',
      zh: '请分别在一行内完整复制密钥的名称和密文。',
    },
  },
  FEDERATION_PORT_IS_REST: {
    status: 422,
    title: { en: 'The REST port in place of the federation’s', zh: '填写的是 REST 端口而非联邦端口' },
    message: {
      en: '{place} is the REST port of a NeuVector controller; a primary takes clusters on its federation port.',
      zh: '{place} 是 NeuVector 控制器的 REST 端口；主集群通过联邦端口接收集群。',
    },
    remedy: {
      en: 'Give the primary’s federation port: 11443, or what the service neuvector-svc-controller-fed-master is reached at.',
      zh: '请填写主集群的联邦端口：11443，或服务 neuvector-svc-controller-fed-master 的对外地址。',
    },
  },
  SERVICE_UNKNOWN: {
    status: 502,
    title: { en: 'No such service in the cluster', zh: '集群中没有该服务' },
    message: {
      en: 'The cluster has no service {service} in the namespace {namespace}.',
      zh: '集群的命名空间 {namespace} 中没有服务 {service}。',
    },
    remedy: {
      en: 'See: kubectl get services --namespace {namespace}. The chart’s service for the controller’s REST API is neuvector-svc-controller-api.',
      zh: '请查看：kubectl get services --namespace {namespace}。Chart 中控制器 REST API 的服务为 neuvector-svc-controller-api。',
    },
  },
  SERVICE_PORT_UNKNOWN: {
    status: 502,
    title: { en: 'The service has no such port', zh: '服务没有该端口' },
    message: {
      en: 'The service {service} in the namespace {namespace} has no port {port}.',
      zh: '命名空间 {namespace} 中的服务 {service} 没有端口 {port}。',
    },
    remedy: {
      en: 'See: kubectl get service {service} --namespace {namespace}. The port is the service’s, not the pod’s.',
      zh: '请查看：kubectl get service {service} --namespace {namespace}。此处填写服务端口，而非 Pod 端口。',
    },
  },
  SERVICE_WITHOUT_ENDPOINTS: {
    status: 502,
    title: { en: 'No controller behind the service', zh: '服务后端没有控制器' },
    message: {
      en: 'The service {service} in the namespace {namespace} has no pod that is ready.',
      zh: '命名空间 {namespace} 中的服务 {service} 没有就绪的 Pod。',
    },
    remedy: {
      en: 'See: kubectl get pods,endpoints --namespace {namespace}',
      zh: '请查看：kubectl get pods,endpoints --namespace {namespace}',
    },
  },
  SERVICE_UNANSWERED: {
    status: 502,
    title: { en: 'The controller does not answer the cluster', zh: '控制器未响应集群' },
    message: {
      en: 'The API server could not reach the pod behind {service} in the namespace {namespace}: {reason}',
      zh: 'API 服务器无法连接命名空间 {namespace} 中 {service} 后端的 Pod：{reason}',
    },
    remedy: {
      en: 'Check that the port is the one of the controller’s REST API, and that network policies let the API server in.',
      zh: '请检查端口是否为控制器 REST API 的端口，以及网络策略是否放行 API 服务器。',
    },
  },
  SERVICE_PROXY_FORBIDDEN: {
    status: 502,
    title: { en: 'The cluster does not let us through', zh: '集群不允许转发' },
    message: {
      en: '{user} may not use the proxy of the service {service} in the namespace {namespace}: {permissions}.',
      zh: '{user} 无权使用命名空间 {namespace} 中服务 {service} 的代理：{permissions}。',
    },
    remedy: {
      en: 'Grant the cluster’s service account the capability join: GET /api/v1/clusters/{id}/access-manifest?capabilities=join',
      zh: '请为集群的服务账号授予 join 能力：GET /api/v1/clusters/{id}/access-manifest?capabilities=join',
    },
  },
  JOIN_TOKEN_EMPTY: {
    status: 422,
    title: { en: 'The join token is empty', zh: '加入令牌为空' },
    message: { en: 'There is nothing where a join token was expected.', zh: '应提供加入令牌，但内容为空。' },
    remedy: {
      en: 'Copy the token from the primary: Multiple Clusters, Generate Token; or GET /v1/fed/join_token of its REST API.',
      zh: '请从主集群复制令牌：多集群页面中的“生成令牌”，或其 REST API 的 GET /v1/fed/join_token。',
    },
  },
  JOIN_TOKEN_NOT_BASE64: {
    status: 422,
    title: { en: 'Not a join token', zh: '不是加入令牌' },
    message: {
      en: 'The join token holds characters that base64 does not have.',
      zh: '加入令牌含有 base64 以外的字符。',
    },
    remedy: {
      en: 'Copy the whole token from the primary, without quotes and what stands around it.',
      zh: '请从主集群完整复制令牌，不要包含引号及其他内容。',
    },
  },
  JOIN_TOKEN_NOT_JSON: {
    status: 422,
    title: { en: 'The join token is damaged', zh: '加入令牌已损坏' },
    message: {
      en: 'The join token is base64, but not of the JSON object that join tokens are made of.',
      zh: '加入令牌是 base64，但内容不是加入令牌应有的 JSON 对象。',
    },
    remedy: {
      en: 'A part of it is missing, or it is another token: copy it from the primary once more, as a whole.',
      zh: '令牌不完整，或是其他令牌：请从主集群重新完整复制。',
    },
  },
  JOIN_TOKEN_WITHOUT_ADDRESS: {
    status: 422,
    title: { en: 'The join token names no primary', zh: '加入令牌未包含主集群' },
    message: {
      en: 'The join token does not say at which address and port the primary is.',
      zh: '加入令牌没有说明主集群的地址和端口。',
    },
    remedy: {
      en: 'Set the address of the primary’s federation listener there (promote, or PATCH /v1/fed/config with rest_info), and make a new token.',
      zh: '请在主集群上设置联邦监听地址（提升为主集群时，或 PATCH /v1/fed/config 的 rest_info），然后生成新令牌。',
    },
  },
  JOIN_TOKEN_IS_FIXED: {
    status: 422,
    title: { en: 'A fixed token, not a join token', zh: '这是固定令牌，不是加入令牌' },
    message: {
      en: 'This is a UUID, such as Join_Token in fedinitcfg.yaml; the API takes tokens that the primary makes.',
      zh: '这是 UUID，即 fedinitcfg.yaml 中的 Join_Token；API 需要由主集群生成的令牌。',
    },
    remedy: {
      en: 'Copy the token that the primary makes (Generate Token), or give base64 of {"s":"SERVER","p":PORT,"t":"UUID"} with the primary’s federation address.',
      zh: '请复制主集群生成的令牌（“生成令牌”），或提供 {"s":"SERVER","p":PORT,"t":"UUID"} 的 base64，其中为主集群的联邦地址。',
    },
  },
  JOIN_TOKEN_URL_REFUSED: {
    status: 502,
    title: { en: 'No join token from its address', zh: '无法从地址获取加入令牌' },
    message: {
      en: '{host} answered {status} where a join token was expected.',
      zh: '{host} 返回了 {status}，未提供加入令牌。',
    },
    remedy: {
      en: 'Check the address that join tokens are fetched from, and that it needs no sign-in.',
      zh: '请检查获取加入令牌的地址，并确认其不需要登录。',
    },
  },
  JOIN_TOKEN_URL_WITHOUT_TOKEN: {
    status: 502,
    title: { en: 'A page in place of a join token', zh: '返回的是网页而非加入令牌' },
    message: {
      en: '{host} answered with a page, not with a join token.',
      zh: '{host} 返回了网页，而不是加入令牌。',
    },
    remedy: {
      en: 'Give an address that answers with JSON, {"context":"TOKEN"} or {"join_token":"TOKEN"}, or with the token alone.',
      zh: '请提供返回 JSON（{"context":"TOKEN"} 或 {"join_token":"TOKEN"}）或仅返回令牌的地址。',
    },
  },
} as const satisfies Catalogue;

export const neuvectorError = errorsOf(neuvectorErrors);
export type NeuvectorCode = keyof typeof neuvectorErrors;
