import { type Catalogue, errorsOf } from '#errors';

const status = 500;

/** What can keep a real control plane from being built or started, or a given cluster from being used as one. */
const controlPlaneErrors = {
  GO_MISSING: {
    status,
    title: { en: 'Go is missing', zh: '缺少 Go' },
    message: {
      en: 'The Kubernetes control plane for tests is built with Go {needed} or newer, and there is no go command',
      zh: '测试用的 Kubernetes 控制面需要用 Go {needed} 或更新版本构建，但找不到 go 命令',
    },
    remedy: {
      en: 'install it from https://go.dev/dl (or Debian’s golang-go where apt-cache policy shows {needed} or newer) and put its bin folder on the PATH. Only npm run test:fidelity and npm run cluster need it; the former also takes KUBECONFIG of a disposable cluster of Kubernetes {minor}.',
      zh: '请从 https://go.dev/dl 安装（若 apt-cache policy 显示 Debian 的 golang-go 不低于 {needed}，也可用它），并把其 bin 目录加入 PATH。只有 npm run test:fidelity 和 npm run cluster 需要 Go；前者也可用 KUBECONFIG 指定一个可丢弃的 Kubernetes {minor} 集群。',
    },
  },
  GO_TOO_OLD: {
    status,
    title: { en: 'Go is too old', zh: 'Go 版本过旧' },
    message: {
      en: 'The Kubernetes control plane for tests is built with Go {needed} or newer, and the go command is {found}',
      zh: '测试用的 Kubernetes 控制面需要用 Go {needed} 或更新版本构建，而当前的 go 命令是 {found}',
    },
    remedy: {
      en: 'install a newer one from https://go.dev/dl and put its bin folder first on the PATH. Only npm run test:fidelity and npm run cluster need it; the former also takes KUBECONFIG of a disposable cluster of Kubernetes {minor}.',
      zh: '请从 https://go.dev/dl 安装新版本，并把其 bin 目录放在 PATH 最前。只有 npm run test:fidelity 和 npm run cluster 需要 Go；前者也可用 KUBECONFIG 指定一个可丢弃的 Kubernetes {minor} 集群。',
    },
  },
  BUILD_FAILED: {
    status,
    title: { en: 'The control plane could not be built', zh: '控制面构建失败' },
    message: { en: 'go build failed:\n{said}\n', zh: 'go build 失败：\n{said}\n' },
    remedy: {
      en: 'it needs the Go module proxy (GOPROXY), 5 GB of disk and 4 GB of memory; it goes on where it stopped.',
      zh: '构建需要能访问 Go 模块代理（GOPROXY）、5 GB 磁盘和 4 GB 内存；再次执行会从中断处继续。',
    },
  },
  COMPONENT_ENDED: {
    status,
    title: { en: 'A part of the control plane ended', zh: '控制面的一个组件退出' },
    message: { en: '{component} ended ({how}):\n{said}\n', zh: '{component} 退出（{how}）：\n{said}\n' },
    remedy: { en: 'all it said is in {log}', zh: '完整日志：{log}' },
  },
  COMPONENT_NOT_READY: {
    status,
    title: { en: 'The control plane did not become ready', zh: '控制面未能就绪' },
    message: {
      en: '{component} was not ready after {seconds} s ({state}):\n{said}\n',
      zh: '{component} 在 {seconds} 秒后仍未就绪（{state}）：\n{said}\n',
    },
    remedy: { en: 'all it said is in {log}', zh: '完整日志：{log}' },
  },
  ARGUMENT_UNKNOWN: {
    status,
    title: { en: 'Unknown argument', zh: '未知参数' },
    message: { en: 'npm run cluster: {reason}', zh: 'npm run cluster：{reason}' },
    remedy: {
      en: 'it takes --nodes NUMBER (default 3), --port NUMBER and --folder PATH (keeps the cluster’s data), after a --.',
      zh: '可用参数（写在 -- 之后）：--nodes 数量（默认 3）、--port 端口、--folder 目录（保留集群数据）。',
    },
  },
  CLUSTER_UNUSABLE: {
    status,
    title: { en: 'The given cluster cannot be used', zh: '指定的集群无法使用' },
    message: {
      en: 'The cluster that KUBECONFIG names cannot be used: {reason}',
      zh: 'KUBECONFIG 指定的集群无法使用：{reason}',
    },
    remedy: {
      en: 'name a disposable cluster of Kubernetes {minor}, with its CA and an administrator’s client certificate, or unset KUBECONFIG to have one started.',
      zh: '请指定一个可丢弃的 Kubernetes {minor} 集群（包含其 CA 与管理员客户端证书），或取消设置 KUBECONFIG 以自动启动一个。',
    },
  },
} as const satisfies Catalogue;

export const fail = errorsOf(controlPlaneErrors);
