import type { Text } from '#errors';
import type { Fault } from '../faults/fault.ts';

export interface Preset {
  readonly title: Text;
  readonly fault: Fault;
}

/** What the page offers with one click: each kind of fault, with values that show it. */
export const presets: readonly Preset[] = [
  { title: { en: 'Connection: refused', zh: '连接：被拒绝' }, fault: { kind: 'refused' } },
  {
    title: { en: 'Connection: dropped by a firewall', zh: '连接：被防火墙丢弃' },
    fault: { kind: 'dropped' },
  },
  { title: { en: 'Connection: taken, then silence', zh: '连接：建立后无响应' }, fault: { kind: 'silent' } },
  { title: { en: 'Connection: reset at once', zh: '连接：立即重置' }, fault: { kind: 'resetAtOnce' } },
  {
    title: { en: 'TLS: plain HTTP on the port', zh: 'TLS：端口上是明文 HTTP' },
    fault: { kind: 'plainHttp' },
  },
  {
    title: { en: 'TLS: certificate expired', zh: 'TLS：证书已过期' },
    fault: { kind: 'certificate', problem: 'expired' },
  },
  {
    title: { en: 'TLS: certificate not yet valid', zh: 'TLS：证书尚未生效' },
    fault: { kind: 'certificate', problem: 'notYetValid' },
  },
  {
    title: { en: 'TLS: certificate of a foreign CA', zh: 'TLS：证书由其他 CA 签发' },
    fault: { kind: 'certificate', problem: 'foreignCa' },
  },
  {
    title: { en: 'TLS: certificate of a foreign CA, sent along', zh: 'TLS：证书由其他 CA 签发，并附带该 CA' },
    fault: { kind: 'certificate', problem: 'foreignCaSent' },
  },
  {
    title: { en: 'TLS: self-signed certificate', zh: 'TLS：自签名证书' },
    fault: { kind: 'certificate', problem: 'selfSigned' },
  },
  {
    title: { en: 'TLS: intermediate certificate missing', zh: 'TLS：缺少中间证书' },
    fault: { kind: 'certificate', problem: 'incompleteChain' },
  },
  {
    title: { en: 'TLS: certificate for another name', zh: 'TLS：证书名称不符' },
    fault: { kind: 'certificate', problem: 'wrongName' },
  },
  { title: { en: 'TLS: 1.1 and older only', zh: 'TLS：仅支持 1.1 及更早版本' }, fault: { kind: 'oldTls' } },
  {
    title: { en: 'TLS: no cipher in common', zh: 'TLS：没有共同的加密套件' },
    fault: { kind: 'noSharedCipher' },
  },
  {
    title: { en: 'TLS: client certificate required', zh: 'TLS：要求客户端证书' },
    fault: { kind: 'clientCertificateRequired' },
  },
  {
    title: { en: 'Latency: 2 s', zh: '延迟：2 秒' },
    fault: { kind: 'latency', millis: 2_000, jitterMillis: 500 },
  },
  { title: { en: 'Requests: never answered', zh: '请求：永不应答' }, fault: { kind: 'hang' } },
  {
    title: { en: 'Answers: reset half-way', zh: '应答：中途重置' },
    fault: { kind: 'reset', afterBytes: 100 },
  },
  { title: { en: 'Answers: cut short', zh: '应答：被截断' }, fault: { kind: 'truncated', afterBytes: 100 } },
  { title: { en: 'Answers: 1 kB/s', zh: '应答：1 kB/s' }, fault: { kind: 'slow', bytesPerSecond: 1_000 } },
  { title: { en: '401 Unauthorized', zh: '401 未认证' }, fault: { kind: 'status', code: 401 } },
  { title: { en: '403 Forbidden', zh: '403 无权限' }, fault: { kind: 'status', code: 403 } },
  {
    title: { en: '429, every second request', zh: '429，每两个请求一次' },
    fault: { kind: 'status', code: 429, retryAfterSeconds: 5, chance: 0.5 },
  },
  { title: { en: '500 of etcd', zh: '500（etcd 超时）' }, fault: { kind: 'status', code: 500 } },
  {
    title: { en: '503 Unavailable', zh: '503 不可用' },
    fault: { kind: 'status', code: 503, retryAfterSeconds: 1 },
  },
  { title: { en: 'Not ready: etcd', zh: '未就绪：etcd' }, fault: { kind: 'unready', checks: ['etcd'] } },
  { title: { en: 'Proxy: 502 page', zh: '代理：502 页面' }, fault: { kind: 'html', code: 502 } },
  { title: { en: 'Proxy: sign-in page', zh: '代理：登录页面' }, fault: { kind: 'html', code: 200 } },
  {
    title: { en: 'Proxy: redirect to a sign-in', zh: '代理：重定向到登录' },
    fault: { kind: 'redirect', to: 'https://login.example/' },
  },
  { title: { en: 'Proxy: 407', zh: '代理：407' }, fault: { kind: 'proxyAuthentication' } },
  { title: { en: 'Credentials lost on the way', zh: '凭据在途中丢失' }, fault: { kind: 'credentialsLost' } },
  {
    title: { en: 'Lists: 410 on the next page', zh: '列表：翻页时 410' },
    fault: { kind: 'continueExpired' },
  },
  {
    title: { en: 'Watches: dropped after 5 s', zh: 'Watch：5 秒后中断' },
    fault: { kind: 'watchDropped', afterMillis: 5_000, how: 'reset' },
  },
  { title: { en: 'Reads: stale', zh: '读取：数据陈旧' }, fault: { kind: 'stale' } },
  {
    title: { en: 'Aggregated API metrics.k8s.io away', zh: '聚合 API metrics.k8s.io 不可用' },
    fault: { kind: 'apiUnavailable', group: 'metrics.k8s.io', version: 'v1beta1' },
  },
  {
    title: { en: 'Clock: 10 minutes slow', zh: '时钟：慢 10 分钟' },
    fault: { kind: 'clockSkew', millis: -600_000 },
  },
  { title: { en: 'Version: 1.29', zh: '版本：1.29' }, fault: { kind: 'version', minor: 29 } },
  {
    title: { en: 'Another cluster at the address', zh: '该地址上是另一个集群' },
    fault: { kind: 'otherCluster' },
  },
];

