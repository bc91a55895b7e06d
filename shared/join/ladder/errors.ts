import { type Catalogue, errorsOf } from '#errors';

/** What keeps a cluster from a federation, or is worth knowing on the way there. */
export const ladderErrors = {
  // Before anything is asked.
  JOIN_SETTINGS_MISSING: {
    status: 422,
    title: { en: 'Something that a join needs is missing', zh: '缺少加入联邦所需的内容' },
    message: { en: 'Missing for a join: {missing}.', zh: '加入联邦缺少：{missing}。' },
    remedy: {
      en: 'Add what is missing: PATCH /api/v1/joins/{id}. For metrics alone: "join": false.',
      zh: '请补充缺少的内容：PATCH /api/v1/joins/{id}。若只需指标，请设置 "join": false。',
    },
  },
  JOIN_ADDRESS_MISSING: {
    status: 422,
    title: { en: 'No address for the primary to reach this cluster', zh: '没有供主集群访问本集群的地址' },
    message: {
      en: 'Neither the membership nor its controller says where the primary reaches this cluster.',
      zh: '成员记录和控制器都未说明主集群应如何访问本集群。',
    },
    remedy: {
      en: 'Give "advertise": { "server", "port" }, the address of the controller’s REST API as the primary sees it, or a "storeId".',
      zh: '请提供 "advertise": { "server", "port" }，即主集群所见的本控制器 REST API 地址，或提供 "storeId"。',
    },
  },
  JOIN_ADDRESS_DOUBTFUL: {
    status: 422,
    title: { en: 'The advertised address looks unreachable', zh: '通告地址可能无法访问' },
    message: {
      en: 'A primary in another cluster can hardly reach {advertised}: it is {kind}.',
      zh: '其他集群中的主集群很可能无法访问 {advertised}：{kind}。',
    },
    remedy: {
      en: 'Advertise a load balancer, node port or ingress of the controller’s REST API (service neuvector-svc-controller-fed-managed). What the primary answers decides.',
      zh: '请通告控制器 REST API 的负载均衡器、节点端口或 Ingress（服务 neuvector-svc-controller-fed-managed）。最终以主集群的应答为准。',
    },
  },
  JOIN_ADDRESS_UNSEEN: {
    status: 502,
    title: { en: 'Drover does not reach the advertised address', zh: 'Drover 无法访问通告地址' },
    message: {
      en: 'Nothing useful answered Drover at {advertised}: {reason}.',
      zh: 'Drover 在 {advertised} 未得到有效应答：{reason}。',
    },
    remedy: {
      en: 'The primary may reach it all the same. If the join fails with code 40, look at DNS, firewall and load balancer there.',
      zh: '主集群仍可能访问得到。若加入失败并返回代码 40，请检查该处的 DNS、防火墙和负载均衡器。',
    },
  },
  JOIN_ADDRESS_NOT_STANDALONE: {
    status: 409,
    title: {
      en: 'Another controller answers at the advertised address',
      zh: '通告地址上应答的是另一个控制器',
    },
    message: {
      en: 'The controller that answers at {advertised} is in a federation already; ours is not.',
      zh: '在 {advertised} 应答的控制器已在联邦中，而本控制器不在。',
    },
    remedy: {
      en: 'Advertise the address of this very controller: look at DNS and at the load balancer’s back end.',
      zh: '请通告本控制器自己的地址：检查 DNS 和负载均衡器后端。',
    },
  },
  JOIN_ADDRESS_WRONG_PORT: {
    status: 502,
    title: { en: 'The advertised address is no REST API', zh: '通告地址不是 REST API' },
    message: {
      en: 'At {advertised} a federation listener answers, not a controller’s REST API.',
      zh: '在 {advertised} 应答的是联邦监听端口，而不是控制器的 REST API。',
    },
    remedy: {
      en: 'Advertise the REST API’s address: port 10443 of the controller, or what leads there.',
      zh: '请通告 REST API 的地址：控制器的 10443 端口，或通往该端口的入口。',
    },
  },

  // The token.
  JOIN_TOKEN_NONE: {
    status: 422,
    title: { en: 'No way to a join token', zh: '无法获得加入令牌' },
    message: {
      en: 'There is no join token, no address to fetch one from, and no credential of the primary to ask for one.',
      zh: '没有加入令牌，没有获取令牌的地址，也没有主集群的凭据。',
    },
    remedy: {
      en: 'Give "token", "tokenUrl", or "primary" with "rest" and a credential of role fedAdmin.',
      zh: '请提供 "token"、"tokenUrl"，或带 "rest" 和 fedAdmin 角色凭据的 "primary"。',
    },
  },
  JOIN_TOKEN_SPENT: {
    status: 422,
    title: { en: 'The join token was refused and there is no other', zh: '加入令牌被拒绝且没有其他令牌' },
    message: {
      en: 'The primary refused the join token that was given: it has expired, or is of another federation. There is no way to a new one.',
      zh: '主集群拒绝了所提供的加入令牌：已过期，或属于其他联邦。无法获取新的令牌。',
    },
    remedy: {
      en: 'Make a new one on the primary (Multiple Clusters, or GET /v1/fed/join_token) and give it: PATCH /api/v1/joins/{id}. With "tokenUrl" or the primary’s credential Drover fetches new ones itself.',
      zh: '请在主集群上生成新令牌（多集群管理，或 GET /v1/fed/join_token）并提供：PATCH /api/v1/joins/{id}。若设置 "tokenUrl" 或主集群凭据，Drover 会自行获取。',
    },
  },
  JOIN_TOKEN_OLD: {
    status: 422,
    title: { en: 'The join token may have expired', zh: '加入令牌可能已过期' },
    message: {
      en: 'The join token is {age} old; they usually end after 60 minutes, which cannot be read from the token.',
      zh: '加入令牌已存在 {age}；通常 60 分钟后失效，但无法从令牌中读出。',
    },
    remedy: {
      en: 'If the primary refuses it, give a new one. A token for longer: GET /v1/fed/join_token?token_duration=MINUTES',
      zh: '若主集群拒绝，请提供新令牌。更长有效期的令牌：GET /v1/fed/join_token?token_duration=分钟数',
    },
  },
  JOIN_TOKEN_REFUSED: {
    status: 502,
    title: { en: 'The primary refuses the join token', zh: '主集群拒绝了加入令牌' },
    message: {
      en: 'The primary {primary} refuses the join token: it has expired, or is of another federation.',
      zh: '主集群 {primary} 拒绝了加入令牌：已过期，或属于其他联邦。',
    },
    remedy: {
      en: 'Drover tries a new one once where it has a way to one; else make one on the primary and give it (PATCH). If new ones are refused too, compare the clocks of both clusters.',
      zh: '若有途径，Drover 会用新令牌再试一次；否则请在主集群上生成并通过 PATCH 提供。若新令牌也被拒绝，请核对两个集群的时钟。',
    },
  },
  // What its own controller says.
  CONTROLLER_SESSION_OVER: {
    status: 502,
    title: { en: 'The session is over', zh: '会话已结束' },
    message: {
      en: '{place} does not know the session or key any more.',
      zh: '{place} 不再接受该会话或密钥。',
    },
    remedy: {
      en: 'Drover signs in again by itself. An API key may have expired or been deleted.',
      zh: 'Drover 会自动重新登录。若使用 API 密钥，它可能已过期或被删除。',
    },
  },
  CONTROLLER_ROLE_MISSING: {
    status: 502,
    title: { en: 'The role does not suffice', zh: '角色权限不足' },
    message: {
      en: '{place} does not let this credential do it: the built-in role {role} is needed.',
      zh: '{place} 不允许此凭据执行该操作：需要内置角色 {role}。',
    },
    remedy: {
      en: 'Give a user or API key with the role {role}. No custom role can hold the right to join or leave.',
      zh: '请提供具有 {role} 角色的用户或 API 密钥。自定义角色无法拥有加入或离开联邦的权限。',
    },
  },
  CONTROLLER_WRONG_PORT: {
    status: 502,
    title: { en: 'This is a federation listener', zh: '这是联邦监听端口' },
    message: {
      en: '{place} answers that the URL is not found: it is no controller’s REST API, perhaps the federation listener (11443).',
      zh: '{place} 返回 URL 不存在：它不是控制器的 REST API，可能是联邦监听端口（11443）。',
    },
    remedy: {
      en: 'Give the address of the REST API, port 10443 of the controller.',
      zh: '请填写 REST API 的地址，即控制器的 10443 端口。',
    },
  },
  CONTROLLER_NOT_ITSELF: {
    status: 502,
    title: { en: 'Something else than NeuVector’s controller answered', zh: '应答的不是 NeuVector 控制器' },
    message: {
      en: 'What answered at {place} is no controller ({status}: {said}).',
      zh: '在 {place} 应答的不是控制器（{status}：{said}）。',
    },
    remedy: {
      en: 'Check address and port, and where a proxy or ingress before it sends requests.',
      zh: '请检查地址和端口，以及前面的代理或 Ingress 将请求转发到何处。',
    },
  },
  CONTROLLER_IS_MANAGER: {
    status: 502,
    title: { en: 'This is NeuVector’s web console', zh: '这是 NeuVector 的管理界面' },
    message: {
      en: 'At {place} NeuVector’s manager answered, which is not the controller’s REST API.',
      zh: '在 {place} 应答的是 NeuVector 管理界面，而不是控制器的 REST API。',
    },
    remedy: {
      en: 'Have the ingress lead to the controller’s REST service (10443), not to the web UI (8443).',
      zh: '请让 Ingress 指向控制器的 REST 服务（10443），而不是 Web 界面（8443）。',
    },
  },
  CONTROLLER_GATEWAY: {
    status: 502,
    title: { en: 'What stands before the controller has trouble', zh: '控制器前端出现故障' },
    message: {
      en: 'A proxy, ingress or load balancer at {place} answered {status} in the controller’s place.',
      zh: '{place} 处的代理、Ingress 或负载均衡器代替控制器返回了 {status}。',
    },
    remedy: {
      en: 'It is tried again. If it persists, see whether the controller behind it runs.',
      zh: '会自动重试。若持续出现，请检查其后的控制器是否在运行。',
    },
  },
  CONTROLLER_LOCK_BUSY: {
    status: 503,
    title: { en: 'The federation is busy', zh: '联邦正忙' },
    message: {
      en: 'Another change of the federation is going on ({place}).',
      zh: '联邦的另一项更改正在进行（{place}）。',
    },
    remedy: { en: 'It is tried again by itself.', zh: '会自动重试。' },
  },
  CONTROLLER_CLEANING_UP: {
    status: 503,
    title: { en: 'The last federation is still being cleaned up', zh: '仍在清理上一个联邦的规则' },
    message: {
      en: '{place} is still removing the rules of the federation that it left, for up to five minutes.',
      zh: '{place} 仍在清除已离开的联邦的规则，最多需要五分钟。',
    },
    remedy: { en: 'It is tried again by itself.', zh: '会自动重试。' },
  },
  CONTROLLER_REFUSES: {
    status: 502,
    title: { en: 'The controller refuses', zh: '控制器拒绝了请求' },
    message: {
      en: '{place} refuses: {said} ({status}, code {code}).',
      zh: '{place} 拒绝了请求：{said}（{status}，代码 {code}）。',
    },
    remedy: {
      en: 'Nothing but a change helps; the controller’s log says more.',
      zh: '需要更改配置才能继续；控制器日志中有更多信息。',
    },
  },
  CONTROLLER_TROUBLE: {
    status: 502,
    title: { en: 'The controller has trouble', zh: '控制器出现故障' },
    message: {
      en: '{place} failed: {said} ({status}, code {code}).',
      zh: '{place} 处理失败：{said}（{status}，代码 {code}）。',
    },
    remedy: {
      en: 'It is tried again. If it persists, look at the controller’s log.',
      zh: '会自动重试。若持续出现，请查看控制器日志。',
    },
  },

  // What a join is answered with.
  JOIN_REQUEST_INVALID: {
    status: 502,
    title: { en: 'The join’s contents are refused', zh: '加入请求的内容被拒绝' },
    message: {
      en: '{place} does not take the join’s contents: {said}.',
      zh: '{place} 不接受加入请求的内容：{said}。',
    },
    remedy: {
      en: 'Check the token (it must be a whole join token, no UUID or web-UI text), the advertised address and the primary’s.',
      zh: '请检查令牌（必须是完整的加入令牌，而非 UUID 或界面文本）、通告地址和主集群地址。',
    },
  },
  JOIN_NOT_NOW: {
    status: 502,
    title: { en: 'The controller may not join now', zh: '控制器目前不能加入' },
    message: {
      en: 'The controller may not join: it is in a federation already, or the primary is none any more.',
      zh: '控制器不能加入：它已在某个联邦中，或目标已不再是主集群。',
    },
    remedy: {
      en: 'Drover looks at the controller’s own membership. If it is in another federation, leave that first.',
      zh: 'Drover 会查看控制器自身的成员状态。若它在其他联邦中，请先离开。',
    },
  },
  JOIN_LEFTOVERS: {
    status: 409,
    title: { en: 'Leftovers of a federation are in the way', zh: '存在旧联邦的遗留对象' },
    message: {
      en: '{place} still has groups or registries of a federation: {said}.',
      zh: '{place} 上仍有联邦的组或镜像仓库：{said}。',
    },
    remedy: {
      en: 'Delete or rename these in NeuVector (names with the prefix fed.), then: POST /api/v1/joins/{id}/retry',
      zh: '请在 NeuVector 中删除或重命名它们（带 fed. 前缀），然后：POST /api/v1/joins/{id}/retry',
    },
  },
  JOIN_ADDRESS_UNREACHED: {
    status: 502,
    title: { en: 'The primary does not reach this cluster', zh: '主集群无法访问本集群' },
    message: {
      en: 'The primary found no controller outside a federation at {advertised}, which is advertised as this cluster’s address.',
      zh: '主集群在通告地址 {advertised} 上未找到未加入联邦的控制器。',
    },
    remedy: {
      en: 'Have {advertised} lead from the primary’s network to this controller’s REST API (10443): DNS, firewall, load balancer. It is tried again, slowly.',
      zh: '请确保从主集群的网络可通过 {advertised} 访问本控制器的 REST API（10443）：检查 DNS、防火墙和负载均衡器。会缓慢重试。',
    },
  },
  JOIN_NAME_TAKEN: {
    status: 409,
    title: { en: 'The federation has a member of this name', zh: '联邦中已有同名成员' },
    message: {
      en: 'The primary already lists a cluster named {name}.',
      zh: '主集群中已有名为 {name} 的集群。',
    },
    remedy: {
      en: 'With the primary’s credential ("primary": { "rest", "credential" }) Drover finds out whether it is what a lost attempt left, and clears that. Else remove the entry on the primary, or choose another name.',
      zh: '若提供主集群凭据（"primary": { "rest", "credential" }），Drover 会判断该条目是否为中断的尝试所遗留并清除。否则请在主集群上删除该条目，或另取名称。',
    },
  },
  JOIN_PRIMARY_TOO_OLD: {
    status: 502,
    title: { en: 'The primary’s NeuVector is too old', zh: '主集群的 NeuVector 版本过旧' },
    message: {
      en: 'The primary’s NeuVector is older than this cluster’s; their federations do not go together.',
      zh: '主集群的 NeuVector 版本低于本集群，两者的联邦不兼容。',
    },
    remedy: {
      en: 'Upgrade the primary, so that both are of one group: 5.1–5.4.2, 5.4.3–5.4.4, 5.4.5–5.5.x, 5.6.0 and later. Then: POST /api/v1/joins/{id}/retry',
      zh: '请升级主集群，使两者属于同一组：5.1–5.4.2、5.4.3–5.4.4、5.4.5–5.5.x、5.6.0 及以上。然后：POST /api/v1/joins/{id}/retry',
    },
  },
  JOIN_CONTROLLER_TOO_OLD: {
    status: 502,
    title: { en: 'This cluster’s NeuVector is too old', zh: '本集群的 NeuVector 版本过旧' },
    message: {
      en: 'This cluster’s NeuVector is older than the primary’s; their federations do not go together.',
      zh: '本集群的 NeuVector 版本低于主集群，两者的联邦不兼容。',
    },
    remedy: {
      en: 'Upgrade this cluster, so that both are of one group: 5.1–5.4.2, 5.4.3–5.4.4, 5.4.5–5.5.x, 5.6.0 and later. Then: POST /api/v1/joins/{id}/retry',
      zh: '请升级本集群，使两者属于同一组：5.1–5.4.2、5.4.3–5.4.4、5.4.5–5.5.x、5.6.0 及以上。然后：POST /api/v1/joins/{id}/retry',
    },
  },
  JOIN_PRIMARY_UPGRADING: {
    status: 503,
    title: { en: 'The primary is being upgraded', zh: '主集群正在升级' },
    message: {
      en: 'The primary {primary} takes no members while it is being upgraded.',
      zh: '主集群 {primary} 升级期间不接受成员。',
    },
    remedy: { en: 'It is tried again by itself.', zh: '会自动重试。' },
  },
  JOIN_PRIMARY_WRONG_PORT: {
    status: 502,
    title: { en: 'The primary’s address is a REST API', zh: '主集群地址是 REST API' },
    message: {
      en: 'At {primary} a controller’s REST API answers, not the federation listener of a primary.',
      zh: '在 {primary} 应答的是控制器的 REST API，而不是主集群的联邦监听端口。',
    },
    remedy: {
      en: 'Give the federation listener as "primary": { "federation" }: usually port 11443, service neuvector-svc-controller-fed-master. Without it the token says where.',
      zh: '请在 "primary": { "federation" } 中填写联邦监听地址：通常为 11443 端口，服务 neuvector-svc-controller-fed-master。留空则以令牌为准。',
    },
  },
  JOIN_PRIMARY_UNREACHED: {
    status: 502,
    title: { en: 'The controller does not reach the primary', zh: '控制器无法访问主集群' },
    message: {
      en: '{place} did not get an answer of the primary {primary}: {said}.',
      zh: '{place} 未得到主集群 {primary} 的应答：{said}。',
    },
    remedy: {
      en: 'Check DNS, routes and firewall from this cluster to the primary’s federation listener. The join may have taken effect: Drover looks before it tries again.',
      zh: '请检查从本集群到主集群联邦监听端口的 DNS、路由和防火墙。加入可能已生效：Drover 会先查看再重试。',
    },
  },
  JOIN_PRIMARY_GATEWAY: {
    status: 502,
    title: { en: 'What stands before the primary has trouble', zh: '主集群前端出现故障' },
    message: {
      en: 'A proxy or ingress answered in the place of the primary {primary}: {said}.',
      zh: '代理或 Ingress 代替主集群 {primary} 作出应答：{said}。',
    },
    remedy: {
      en: 'See whether the ingress leads to the primary’s federation listener (11443) and that is up. It is tried again.',
      zh: '请检查 Ingress 是否通往主集群的联邦监听端口（11443）以及其是否运行。会自动重试。',
    },
  },
  JOIN_PRIMARY_UNREADY: {
    status: 502,
    title: { en: 'The primary could not do it', zh: '主集群未能完成' },
    message: {
      en: 'The primary {primary} could not carry it out: {said}.',
      zh: '主集群 {primary} 未能完成：{said}。',
    },
    remedy: {
      en: 'It is tried again. If it persists, look at the log of the primary’s controller.',
      zh: '会自动重试。若持续出现，请查看主集群控制器的日志。',
    },
  },
  JOIN_PRIMARY_UNSEEN: {
    status: 502,
    title: { en: 'Drover does not reach the primary', zh: 'Drover 无法访问主集群' },
    message: {
      en: 'No federation listener answered Drover at {primary}: {reason}.',
      zh: 'Drover 在 {primary} 未得到联邦监听端口的应答：{reason}。',
    },
    remedy: {
      en: 'The controller, which joins, may reach it all the same. If the join fails too, look at DNS, firewall, and whether the primary is one.',
      zh: '执行加入的控制器仍可能访问得到。若加入也失败，请检查 DNS、防火墙，以及它是否确为主集群。',
    },
  },
  JOIN_PRIMARY_NONE: {
    status: 502,
    title: { en: 'The primary is none', zh: '目标不是主集群' },
    message: {
      en: '{place} is the primary of no federation.',
      zh: '{place} 不是任何联邦的主集群。',
    },
    remedy: {
      en: 'Promote it in NeuVector, or give the address of the controller that is the primary.',
      zh: '请在 NeuVector 中将其提升为主集群，或填写真正主集群的控制器地址。',
    },
  },
  JOIN_PRIMARY_UNASKED: {
    status: 502,
    title: { en: 'The primary’s members could not be read', zh: '无法读取主集群的成员列表' },
    message: {
      en: 'The primary’s member list could not be read: {reason}.',
      zh: '无法读取主集群的成员列表：{reason}。',
    },
    remedy: {
      en: 'A join does not need it. To have Drover clear what lost attempts leave, mend the primary’s "rest" or credential.',
      zh: '加入并不需要它。若要由 Drover 清除中断尝试的遗留，请修正主集群的 "rest" 或凭据。',
    },
  },
  JOIN_GHOST: {
    status: 409,
    title: { en: 'The primary lists what a lost attempt left', zh: '主集群中有中断尝试的遗留条目' },
    message: {
      en: 'The primary lists {name} with our own address {advertised} as {status}: what an attempt left whose answer was lost, or this cluster before.',
      zh: '主集群列有 {name}，地址为本集群的 {advertised}，状态为 {status}：系丢失应答的尝试或此前的本集群所遗留。',
    },
    remedy: {
      en: 'Drover clears it when it joins.',
      zh: 'Drover 会在加入时清除它。',
    },
  },

  // The contract "master".
  JOIN_MASTER_CONTRACT: {
    status: 502,
    title: { en: 'The primary takes no joins itself', zh: '主集群不直接接受加入请求' },
    message: {
      en: '{primary} does not take joins sent to it: {said} ({status}, code {code}). {mistake}',
      zh: '{primary} 不接受直接发送的加入请求：{said}（{status}，代码 {code}）。{mistake}',
    },
    remedy: {
      en: 'NeuVector’s own way is "contract": "controller", where the joining cluster’s controller is asked. "master" is for gateways that take joins for it.',
      zh: 'NeuVector 自身的方式是 "contract": "controller"，即向要加入的集群的控制器提出请求。"master" 用于代为接受加入的网关。',
    },
  },
  JOIN_MASTER_LISTED: {
    status: 409,
    title: { en: 'The primary already lists this cluster', zh: '主集群已列有该集群' },
    message: {
      en: '{primary} already lists a cluster named {name}.',
      zh: '{primary} 已列有名为 {name} 的集群。',
    },
    remedy: {
      en: 'If it is this one, nothing is to be done. Else remove the entry on the primary, or choose another name.',
      zh: '若即为本集群，则无需操作。否则请在主集群上删除该条目，或另取名称。',
    },
  },

  // Leaving, removing, sending rules again.
  LEAVE_NOT_MEMBER: {
    status: 409,
    title: { en: 'The cluster is in no federation', zh: '该集群不在任何联邦中' },
    message: { en: '{place} is no member of a federation.', zh: '{place} 不是任何联邦的成员。' },
    remedy: { en: 'Nothing is to be done.', zh: '无需操作。' },
  },
  LEAVE_UNKNOWN: {
    status: 502,
    title: { en: 'The primary does not know this cluster any more', zh: '主集群已不认识该集群' },
    message: {
      en: 'The primary does not list this cluster any more ({said}).',
      zh: '主集群已不再列有该集群（{said}）。',
    },
    remedy: {
      en: 'Drover leaves without the primary, which leaves nothing behind there.',
      zh: 'Drover 将不经主集群直接离开，不会在那里留下条目。',
    },
  },
  LEAVE_UNANSWERED: {
    status: 502,
    title: { en: 'The primary does not let it go', zh: '主集群未确认离开' },
    message: {
      en: '{place} could not take leave of the primary: {said}.',
      zh: '{place} 未能向主集群告知离开：{said}。',
    },
    remedy: {
      en: 'Drover leaves without the primary then, and removes the entry there where it has the primary’s credential. Else remove it by hand.',
      zh: 'Drover 随后将不经主集群离开；若有主集群凭据，会清除其上的条目，否则请手动移除。',
    },
  },
  REMOVE_GONE: {
    status: 404,
    title: { en: 'The entry is gone already', zh: '条目已不存在' },
    message: { en: '{place} does not list this entry any more.', zh: '{place} 已不再列有该条目。' },
    remedy: { en: 'Nothing is to be done.', zh: '无需操作。' },
  },
  DEPLOY_NOTHING: {
    status: 409,
    title: { en: 'There is nothing to send', zh: '没有可下发的内容' },
    message: {
      en: '{place} has no rules to send to this member.',
      zh: '{place} 没有要向该成员下发的规则。',
    },
    remedy: { en: 'The next look tells whether it is in sync.', zh: '下次检查会显示是否已同步。' },
  },
  DEPLOY_UNREACHED: {
    status: 502,
    title: { en: 'The primary does not reach the member', zh: '主集群无法访问该成员' },
    message: {
      en: '{place} could not send rules: it does not reach the member.',
      zh: '{place} 无法下发规则：访问不到该成员。',
    },
    remedy: {
      en: 'Check the way from the primary to the member’s advertised address.',
      zh: '请检查从主集群到该成员通告地址的网络。',
    },
  },
} as const satisfies Catalogue;

export const ladderError = errorsOf(ladderErrors);
export type LadderCode = keyof typeof ladderErrors;
