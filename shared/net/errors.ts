import { errorsOf } from '#errors';

/** What can go wrong on the way out. The codes of look-up, TCP, TLS and HTTP are those of the connection ladder. */
export const netErrors = {
  TARGETS_INVALID: {
    status: 500,
    title: { en: 'A target setting is not valid', zh: '目标设置无效' },
    message: {
      en: '"{entry}" in {setting} is not a CIDR, a host or *.domain, with :port or without.',
      zh: '{setting} 中的“{entry}”不是 CIDR、主机名或 *.domain（可带 :port）。',
    },
    remedy: {
      en: 'Correct the setting. Example: 10.20.0.0/16, *.example.com:8443, !bad.example.com, [2001:db8::]/32:6443',
      zh: '请更正该设置。例如：10.20.0.0/16, *.example.com:8443, !bad.example.com, [2001:db8::]/32:6443',
    },
  },
  TARGET_INVALID: {
    status: 422,
    title: { en: 'Not an address', zh: '地址无效' },
    message: {
      en: 'The address is not a URL of the form https://host:port/path without user name, spaces or backslashes.',
      zh: '该地址不是 https://host:port/path 形式的 URL（不得含用户名、空格或反斜杠）。',
    },
    remedy: {
      en: 'Give scheme, host and port. Credentials belong in their own fields.',
      zh: '请填写协议、主机和端口；凭据请填入各自的字段。',
    },
  },
  TARGET_SCHEME_FORBIDDEN: {
    status: 422,
    title: { en: 'Only https is dialled', zh: '仅允许 https' },
    message: {
      en: 'The address of {host} begins with {scheme} where https: was expected.',
      zh: '{host} 的地址以 {scheme} 开头，应为 https:。',
    },
    remedy: {
      en: 'Use the https address of the service.',
      zh: '请使用该服务的 https 地址。',
    },
  },
  TARGET_PORT_FORBIDDEN: {
    status: 422,
    title: { en: 'This port is not dialled', zh: '不允许连接该端口' },
    message: {
      en: 'Port {port} of {host} is neither 443 nor between 1024 and 65535.',
      zh: '{host} 的端口 {port} 既不是 443，也不在 1024–65535 之间。',
    },
    remedy: {
      en: 'Use another port, or have an administrator add {host}:{port} to {setting}.',
      zh: '请改用其他端口，或请管理员将 {host}:{port} 加入 {setting}。',
    },
  },
  TARGET_FORBIDDEN: {
    status: 422,
    title: { en: 'This address may not be dialled', zh: '不允许连接该地址' },
    message: {
      en: '{host} leads to {address}, which Drover may not dial ({class}).',
      zh: '{host} 指向 {address}，Drover 不允许连接该地址（{class}）。',
    },
    remedy: {
      en: 'Use an address that is allowed, or have an administrator review {setting}. Loopback, link-local and metadata addresses cannot be allowed there.',
      zh: '请使用允许的地址，或请管理员检查 {setting}。回环、链路本地和元数据地址无法通过该设置放行。',
    },
  },
  TARGET_OTHER: {
    status: 500,
    title: { en: 'A connection to another target', zh: '连接了其他目标' },
    message: {
      en: 'A connection that was vetted for {expected} was asked to go to {host}.',
      zh: '为 {expected} 审核的连接被要求连到 {host}。',
    },
    remedy: {
      en: 'This is a fault in Drover: please report it.',
      zh: '这是 Drover 的缺陷，请反馈。',
    },
  },
  DNS_NXDOMAIN: {
    status: 422,
    title: { en: 'The name does not exist', zh: '域名不存在' },
    message: { en: 'No address is known for {host}.', zh: '找不到 {host} 的地址。' },
    remedy: {
      en: 'Check the host name. Names are looked up as they stand, without search domains: write the whole name. A name of a private zone needs a resolver that knows it.',
      zh: '请检查主机名。域名按原样解析，不使用搜索域，请填写完整名称。私有区域的域名需要能解析它的 DNS 服务器。',
    },
  },
  DNS_TEMPFAIL: {
    status: 502,
    title: { en: 'The name look-up failed', zh: '域名解析失败' },
    message: {
      en: 'The name server failed to answer for {host} ({reason}).',
      zh: '域名服务器未能解析 {host}（{reason}）。',
    },
    remedy: {
      en: 'Check the name servers that Drover uses, then try again.',
      zh: '请检查 Drover 使用的域名服务器，然后重试。',
    },
  },
  DNS_TIMEOUT: {
    status: 504,
    title: { en: 'The name look-up took too long', zh: '域名解析超时' },
    message: { en: 'No answer for {host} within {ms} ms.', zh: '{ms} 毫秒内没有 {host} 的解析结果。' },
    remedy: {
      en: 'Check that the name servers can be reached from where Drover runs.',
      zh: '请检查从 Drover 运行环境能否访问域名服务器。',
    },
  },
  DNS_BUSY: {
    status: 503,
    title: { en: 'Too many name look-ups', zh: '域名解析过多' },
    message: {
      en: '{waiting} look-ups are waiting already; {host} was not looked up.',
      zh: '已有 {waiting} 个解析在等待，未解析 {host}。',
    },
    remedy: {
      en: 'Try again. If it persists, the name servers are slow or away.',
      zh: '请重试。若持续出现，说明域名服务器缓慢或不可用。',
    },
  },
  TCP_REFUSED: {
    status: 502,
    title: { en: 'Connection refused', zh: '连接被拒绝' },
    message: { en: 'Nothing listens on {host}:{port}.', zh: '{host}:{port} 上没有服务在监听。' },
    remedy: {
      en: 'Check the port (an API server’s is 6443 or 443, a NeuVector controller’s 10443) and that the server runs.',
      zh: '请检查端口（API 服务器为 6443 或 443，NeuVector 控制器为 10443）以及服务器是否在运行。',
    },
  },
  TCP_TIMEOUT: {
    status: 504,
    title: { en: 'No connection in time', zh: '连接超时' },
    message: {
      en: '{host}:{port} did not accept a connection in time.',
      zh: '{host}:{port} 未在规定时间内接受连接。',
    },
    remedy: {
      en: 'A firewall may drop the packets: allow the addresses that Drover dials from.',
      zh: '可能被防火墙丢弃：请放行 Drover 的出口地址。',
    },
  },
  TCP_UNREACHABLE: {
    status: 502,
    title: { en: 'No route', zh: '网络不可达' },
    message: { en: 'There is no route to {host}:{port}.', zh: '没有到达 {host}:{port} 的路由。' },
    remedy: {
      en: 'Drover dials out: clusters behind NAT need a route (VPN, peering, proxy).',
      zh: 'Drover 主动向外连接：NAT 后面的集群需要路由（VPN、对等连接或代理）。',
    },
  },
  TCP_RESET: {
    status: 502,
    title: { en: 'Connection reset', zh: '连接被重置' },
    message: { en: '{host}:{port} broke the connection off.', zh: '{host}:{port} 中断了连接。' },
    remedy: {
      en: 'Look at what stands between: a load balancer without backends, or a filter.',
      zh: '请检查中间设备：没有后端的负载均衡器或过滤设备。',
    },
  },
  PROXY_INVALID: {
    status: 422,
    title: { en: 'Not the address of a proxy', zh: '代理地址无效' },
    message: {
      en: 'The proxy is not a URL of the form http://host:port or https://host:port, with user:password@ or without.',
      zh: '代理不是 http://host:port 或 https://host:port 形式的 URL（可带 user:password@）。',
    },
    remedy: {
      en: 'Give the address of an HTTP proxy that takes CONNECT. SOCKS is not spoken.',
      zh: '请填写支持 CONNECT 的 HTTP 代理地址。不支持 SOCKS。',
    },
  },
  PROXY_UNREACHABLE: {
    status: 502,
    title: { en: 'The proxy cannot be reached', zh: '无法连接代理' },
    message: {
      en: 'The proxy {host}:{port} cannot be reached ({reason}).',
      zh: '无法连接代理 {host}:{port}（{reason}）。',
    },
    remedy: {
      en: 'Check address and port of the proxy, and that it may be reached from where Drover runs.',
      zh: '请检查代理的地址和端口，以及从 Drover 运行环境能否访问它。',
    },
  },
  PROXY_AUTH_REQUIRED: {
    status: 502,
    title: { en: 'The proxy wants to know who asks', zh: '代理要求认证' },
    message: {
      en: 'The proxy {host}:{port} refused user name and password, or was given none (407).',
      zh: '代理 {host}:{port} 拒绝了用户名和密码，或未收到用户名和密码（407）。',
    },
    remedy: {
      en: 'Give them in the address of the proxy: http://user:password@host:port',
      zh: '请在代理地址中填写：http://user:password@host:port',
    },
  },
  PROXY_DENIED: {
    status: 502,
    title: { en: 'The proxy does not let this through', zh: '代理拒绝转发' },
    message: {
      en: 'The proxy {host}:{port} does not allow the connection (403).',
      zh: '代理 {host}:{port} 不允许该连接（403）。',
    },
    remedy: {
      en: 'Have the proxy allow CONNECT to host and port of the cluster.',
      zh: '请在代理上放行对集群主机和端口的 CONNECT。',
    },
  },
  PROXY_BAD_GATEWAY: {
    status: 502,
    title: { en: 'The proxy did not connect', zh: '代理未能建立连接' },
    message: {
      en: 'The proxy {host}:{port} did not connect to the target: {reason}.',
      zh: '代理 {host}:{port} 未能连接目标：{reason}。',
    },
    remedy: {
      en: 'Check that the proxy can reach the target, and that it is an HTTP proxy which takes CONNECT.',
      zh: '请检查代理能否访问目标，以及它是否为支持 CONNECT 的 HTTP 代理。',
    },
  },
  TLS_NOT_TLS: {
    status: 502,
    title: { en: 'Not TLS', zh: '不是 TLS' },
    message: { en: '{host}:{port} does not speak TLS.', zh: '{host}:{port} 不使用 TLS。' },
    remedy: { en: 'Check URL and port.', zh: '请检查 URL 和端口。' },
  },
  TLS_TIMEOUT: {
    status: 504,
    title: { en: 'The TLS handshake took too long', zh: 'TLS 握手超时' },
    message: {
      en: '{host}:{port} accepted the connection but did not finish the TLS handshake in time.',
      zh: '{host}:{port} 接受了连接，但未在规定时间内完成 TLS 握手。',
    },
    remedy: {
      en: 'The server or what stands before it is overloaded, or does not speak TLS.',
      zh: '服务器或其前端过载，或不使用 TLS。',
    },
  },
  TLS_RESET: {
    status: 502,
    title: { en: 'Connection reset during TLS', zh: 'TLS 握手时连接被重置' },
    message: {
      en: '{host}:{port} broke the connection off during the TLS handshake.',
      zh: '{host}:{port} 在 TLS 握手期间中断了连接。',
    },
    remedy: {
      en: 'Look at the load balancer: no backend, a filter on the server name, or a refused client certificate.',
      zh: '请检查负载均衡器：没有后端、按服务器名过滤，或客户端证书被拒绝。',
    },
  },
  TLS_CERT_EXPIRED: {
    status: 502,
    title: { en: 'The certificate has expired', zh: '证书已过期' },
    message: { en: 'The certificate of {host}:{port} has expired.', zh: '{host}:{port} 的证书已过期。' },
    remedy: { en: 'Renew the certificate of the server.', zh: '请更新服务器证书。' },
  },
  TLS_CERT_NOT_YET_VALID: {
    status: 502,
    title: { en: 'The certificate is not valid yet', zh: '证书尚未生效' },
    message: {
      en: 'The certificate of {host}:{port} is not valid yet.',
      zh: '{host}:{port} 的证书尚未生效。',
    },
    remedy: { en: 'Check the clocks on both sides.', zh: '请检查两端的时钟。' },
  },
  TLS_SELF_SIGNED: {
    status: 502,
    title: { en: 'Self-signed certificate', zh: '自签名证书' },
    message: {
      en: 'The certificate of {host}:{port} is signed by itself and not given as a CA.',
      zh: '{host}:{port} 的证书是自签名的，且未作为 CA 提供。',
    },
    remedy: {
      en: 'Give this certificate as the CA, or use one that is trusted.',
      zh: '请将该证书作为 CA 提供，或使用受信任的证书。',
    },
  },
  TLS_CA_UNKNOWN: {
    status: 502,
    title: { en: 'Unknown CA', zh: 'CA 不受信任' },
    message: {
      en: 'The certificate of {host}:{port} comes from a CA that is not trusted.',
      zh: '{host}:{port} 的证书由不受信任的 CA 签发。',
    },
    remedy: { en: 'Give the CA certificate that signed it.', zh: '请提供签发它的 CA 证书。' },
  },
  TLS_CHAIN_INCOMPLETE: {
    status: 502,
    title: { en: 'The certificate chain is incomplete', zh: '证书链不完整' },
    message: {
      en: '{host}:{port} sends a certificate whose issuer is neither sent along nor known.',
      zh: '{host}:{port} 的证书的签发者既未随附，也不为本地所知。',
    },
    remedy: {
      en: 'Have the server send the intermediate certificates, or give the right CA.',
      zh: '请让服务器发送中间证书，或提供正确的 CA。',
    },
  },
  TLS_NAME_MISMATCH: {
    status: 502,
    title: { en: 'The certificate is for another name', zh: '证书名称不符' },
    message: {
      en: 'The certificate of {host}:{port} is for other names.',
      zh: '{host}:{port} 的证书属于其他名称。',
    },
    remedy: {
      en: 'Use a name that the certificate lists, or set the TLS server name.',
      zh: '请使用证书中列出的名称，或设置 TLS 服务器名。',
    },
  },
  TLS_FINGERPRINT_MISMATCH: {
    status: 502,
    title: { en: 'Another certificate than the one trusted', zh: '证书指纹不符' },
    message: {
      en: 'The certificate of {host}:{port} is not the one whose fingerprint is trusted.',
      zh: '{host}:{port} 的证书与受信任的指纹不符。',
    },
    remedy: {
      en: 'If the certificate was renewed, compare the new fingerprint on the server itself and put it in place; else somebody stands between.',
      zh: '若证书已更新，请在服务器上核对新指纹后更换；否则可能存在中间人。',
    },
  },
  TLS_PROTOCOL_UNSUPPORTED: {
    status: 502,
    title: { en: 'No common TLS version', zh: '没有共同的 TLS 版本' },
    message: {
      en: '{host}:{port} and Drover have no TLS version in common.',
      zh: '{host}:{port} 与 Drover 没有共同支持的 TLS 版本。',
    },
    remedy: { en: 'The server must speak TLS 1.2 or newer.', zh: '服务器必须支持 TLS 1.2 或更高版本。' },
  },
  TLS_CLIENT_CERT_REQUIRED: {
    status: 502,
    title: { en: 'A client certificate is required', zh: '需要客户端证书' },
    message: {
      en: '{host}:{port} asks for a client certificate.',
      zh: '{host}:{port} 要求客户端证书。',
    },
    remedy: {
      en: 'Give a client certificate, or use an address that needs none.',
      zh: '请提供客户端证书，或使用不需要证书的地址。',
    },
  },
  TLS_HANDSHAKE_FAILED: {
    status: 502,
    title: { en: 'The TLS handshake failed', zh: 'TLS 握手失败' },
    message: {
      en: 'The TLS handshake with {host}:{port} failed ({reason}).',
      zh: '与 {host}:{port} 的 TLS 握手失败（{reason}）。',
    },
    remedy: {
      en: 'Look at ciphers, certificates and what stands between.',
      zh: '请检查密码套件、证书以及中间设备。',
    },
  },
  HTTP_TIMEOUT: {
    status: 504,
    title: { en: 'No answer in time', zh: '响应超时' },
    message: {
      en: '{host}:{port} was connected but did not answer in full in time.',
      zh: '已连接 {host}:{port}，但未在规定时间内得到完整响应。',
    },
    remedy: { en: 'The service is overloaded or hangs.', zh: '服务过载或无响应。' },
  },
  HTTP_CUT: {
    status: 502,
    title: { en: 'The answer was cut off', zh: '响应中断' },
    message: {
      en: '{host}:{port} closed the connection before its answer was complete.',
      zh: '{host}:{port} 在响应完成前关闭了连接。',
    },
    remedy: {
      en: 'Try again; look at the idle time-outs of load balancers.',
      zh: '请重试；并检查负载均衡器的空闲超时。',
    },
  },
  HTTP_INVALID: {
    status: 502,
    title: { en: 'Not an HTTP answer', zh: '不是 HTTP 响应' },
    message: {
      en: 'What {host}:{port} answered is not HTTP/1.1, or its headers are too large.',
      zh: '{host}:{port} 的响应不是 HTTP/1.1，或响应头过大。',
    },
    remedy: { en: 'Check URL and port.', zh: '请检查 URL 和端口。' },
  },
  RESPONSE_TOO_LARGE: {
    status: 502,
    title: { en: 'The answer is too large', zh: '响应过大' },
    message: {
      en: 'The answer of {host}:{port} exceeds {bytes} bytes.',
      zh: '{host}:{port} 的响应超过 {bytes} 字节。',
    },
    remedy: { en: 'Check that the address is the right one.', zh: '请检查地址是否正确。' },
  },
  REDIRECTED: {
    status: 502,
    title: { en: 'Redirects are not followed', zh: '不跟随重定向' },
    message: {
      en: '{host}:{port} answered {status}, a redirect.',
      zh: '{host}:{port} 返回了重定向（{status}）。',
    },
    remedy: {
      en: 'Give the address that answers itself. A redirect to a login page means a proxy stands before it.',
      zh: '请填写直接响应的地址。若重定向到登录页，说明前面有代理。',
    },
  },
  CALL_ABORTED: {
    status: 503,
    title: { en: 'The call was given up', zh: '调用已取消' },
    message: {
      en: 'The call to {host}:{port} was given up before it ended.',
      zh: '对 {host}:{port} 的调用在完成前被取消。',
    },
    remedy: { en: 'Try again.', zh: '请重试。' },
  },
} as const;

export const netError = errorsOf(netErrors);
export type NetCode = keyof typeof netErrors;
