import { type Catalogue, errorsOf } from '#errors';

/** What can be wrong with a kubeconfig or a credential, told before anything is dialled. No value of a secret is told. */
export const clusterErrors = {
  CREDENTIAL_NEEDED: {
    status: 422,
    title: { en: 'The credential is needed, too', zh: '需要同时提供凭据' },
    message: {
      en: 'This would send the stored credential somewhere it was not given for: {fields} would change.',
      zh: '这会把所存凭据发送到它并非为之提供的地方：{fields} 将改变。',
    },
    remedy: {
      en: 'Send "credential" in the same request. To change other things, leave these fields out.',
      zh: '请在同一请求中提供 "credential"。若只改其他内容，请省略这些字段。',
    },
  },
  CREDENTIAL_FOR_OTHER_SERVER: {
    status: 422,
    title: { en: 'The kubeconfig is for another server', zh: 'kubeconfig 指向另一台服务器' },
    message: {
      en: 'The kubeconfig names {given}; the cluster {name} is at {server}.',
      zh: 'kubeconfig 中的服务器是 {given}；集群 {name} 位于 {server}。',
    },
    remedy: {
      en: 'Rotation keeps the server. Give the credential for it, or change the server with PATCH, which takes both.',
      zh: '轮换凭据不会更换服务器。请提供该服务器的凭据，或用 PATCH 同时更改服务器与凭据。',
    },
  },
  CREDENTIAL_FOR_OTHER_CLUSTER: {
    status: 409,
    title: { en: 'Another cluster answered', zh: '应答的是另一个集群' },
    message: {
      en: 'With this credential a cluster with the UID {given} answers; {name} is {uid}.',
      zh: '使用此凭据应答的集群 UID 为 {given}；{name} 的 UID 为 {uid}。',
    },
    remedy: {
      en: 'Look whether the server has been rebuilt. If so, repeat the request with ?unchecked=true, and confirm the identity once the cluster is held.',
      zh: '请确认该服务器是否已重建。若是，请带 ?unchecked=true 重试，并在集群被挂起后确认其身份。',
    },
  },
  CLUSTER_NOT_HELD: {
    status: 409,
    title: { en: 'The cluster is not held', zh: '集群未被挂起' },
    message: {
      en: 'The cluster {name} is {state}: there is no other identity to confirm.',
      zh: '集群 {name} 的状态为 {state}：没有待确认的新身份。',
    },
    remedy: { en: 'Nothing is to be done.', zh: '无需操作。' },
  },
  CREDENTIAL_CHANGED_MEANWHILE: {
    status: 409,
    title: { en: 'The credential was changed meanwhile', zh: '凭据已被他人更改' },
    message: {
      en: 'While this was checked, another credential was stored for the cluster {name}.',
      zh: '检查期间，集群 {name} 存入了另一个凭据。',
    },
    remedy: { en: 'Read the record again and decide anew.', zh: '请重新读取该记录后再决定。' },
  },
  CHECKER_LATE: {
    status: 503,
    title: { en: 'Drover is late', zh: 'Drover 检查滞后' },
    message: {
      en: 'Drover has not looked at it since {when}: what is shown is as it was then.',
      zh: 'Drover 自 {when} 起未再检查：显示的是当时的情况。',
    },
    remedy: {
      en: 'Nothing is known against the cluster. See whether Drover’s timer and workers run: GET /readyz.',
      zh: '这不表示集群有问题。请检查 Drover 的定时器和工作函数是否在运行：GET /readyz。',
    },
  },
  KUBECONFIG_UNREADABLE: {
    status: 422,
    title: { en: 'The kubeconfig cannot be read', zh: '无法读取 kubeconfig' },
    message: {
      en: 'The kubeconfig cannot be read ({at}): {reason}.',
      zh: '无法读取 kubeconfig（{at}）：{reason}。',
    },
    remedy: {
      en: 'Send the output of: kubectl config view --raw --flatten --minify',
      zh: '请提交此命令的输出：kubectl config view --raw --flatten --minify',
    },
  },
  KUBECONFIG_DUPLICATE: {
    status: 422,
    title: { en: 'Something stands twice in the kubeconfig', zh: 'kubeconfig 中有重复项' },
    message: {
      en: '{at} stands twice in the kubeconfig; programs differ in which of the two they take.',
      zh: 'kubeconfig 中的 {at} 重复出现；不同程序会取用不同的一个。',
    },
    remedy: {
      en: 'Remove one of them, or send the output of: kubectl config view --raw --flatten --minify',
      zh: '请删除其中之一，或提交此命令的输出：kubectl config view --raw --flatten --minify',
    },
  },
  KUBECONFIG_ALIAS: {
    status: 422,
    title: { en: 'The kubeconfig refers to itself', zh: 'kubeconfig 使用了 YAML 引用' },
    message: {
      en: 'The kubeconfig uses a YAML anchor (&), alias (*) or merge key (<<) ({at}).',
      zh: 'kubeconfig 使用了 YAML 锚点（&）、别名（*）或合并键（<<）（{at}）。',
    },
    remedy: {
      en: 'Write the values out, or send the output of: kubectl config view --raw --flatten --minify',
      zh: '请直接写出各值，或提交此命令的输出：kubectl config view --raw --flatten --minify',
    },
  },
  KUBECONFIG_TAG: {
    status: 422,
    title: { en: 'The kubeconfig uses a YAML tag', zh: 'kubeconfig 使用了 YAML 标签' },
    message: {
      en: 'The kubeconfig uses a YAML tag (!) ({at}).',
      zh: 'kubeconfig 使用了 YAML 标签（!）（{at}）。',
    },
    remedy: {
      en: 'Remove the tag; put the value in quotes where it begins with an exclamation mark.',
      zh: '请删除该标签；若值以感叹号开头，请加引号。',
    },
  },
  KUBECONFIG_EXEC: {
    status: 422,
    title: { en: 'The kubeconfig runs a command', zh: 'kubeconfig 会运行命令' },
    message: {
      en: '{at} runs {command} to get a credential. Drover runs no commands.',
      zh: '{at} 通过运行 {command} 获取凭据。Drover 不运行任何命令。',
    },
    remedy: {
      en: '{wayOut} A service account works everywhere: apply the manifest of GET /api/v1/clusters/access-manifest and give its token.',
      zh: '{wayOut}服务账号在任何集群都可用：请应用 GET /api/v1/clusters/access-manifest 生成的清单并提供其令牌。',
    },
  },
  KUBECONFIG_AUTH_PROVIDER: {
    status: 422,
    title: { en: 'The kubeconfig uses an auth provider', zh: 'kubeconfig 使用了认证插件' },
    message: {
      en: '{at} names the auth provider {provider}, which Kubernetes removed in 1.26 and Drover does not run.',
      zh: '{at} 指定了认证插件 {provider}，Kubernetes 1.26 已将其移除，Drover 也不运行它。',
    },
    remedy: {
      en: 'Apply the manifest of GET /api/v1/clusters/access-manifest and give the token of its service account.',
      zh: '请应用 GET /api/v1/clusters/access-manifest 生成的清单，并提供其服务账号的令牌。',
    },
  },
  KUBECONFIG_FILE_PATH: {
    status: 422,
    title: { en: 'The kubeconfig points to a file', zh: 'kubeconfig 指向了文件' },
    message: {
      en: '{at} is the path of a file. It is on your machine, and Drover opens no files.',
      zh: '{at} 是文件路径。该文件在您的机器上，Drover 不打开任何文件。',
    },
    remedy: {
      en: 'Have the contents put in: kubectl config view --raw --flatten --minify. A token file is not: give the token itself.',
      zh: '请用 kubectl config view --raw --flatten --minify 内嵌文件内容。令牌文件不会被内嵌：请直接提供令牌。',
    },
  },
  KUBECONFIG_INSECURE: {
    status: 422,
    title: { en: 'The kubeconfig asks not to verify the server', zh: 'kubeconfig 要求不验证服务器' },
    message: {
      en: '{at} is set: whoever stands between would get the credential.',
      zh: '{at} 已设置：中间人将能获取凭据。',
    },
    remedy: {
      en: 'Remove it, and give the CA or the SHA-256 fingerprint of the server’s certificate. An administrator may allow it without a CA: DROVER_ALLOW_INSECURE_TLS.',
      zh: '请删除该项，并提供 CA 或服务器证书的 SHA-256 指纹。若没有 CA，管理员可通过 DROVER_ALLOW_INSECURE_TLS 放行。',
    },
  },
  INSECURE_NO_LONGER_ALLOWED: {
    status: 422,
    title: { en: 'Its server may no longer go unverified', zh: '不再允许不验证其服务器' },
    message: {
      en: 'The server of this cluster is not verified, which this installation no longer allows: nothing is sent there.',
      zh: '该集群的服务器未经验证，而本安装已不再允许：不会向其发送任何内容。',
    },
    remedy: {
      en: 'Give its CA or the SHA-256 fingerprint of its certificate, with the credential: PATCH /api/v1/clusters/{id}. Or allow it again: DROVER_ALLOW_INSECURE_TLS.',
      zh: '请连同凭据提供其 CA 或证书的 SHA-256 指纹：PATCH /api/v1/clusters/{id}。或重新放行：DROVER_ALLOW_INSECURE_TLS。',
    },
  },
  KUBECONFIG_PROXY: {
    status: 422,
    title: { en: 'The kubeconfig names a proxy', zh: 'kubeconfig 指定了代理' },
    message: {
      en: '{at} names a proxy. A proxy is vetted like a cluster, so it is given apart.',
      zh: '{at} 指定了代理。代理与集群一样需要审核，因此须单独填写。',
    },
    remedy: {
      en: 'Remove it from the kubeconfig, and give server, CA and credential in their own fields, the proxy in the field "proxy".',
      zh: '请从 kubeconfig 中删除该项，并在各自的字段中填写服务器、CA 和凭据，代理填入字段 "proxy"。',
    },
  },
  KUBECONFIG_IMPERSONATION: {
    status: 422,
    title: { en: 'The kubeconfig acts as somebody else', zh: 'kubeconfig 使用了身份模拟' },
    message: {
      en: '{at} asks to act as somebody else, which Drover does not do.',
      zh: '{at} 要求模拟其他身份，Drover 不支持。',
    },
    remedy: {
      en: 'Give a credential of the identity that Drover shall have: GET /api/v1/clusters/access-manifest makes one.',
      zh: '请直接提供 Drover 应使用的身份的凭据：GET /api/v1/clusters/access-manifest 可生成。',
    },
  },
  KUBECONFIG_BASIC_AUTH: {
    status: 422,
    title: { en: 'The kubeconfig has a user name and password', zh: 'kubeconfig 使用用户名和密码' },
    message: {
      en: '{at}: Kubernetes takes no user names and passwords since 1.19.',
      zh: '{at}：Kubernetes 自 1.19 起不再接受用户名和密码。',
    },
    remedy: {
      en: 'Give a token or a client certificate: GET /api/v1/clusters/access-manifest makes a service account.',
      zh: '请提供令牌或客户端证书：GET /api/v1/clusters/access-manifest 可生成服务账号。',
    },
  },
  KUBECONFIG_CONTEXT_AMBIGUOUS: {
    status: 422,
    title: { en: 'Which context?', zh: '请选择上下文' },
    message: {
      en: 'The kubeconfig has {count} contexts: {contexts}.',
      zh: 'kubeconfig 中有 {count} 个上下文：{contexts}。',
    },
    remedy: {
      en: 'Name one in "context", or import them all: POST /api/v1/clusters/import. The current context is not taken for you.',
      zh: '请在 "context" 中指定一个，或通过 POST /api/v1/clusters/import 全部导入。不会自动采用 current-context。',
    },
  },
  KUBECONFIG_CONTEXT_MISSING: {
    status: 422,
    title: { en: 'The context is not there', zh: '找不到上下文' },
    message: {
      en: 'The kubeconfig has no such context; it has: {contexts}.',
      zh: 'kubeconfig 中没有该上下文；现有：{contexts}。',
    },
    remedy: {
      en: 'Name one that is there. Each context joins a cluster and a user: kubectl config get-contexts lists them.',
      zh: '请指定现有的上下文。上下文由集群和用户组成：可用 kubectl config get-contexts 列出。',
    },
  },
  KUBECONFIG_CLUSTER_MISSING: {
    status: 422,
    title: { en: 'The context’s cluster is not there', zh: '找不到上下文的集群' },
    message: {
      en: '{at} names no cluster of this kubeconfig.',
      zh: '{at} 未指向此 kubeconfig 中的集群。',
    },
    remedy: {
      en: 'Send the whole context: kubectl config view --raw --flatten --minify --context NAME',
      zh: '请提交完整的上下文：kubectl config view --raw --flatten --minify --context NAME',
    },
  },
  KUBECONFIG_USER_MISSING: {
    status: 422,
    title: { en: 'The context’s user is not there', zh: '找不到上下文的用户' },
    message: {
      en: '{at} names no user of this kubeconfig.',
      zh: '{at} 未指向此 kubeconfig 中的用户。',
    },
    remedy: {
      en: 'Send the whole context: kubectl config view --raw --flatten --minify --context NAME',
      zh: '请提交完整的上下文：kubectl config view --raw --flatten --minify --context NAME',
    },
  },
  KUBECONFIG_SERVER_INVALID: {
    status: 422,
    title: { en: 'The server’s address is not valid', zh: '服务器地址无效' },
    message: {
      en: 'The address of the server cannot be used: {at} {reason}.',
      zh: '服务器地址无法使用：{at} {reason}。',
    },
    remedy: {
      en: 'Write it as https://host:port, with a path where the cluster is behind one.',
      zh: '请按 https://host:port 的形式填写；若集群位于某路径下，可带路径。',
    },
  },
  KUBECONFIG_SERVER_NOT_HTTPS: {
    status: 422,
    title: { en: 'The server is not spoken to over https', zh: '服务器未使用 https' },
    message: {
      en: '{at} begins with http: the credential would cross the network in clear.',
      zh: '{at} 以 http 开头：凭据将以明文传输。',
    },
    remedy: { en: 'Give the https address of the API server.', zh: '请填写 API 服务器的 https 地址。' },
  },
  KUBECONFIG_CREDENTIAL_MISSING: {
    status: 422,
    title: { en: 'The user has no credential', zh: '用户没有凭据' },
    message: {
      en: '{at} is missing: the user has neither a token nor a client certificate with its key.',
      zh: '缺少 {at}：该用户既没有令牌，也没有带私钥的客户端证书。',
    },
    remedy: {
      en: 'kubectl leaves secrets out unless told otherwise: kubectl config view --raw --flatten --minify',
      zh: 'kubectl 默认不输出秘密，请使用：kubectl config view --raw --flatten --minify',
    },
  },
  KUBECONFIG_TOKEN_INVALID: {
    status: 422,
    title: { en: 'The kubeconfig’s token is not valid', zh: 'kubeconfig 中的令牌无效' },
    message: { en: 'The token cannot be used: {at} {reason}.', zh: '令牌无法使用：{at} {reason}。' },
    remedy: {
      en: 'Copy the whole token, in one line. kubectl create token NAME makes a new one.',
      zh: '请在一行内完整复制令牌。kubectl create token NAME 可生成新的令牌。',
    },
  },
  KUBECONFIG_UNKNOWN_FIELD: {
    status: 422,
    title: { en: 'The kubeconfig has a field that it cannot have', zh: 'kubeconfig 含有未知字段' },
    message: {
      en: '{at} is no field of a kubeconfig.',
      zh: '{at} 不是 kubeconfig 的字段。',
    },
    remedy: {
      en: 'Look for a typing or indentation mistake; names are case-sensitive. kubectl config view --raw --flatten --minify writes what kubectl makes of it.',
      zh: '请检查拼写或缩进；字段名区分大小写。kubectl config view --raw --flatten --minify 可输出 kubectl 实际读取的内容。',
    },
  },
  CA_INVALID: {
    status: 422,
    title: { en: 'The CA is not valid', zh: 'CA 无效' },
    message: { en: 'The CA cannot be used: {at} {reason}.', zh: 'CA 无法使用：{at} {reason}。' },
    remedy: {
      en: 'Give one or more whole certificates in PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----. DER becomes PEM by: openssl x509 -inform der -in ca.crt',
      zh: '请提供一个或多个完整的 PEM 证书，从 -----BEGIN CERTIFICATE----- 到 -----END CERTIFICATE-----。DER 可用 openssl x509 -inform der -in ca.crt 转换。',
    },
  },
  CA_EXPIRED: {
    status: 422,
    title: { en: 'The CA has expired', zh: 'CA 已过期' },
    message: {
      en: 'The CA {subject} expired at {when}; what it signed is not trusted any more.',
      zh: 'CA {subject} 已于 {when} 过期；其签发的证书不再受信任。',
    },
    remedy: {
      en: 'Give the cluster’s current CA: kubectl get configmap kube-root-ca.crt -o jsonpath="{.data.ca\\.crt}"',
      zh: '请提供集群当前的 CA：kubectl get configmap kube-root-ca.crt -o jsonpath="{.data.ca\\.crt}"',
    },
  },
  CA_NOT_YET_VALID: {
    status: 422,
    title: { en: 'The CA is not valid yet', zh: 'CA 尚未生效' },
    message: {
      en: 'The CA {subject} is valid only from {when}.',
      zh: 'CA {subject} 自 {when} 起才有效。',
    },
    remedy: {
      en: 'Check the clock of the machine that made it.',
      zh: '请检查生成该证书的机器的时钟。',
    },
  },
  CA_NOT_CA: {
    status: 422,
    title: { en: 'The certificate is not one of a CA', zh: '该证书不是 CA 证书' },
    message: {
      en: '{subject} is not the certificate of a CA, so it vouches for no other.',
      zh: '{subject} 不是 CA 证书，无法为其他证书担保。',
    },
    remedy: {
      en: 'Give the certificate that signed it. To trust this one server certificate, give its SHA-256 fingerprint.',
      zh: '请提供签发它的证书。若只信任这一张服务器证书，请提供其 SHA-256 指纹。',
    },
  },
  CERT_INVALID: {
    status: 422,
    title: { en: 'The client certificate is not valid', zh: '客户端证书无效' },
    message: {
      en: 'The client certificate cannot be used: {at} {reason}.',
      zh: '客户端证书无法使用：{at} {reason}。',
    },
    remedy: {
      en: 'Give the whole certificate in PEM, its own first and then those of its issuers; the key has a field of its own.',
      zh: '请提供完整的 PEM 证书，自身证书在前、签发者证书在后；私钥另有字段。',
    },
  },
  CERT_EXPIRED_LOCAL: {
    status: 422,
    title: { en: 'The client certificate has expired', zh: '客户端证书已过期' },
    message: {
      en: 'The client certificate of {subject} expired at {when}. The cluster would only answer 401.',
      zh: '{subject} 的客户端证书已于 {when} 过期。集群只会返回 401。',
    },
    remedy: {
      en: 'Renew it (on kubeadm clusters: kubeadm certs renew), or use the token of a service account.',
      zh: '请更新证书（kubeadm 集群：kubeadm certs renew），或使用服务账号的令牌。',
    },
  },
  CERT_NOT_YET_VALID_LOCAL: {
    status: 422,
    title: { en: 'The client certificate is not valid yet', zh: '客户端证书尚未生效' },
    message: {
      en: 'The client certificate of {subject} is valid only from {when}.',
      zh: '{subject} 的客户端证书自 {when} 起才有效。',
    },
    remedy: { en: 'Check the clock of the machine that made it.', zh: '请检查生成该证书的机器的时钟。' },
  },
  CERT_NOT_FOR_CLIENTS: {
    status: 422,
    title: { en: 'The certificate is not one for clients', zh: '该证书不能用作客户端证书' },
    message: {
      en: 'The certificate of {subject} does not list client authentication among its uses; Kubernetes refuses such.',
      zh: '{subject} 的证书用途不包括客户端认证，Kubernetes 会拒绝。',
    },
    remedy: {
      en: 'Give a certificate with the extended key usage clientAuth.',
      zh: '请提供扩展密钥用途含 clientAuth 的证书。',
    },
  },
  KEY_INVALID: {
    status: 422,
    title: { en: 'The private key is not valid', zh: '私钥无效' },
    message: { en: 'The private key cannot be used: {at} {reason}.', zh: '私钥无法使用：{at} {reason}。' },
    remedy: {
      en: 'Give the private key in PEM, without a passphrase: openssl pkey -in client.key writes it so.',
      zh: '请提供不带口令的 PEM 私钥：openssl pkey -in client.key 可输出。',
    },
  },
  KEY_MISMATCH: {
    status: 422,
    title: { en: 'Key and certificate do not belong together', zh: '私钥与证书不匹配' },
    message: {
      en: 'The private key is not the one of the client certificate of {subject}.',
      zh: '该私钥与 {subject} 的客户端证书不匹配。',
    },
    remedy: {
      en: 'Give both from the same place; a renewed certificate usually has a new key.',
      zh: '请提供同一来源的证书和私钥；更新证书时通常会换新的私钥。',
    },
  },
  TOKEN_INVALID: {
    status: 422,
    title: { en: 'The token is not valid', zh: '令牌无效' },
    message: { en: 'The token cannot be used: {at} {reason}.', zh: '令牌无法使用：{at} {reason}。' },
    remedy: {
      en: 'Copy the whole token, in one line. kubectl create token NAME makes a new one.',
      zh: '请在一行内完整复制令牌。kubectl create token NAME 可生成新的令牌。',
    },
  },
  TOKEN_EXPIRED_LOCAL: {
    status: 422,
    title: { en: 'The cluster’s token has expired', zh: '集群令牌已过期' },
    message: { en: 'The token of {subject} expired at {when}.', zh: '{subject} 的令牌已于 {when} 过期。' },
    remedy: {
      en: 'Make a new one: kubectl create token NAME --duration=48h. With the capability "rotation" Drover renews it itself.',
      zh: '请生成新的令牌：kubectl create token NAME --duration=48h。授予 "rotation" 能力后 Drover 会自动续期。',
    },
  },
  TOKEN_NOT_YET_VALID: {
    status: 422,
    title: { en: 'The token is not valid yet', zh: '令牌尚未生效' },
    message: {
      en: 'The token of {subject} is valid only from {when}.',
      zh: '{subject} 的令牌自 {when} 起才有效。',
    },
    remedy: {
      en: 'Check the clock of the machine that made it, and Drover’s.',
      zh: '请检查签发机器与 Drover 的时钟。',
    },
  },
  TOKEN_NEVER_EXPIRES: {
    status: 422,
    title: { en: 'The token never expires', zh: '令牌永不过期' },
    message: {
      en: 'The token of {subject} has no expiry: whoever gets hold of it has it for good.',
      zh: '{subject} 的令牌没有有效期：一旦泄露将长期可用。',
    },
    remedy: {
      en: 'Grant the capability "rotation" and give a token of kubectl create token: Drover then keeps it short-lived.',
      zh: '请授予 "rotation" 能力并提供 kubectl create token 生成的令牌：Drover 会使其保持短期有效。',
    },
  },
  TOKEN_EXPIRY_UNKNOWN: {
    status: 422,
    title: { en: 'The token does not say when it expires', zh: '令牌未说明有效期' },
    message: {
      en: 'The token is not a JWT, so Drover cannot say when it expires and will not warn ahead.',
      zh: '该令牌不是 JWT，Drover 无法得知其有效期，也不会提前提醒。',
    },
    remedy: {
      en: 'Prefer the token of a service account: GET /api/v1/clusters/access-manifest makes one.',
      zh: '建议使用服务账号的令牌：GET /api/v1/clusters/access-manifest 可生成。',
    },
  },
  TOKEN_BOUND: {
    status: 422,
    title: { en: 'The token is bound to an object', zh: '令牌绑定到对象' },
    message: {
      en: 'The token of {subject} ends when the {kind} {name} is deleted.',
      zh: '{subject} 的令牌会在 {kind} {name} 被删除时失效。',
    },
    remedy: {
      en: 'Use a token that is bound to nothing but its service account: kubectl create token NAME',
      zh: '请使用仅绑定服务账号的令牌：kubectl create token NAME',
    },
  },
  TOKEN_EXPIRES_SOON: {
    status: 422,
    title: { en: 'The token expires soon', zh: '令牌即将过期' },
    message: {
      en: 'The token of {subject} expires at {when}, in {days} days or less.',
      zh: '{subject} 的令牌将于 {when} 过期，剩余不超过 {days} 天。',
    },
    remedy: {
      en: 'Put a new one in place: PUT /api/v1/clusters/{id}/credentials. With the capability "rotation" Drover renews it itself.',
      zh: '请更换新令牌：PUT /api/v1/clusters/{id}/credentials。授予 "rotation" 能力后 Drover 会自动续期。',
    },
  },
  TOKEN_NOT_RENEWED: {
    status: 422,
    title: { en: 'The token was not renewed in time', zh: '令牌未能及时续期' },
    message: {
      en: 'The token of {subject}, which Drover renews, expires at {when}, in {hours} hours or less, and has not been renewed.',
      zh: '由 Drover 续期的 {subject} 的令牌将于 {when} 过期，剩余不超过 {hours} 小时，仍未续期。',
    },
    remedy: {
      en: 'See under warnings why it could not be renewed. Once it has expired only a new one helps: PUT /api/v1/clusters/{id}/credentials',
      zh: '续期失败的原因见警告。一旦过期，只能更换新令牌：PUT /api/v1/clusters/{id}/credentials',
    },
  },
  RENEWAL_TOO_SHORT: {
    status: 422,
    title: { en: 'The cluster grants tokens that end too soon', zh: '集群签发的令牌有效期过短' },
    message: {
      en: 'The cluster granted a token of {minutes} minutes; Drover renews tokens of 10 minutes or more.',
      zh: '集群签发的令牌仅有效 {minutes} 分钟；Drover 只续期有效期不少于 10 分钟的令牌。',
    },
    remedy: {
      en: 'Raise the API server’s --service-account-max-token-expiration, and check both clocks.',
      zh: '请调高 API 服务器的 --service-account-max-token-expiration，并检查双方时钟。',
    },
  },
  RENEWAL_OTHER_USER: {
    status: 422,
    title: { en: 'The new token is somebody else’s', zh: '新令牌属于其他身份' },
    message: {
      en: 'The cluster takes the new token for {found}, and the old one was for {expected}.',
      zh: '集群将新令牌识别为 {found}，而旧令牌属于 {expected}。',
    },
    remedy: {
      en: 'The old token stays. Look at what answers in the cluster’s place.',
      zh: '旧令牌保持不变。请检查实际响应的是否为该集群。',
    },
  },
  CERT_EXPIRES_SOON: {
    status: 422,
    title: { en: 'The client certificate expires soon', zh: '客户端证书即将过期' },
    message: {
      en: 'The client certificate of {subject} expires at {when}, in {days} days or less.',
      zh: '{subject} 的客户端证书将于 {when} 过期，剩余不超过 {days} 天。',
    },
    remedy: {
      en: 'Put a renewed one in place: PUT /api/v1/clusters/{id}/credentials',
      zh: '请更换新证书：PUT /api/v1/clusters/{id}/credentials',
    },
  },
  CA_EXPIRES_SOON: {
    status: 422,
    title: { en: 'The CA expires soon', zh: 'CA 即将过期' },
    message: {
      en: 'The CA {subject} expires at {when}, in {days} days or less.',
      zh: 'CA {subject} 将于 {when} 过期，剩余不超过 {days} 天。',
    },
    remedy: {
      en: 'Give the old and the new CA together before the cluster’s certificates are renewed.',
      zh: '请在集群证书更新之前同时提供新旧 CA。',
    },
  },
  SERVER_CERT_EXPIRES_SOON: {
    status: 422,
    title: { en: 'The server’s certificate expires soon', zh: '服务器证书即将过期' },
    message: {
      en: 'The server’s certificate {subject} expires at {when}, in {days} days or less.',
      zh: '服务器证书 {subject} 将于 {when} 过期，剩余不超过 {days} 天。',
    },
    remedy: {
      en: 'Renew it in the cluster (on kubeadm clusters: kubeadm certs renew).',
      zh: '请在集群中更新（kubeadm 集群：kubeadm certs renew）。',
    },
  },
  SERVER_UNVERIFIED: {
    status: 422,
    title: { en: 'The server is not verified', zh: '未验证服务器' },
    message: {
      en: 'The server’s certificate is not verified, by an administrator’s leave: whoever stands between gets the credential.',
      zh: '经管理员许可，未验证服务器证书：中间人将能获取凭据。',
    },
    remedy: {
      en: 'Give the CA or the SHA-256 fingerprint of the server’s certificate.',
      zh: '请提供 CA 或服务器证书的 SHA-256 指纹。',
    },
  },
  CREDENTIAL_LEFT_OUT: {
    status: 422,
    title: { en: 'One of two credentials was left out', zh: '两种凭据中有一种未采用' },
    message: {
      en: 'The user {at} has a token and a client certificate; the token was taken, and the certificate is not kept.',
      zh: '用户 {at} 同时有令牌和客户端证书；采用了令牌，证书不会保存。',
    },
    remedy: {
      en: 'kubectl sends both, and the cluster then goes by the certificate. To use that, remove the token.',
      zh: 'kubectl 会同时发送两者，集群以证书为准。如要使用证书，请删除令牌。',
    },
  },
  FINGERPRINT_INVALID: {
    status: 422,
    title: { en: 'The fingerprint is not valid', zh: '指纹无效' },
    message: { en: 'The fingerprint {reason}.', zh: '指纹{reason}。' },
    remedy: {
      en: 'Give the SHA-256 of the server’s certificate, 64 hexadecimal digits, as this prints it: openssl x509 -noout -fingerprint -sha256',
      zh: '请提供服务器证书的 SHA-256（64 个十六进制数字），可用此命令得到：openssl x509 -noout -fingerprint -sha256',
    },
  },
  EKS_INVALID: {
    status: 422,
    title: { en: 'The EKS credential is not valid', zh: 'EKS 凭据无效' },
    message: {
      en: 'The EKS credential cannot be used: {at} {reason}.',
      zh: 'EKS 凭据无法使用：{at} {reason}。',
    },
    remedy: {
      en: 'Give region and clusterName as in: aws eks describe-cluster --region eu-central-1 --name my-cluster',
      zh: '请按此命令中的形式填写 region 和 clusterName：aws eks describe-cluster --region eu-central-1 --name my-cluster',
    },
  },
  SECRET_MISSING: {
    status: 500,
    title: { en: 'The cluster’s stored credential is not there', zh: '找不到所存储的集群凭据' },
    message: {
      en: 'What was stored of the credential of {id}, version {version}, is not there or is no credential.',
      zh: '{id} 版本 {version} 的凭据不存在或内容不是凭据。',
    },
    remedy: {
      en: 'If the credential was replaced at that moment, try again. Otherwise store it again: PUT /api/v1/clusters/{id}/credentials',
      zh: '若凭据恰好正在更换，请重试；否则请重新存储：PUT /api/v1/clusters/{id}/credentials',
    },
  },
  EKS_SERVER_FOREIGN: {
    status: 422,
    title: { en: 'Drover’s own AWS identity is for EKS alone', zh: 'Drover 自身的 AWS 身份只用于 EKS' },
    message: {
      en: 'Without access keys the token is made with Drover’s own AWS identity, which goes to servers of EKS alone, without a proxy; {host} is none.',
      zh: '未提供访问密钥时，令牌由 Drover 自身的 AWS 身份签发，只发送给 EKS 的服务器且不经代理；{host} 不是。',
    },
    remedy: {
      en: 'Give the endpoint that this shows, and no proxy: aws eks describe-cluster --name NAME --query cluster.endpoint. Or give accessKeyId and secretAccessKey.',
      zh: '请填写此命令显示的地址且不使用代理：aws eks describe-cluster --name NAME --query cluster.endpoint；或提供 accessKeyId 和 secretAccessKey。',
    },
  },
  EKS_NO_IDENTITY: {
    status: 422,
    title: { en: 'There are no AWS credentials', zh: '没有 AWS 凭据' },
    message: {
      en: 'The token of the EKS cluster {cluster} cannot be made: neither the cluster’s credential nor Drover’s environment has AWS access keys.',
      zh: '无法为 EKS 集群 {cluster} 生成令牌：凭据和 Drover 的环境中都没有 AWS 访问密钥。',
    },
    remedy: {
      en: 'Give accessKeyId and secretAccessKey, or run Drover with an AWS role.',
      zh: '请提供 accessKeyId 和 secretAccessKey，或以 AWS 角色运行 Drover。',
    },
  },
  EKS_ROLE_REFUSED: {
    status: 422,
    title: { en: 'AWS does not let the role be taken', zh: 'AWS 拒绝了角色切换' },
    message: {
      en: 'STS answered {status} ({reason}) to taking the role {role}.',
      zh: '切换到角色 {role} 时 STS 返回 {status}（{reason}）。',
    },
    remedy: {
      en: 'Check the access keys, that they may call sts:AssumeRole for this role, and that the role’s trust policy names them.',
      zh: '请检查访问密钥及其对该角色的 sts:AssumeRole 权限，以及角色信任策略是否包含该身份。',
    },
  },
  ACCESS_NAME_INVALID: {
    status: 422,
    title: { en: 'Not a name of Kubernetes', zh: '不是有效的 Kubernetes 名称' },
    message: {
      en: '{at} must be lower-case letters, digits and hyphens, at most 63 characters, and begin and end with a letter or digit.',
      zh: '{at} 只能包含小写字母、数字和连字符，最多 63 个字符，且首尾须为字母或数字。',
    },
    remedy: { en: 'Choose another name, such as drover.', zh: '请换一个名称，例如 drover。' },
  },
  API_NOT_READY: {
    status: 502,
    title: { en: 'The API server is not ready', zh: 'API 服务器未就绪' },
    message: {
      en: 'The API server answers, and says of itself that it is not well ({endpoint}): {checks}.',
      zh: 'API 服务器有响应，但自报状态异常（{endpoint}）：{checks}。',
    },
    remedy: {
      en: 'Look at these checks on the control plane; right after a start some of them fail for a minute.',
      zh: '请在控制平面上查看这些检查项；刚启动时部分检查项会失败约一分钟。',
    },
  },
  HEALTH_FORBIDDEN: {
    status: 502,
    title: { en: 'The health of the API server may not be read', zh: '无权读取 API 服务器的健康状态' },
    message: {
      en: 'The API server does not let its health be read ({endpoint}): it is reached, and how it is it does not say.',
      zh: 'API 服务器拒绝读取其健康状态（{endpoint}）：可以连接，但状况未知。',
    },
    remedy: {
      en: 'Grant "get" on /livez and /readyz: the manifest of the capability "watch" does.',
      zh: '请授予对 /livez 和 /readyz 的 "get" 权限："watch" 能力的清单中已包含。',
    },
  },
  ACCESS_REVIEW_FORBIDDEN: {
    status: 422,
    title: { en: 'What is permitted cannot be asked', zh: '无法查询权限' },
    message: {
      en: '{subject} may not ask what it may do (SelfSubjectAccessReview); what it lacks shows only when it is needed.',
      zh: '{subject} 无权查询自身权限（SelfSubjectAccessReview）；缺失的权限只有在使用时才会显现。',
    },
    remedy: {
      en: 'Bind the role system:basic-user to it, as Kubernetes does by default for all who are authenticated.',
      zh: '请为其绑定角色 system:basic-user，Kubernetes 默认对所有已认证用户绑定该角色。',
    },
  },
  API_GROUP_MISSING: {
    status: 422,
    title: { en: 'An API is missing', zh: '缺少 API' },
    message: {
      en: 'The cluster does not serve {group}, which "{capability}" needs.',
      zh: '集群未提供 "{capability}" 所需的 {group}。',
    },
    remedy: {
      en: 'Install what serves it, or leave the capability out. kubectl api-versions lists what is served.',
      zh: '请安装提供该 API 的组件，或不使用该能力。kubectl api-versions 可列出已提供的 API。',
    },
  },
  DISCOVERY_PARTIAL: {
    status: 502,
    title: { en: 'Some APIs do not answer', zh: '部分 API 无响应' },
    message: {
      en: 'The API server cannot say what these hold, as what serves them does not answer: {apis}.',
      zh: 'API 服务器无法获知以下 API 的内容，因为其后端无响应：{apis}。',
    },
    remedy: {
      en: 'Look at their condition Available: kubectl get apiservices. The rest of the cluster is not touched by it.',
      zh: '请查看其 Available 状态：kubectl get apiservices。集群的其余部分不受影响。',
    },
  },
  VERSION_EOL: {
    status: 422,
    title: { en: 'The Kubernetes version is out of support', zh: 'Kubernetes 版本已停止维护' },
    message: {
      en: 'Kubernetes {version}: {minor} has got no patches since {when}, but from vendors that extend it.',
      zh: 'Kubernetes {version}：{minor} 自 {when} 起不再获得补丁（提供延长支持的厂商除外）。',
    },
    remedy: {
      en: 'Upgrade to {oldest} or newer; the newest is {newest}.',
      zh: '请升级到 {oldest} 或更高版本；最新为 {newest}。',
    },
  },
  VERSION_TOO_OLD: {
    status: 422,
    title: { en: 'The Kubernetes version is very old', zh: 'Kubernetes 版本过旧' },
    message: {
      en: 'Kubernetes {version} is older than {oldest}, the oldest that Drover is made for.',
      zh: 'Kubernetes {version} 早于 Drover 支持的最低版本 {oldest}。',
    },
    remedy: {
      en: 'Upgrade, one minor version after the other. Until then some things may not work.',
      zh: '请逐个次要版本升级。在此之前部分功能可能无法使用。',
    },
  },
  SLOW: {
    status: 504,
    title: { en: 'The API server is slow', zh: 'API 服务器响应缓慢' },
    message: {
      en: 'Half of {calls} calls took longer than {p50} ms, the slowest {max} ms.',
      zh: '{calls} 次调用中有一半超过 {p50} 毫秒，最慢 {max} 毫秒。',
    },
    remedy: {
      en: 'Look at the load of the API server and of etcd, and at the way there.',
      zh: '请检查 API 服务器和 etcd 的负载以及网络路径。',
    },
  },
  CLOCK_SKEW: {
    status: 502,
    title: { en: 'The clocks differ', zh: '时钟不一致' },
    message: {
      en: 'The clock of the cluster and that of Drover are {seconds} seconds apart ({which}).',
      zh: '集群与 Drover 的时钟相差 {seconds} 秒（{which}）。',
    },
    remedy: {
      en: 'Set both by NTP. With clocks apart, tokens and certificates seem expired or not valid yet. If many clusters show this, it is Drover’s clock.',
      zh: '请为两端配置 NTP。时钟不一致会使令牌和证书看似过期或尚未生效。若许多集群都有此问题，则是 Drover 的时钟有误。',
    },
  },
  DUPLICATE_CLUSTER: {
    status: 409,
    title: { en: 'The cluster is registered already', zh: '集群已注册' },
    message: {
      en: 'This is the same cluster as {clusters}: their kube-system namespaces have the same UID.',
      zh: '与 {clusters} 是同一集群：kube-system 命名空间的 UID 相同。',
    },
    remedy: {
      en: 'Keep one of them; two that watch the same cluster double its load.',
      zh: '请只保留其中之一；重复监视会使负载加倍。',
    },
  },
  CLUSTER_IDENTITY_CHANGED: {
    status: 409,
    title: { en: 'Another cluster answers', zh: '响应的是另一个集群' },
    message: {
      en: 'At this address another cluster answers than the one that was registered: the UID of kube-system is {uid}, and was {before}.',
      zh: '该地址响应的不是注册时的集群：kube-system 的 UID 现为 {uid}，原为 {before}。',
    },
    remedy: {
      en: 'If it was made anew on purpose: POST /api/v1/clusters/{id}/confirm-identity. Else check address and DNS.',
      zh: '若为有意重建：POST /api/v1/clusters/{id}/confirm-identity。否则请检查地址和 DNS。',
    },
  },
  CLUSTER_GONE: {
    status: 409,
    title: { en: 'The cluster is not registered any more', zh: '集群已不再注册' },
    message: {
      en: 'The way leads through the cluster {id}, which is not registered any more.',
      zh: '途经的集群 {id} 已不再注册。',
    },
    remedy: {
      en: 'Register it again and name it in the record, or give another way.',
      zh: '请重新注册该集群并在记录中指定它，或改用其他路径。',
    },
  },
  CLUSTER_PAUSED: {
    status: 409,
    title: { en: 'The cluster is paused', zh: '集群已暂停' },
    message: {
      en: 'The way leads through the cluster {name}, which is paused since {since}: nothing is sent there.',
      zh: '途经的集群 {name} 自 {since} 起已暂停：不会向其发送任何内容。',
    },
    remedy: {
      en: 'Let it be watched again: POST /api/v1/clusters/{name}/resume',
      zh: '请恢复监视：POST /api/v1/clusters/{name}/resume',
    },
  },
  TARGET_BY_PROXY: {
    status: 422,
    title: { en: 'The proxy decides where it leads', zh: '目标由代理决定' },
    message: {
      en: 'The proxy {proxy} was vetted and is all that Drover dials; which address {host} has is the proxy’s business.',
      zh: '代理 {proxy} 已审核，Drover 只连接该代理；{host} 的地址由代理解析决定。',
    },
    remedy: {
      en: 'Have the proxy allow CONNECT to the clusters alone.',
      zh: '请在代理上只放行对集群的 CONNECT。',
    },
  },
} as const satisfies Catalogue;

export const clusterError = errorsOf(clusterErrors);
export type ClusterCode = keyof typeof clusterErrors;