const neuvector = (status: number, code: number, en: string, zh: string, path?: string): Preset => ({
  title: { en: `${status}, code ${code}: ${en}`, zh: `${status}，代码 ${code}：${zh}` },
  fault: { kind: 'neuvector', status, code, ...(path !== undefined && { on: { path } }) },
});

/** What the page offers for a NeuVector controller: what is no matter of Kubernetes, and answers of its own. */
export const controllerPresets: readonly Preset[] = [
  ...presets.filter(
    ({ title, fault }) =>
      /^(Connection|TLS|Latency|Requests|Answers|Proxy)/.test(title.en) &&
      fault.kind !== 'clientCertificateRequired',
  ),
  neuvector(401, 3, 'not signed in', '未登录'),
  neuvector(401, 47, 'account blocked', '账号被锁定', '/v1/auth'),
  neuvector(403, 25, 'not allowed', '无权限'),
  neuvector(500, 19, 'lock busy', '锁被占用', '/v1/fed/**'),
  neuvector(417, 39, 'join token over', '加入令牌已失效', '/v1/fed/join*'),
  neuvector(409, 41, 'name is taken', '名称已被占用', '/v1/fed/join*'),
  neuvector(400, 40, 'cluster not reachable', '集群不可达', '/v1/fed/join*'),
  neuvector(426, 42, 'primary too old', '主集群版本过旧', '/v1/fed/join'),
  neuvector(426, 43, 'cluster too old', '集群版本过旧', '/v1/fed/join'),
  neuvector(426, 39, 'upgrade going on', '正在升级', '/v1/fed/join*'),
  neuvector(428, 4, 'federal groups left over', '遗留联邦组', '/v1/fed/join'),
  {
    title: { en: 'Join: done, and its answer lost', zh: '加入：已完成但应答丢失' },
    fault: { kind: 'reset', times: 1, on: { path: '/v1/fed/join' } },
  },
];
