import { errorsOf } from '#errors';

/** What a membership's state may come from, beyond single answers, and what cannot be done with it now. */
export const joinErrors = {
  STAGE_FAILED: {
    status: 502,
    title: { en: 'A stage failed', zh: '某个阶段失败' },
    message: {
      en: 'A stage of the join failed, and nothing more is known.',
      zh: '加入过程的某个阶段失败，原因不明。',
    },
    remedy: { en: 'Run the preflight to see each stage.', zh: '请运行预检以查看各阶段。' },
  },
  JOIN_NOT_LISTED: {
    status: 502,
    title: { en: 'Accepted, and not a member', zh: '已被接受但未成为成员' },
    message: {
      en: 'The join was accepted, but within {seconds} s the controller did not call itself a member.',
      zh: '加入请求已被接受，但控制器在 {seconds} 秒内未显示为成员。',
    },
    remedy: {
      en: 'It is tried again. If it goes on, look at the controller’s log.',
      zh: '将自动重试。若持续出现，请查看控制器日志。',
    },
  },
  JOIN_UNANSWERED: {
    status: 502,
    title: { en: 'The join was not answered', zh: '加入请求没有应答' },
    message: {
      en: 'The answer to the join was lost: whether it took effect is being looked up.',
      zh: '加入请求的应答丢失：正在查询其是否生效。',
    },
    remedy: { en: 'Nothing is to be done: the member list tells.', zh: '无需操作：成员列表会给出结果。' },
  },
  NAME_TAKEN_AT_PRIMARY: {
    status: 409,
    title: { en: 'Another cluster has this name', zh: '该名称已被其他集群使用' },
    message: {
      en: 'In the federation another cluster is called {name}, and it answers from {address}.',
      zh: '联邦中另一个集群名为 {name}，其地址为 {address}。',
    },
    remedy: {
      en: 'Give this membership another name (clusterName or storeId), or remove the other cluster from the federation.',
      zh: '请为此成员关系更换名称（clusterName 或 storeId），或从联邦中移除另一个集群。',
    },
  },
  NAME_TAKEN_OR_GHOST: {
    status: 409,
    title: { en: 'The name is taken, perhaps by ourselves', zh: '名称已被占用，可能是自己留下的' },
    message: {
      en: 'The primary lists a cluster with this name already. It may be another one, or what an earlier join left behind, which only the primary can tell.',
      zh: '主集群已列有同名集群。它可能是另一个集群，也可能是先前加入留下的条目，只有主集群能够分辨。',
    },
    remedy: {
      en: 'Give the primary’s REST address and a credential (primary.rest, primary.credential), so that what is left of us is cleared; or remove the entry at the primary, or set Allow_Same_K8s_Uid_Rejoin there; then retry.',
      zh: '请提供主集群的 REST 地址与凭据（primary.rest、primary.credential），以便清理残留条目；或在主集群上移除该条目，或在那里设置 Allow_Same_K8s_Uid_Rejoin；然后重试。',
    },
  },
  GHOST_NOT_CLEARED: {
    status: 502,
    title: { en: 'What is left of us stays at the primary', zh: '主集群上的残留条目未能清除' },
    message: {
      en: 'The primary lists an entry under {name} that nobody answers for, and could not be made to remove it.',
      zh: '主集群上名为 {name} 的条目无人应答，且未能将其移除。',
    },
    remedy: {
      en: 'It is tried again. Otherwise remove it at the primary.',
      zh: '将自动重试；也可在主集群上手动移除。',
    },
  },
  GHOST_LEFT: {
    status: 422,
    title: { en: 'An entry stays at the primary', zh: '主集群上留有条目' },
    message: {
      en: 'The primary was not told of the leave and still lists {name}.',
      zh: '主集群未获知退出，仍列有 {name}。',
    },
    remedy: { en: 'Remove it at the primary.', zh: '请在主集群上移除它。' },
  },
  STILL_MEMBER: {
    status: 502,
    title: { en: 'Still a member', zh: '仍是成员' },
    message: {
      en: 'The leave was accepted, and the controller calls itself a member all the same.',
      zh: '退出请求已被接受，但控制器仍显示为成员。',
    },
    remedy: {
      en: 'It is tried again. If it goes on, look at the controller’s log.',
      zh: '将自动重试。若持续出现，请查看控制器日志。',
    },
  },
  MEMBER_ELSEWHERE: {
    status: 409,
    title: { en: 'A member of another federation', zh: '已是其他联邦的成员' },
    message: {
      en: 'The cluster is a member of {primary} ({address}), which is not the primary that is wanted.',
      zh: '该集群是 {primary}（{address}）的成员，并非期望的主集群。',
    },
    remedy: {
      en: 'Let it leave first (POST /leave), then retry; or want that primary.',
      zh: '请先退出（POST /leave）再重试；或将期望的主集群改为它。',
    },
  },
  WRONG_PRIMARY: {
    status: 409,
    title: { en: 'With another primary', zh: '主集群不符' },
    message: {
      en: 'The cluster has become a member of {primary} ({address}), which is not the primary that is wanted.',
      zh: '该集群变为 {primary}（{address}）的成员，并非期望的主集群。',
    },
    remedy: {
      en: 'With stayJoined "mend" or "always" it is brought back, once there is a way to a token that counts; with "no" decide which is right.',
      zh: 'stayJoined 为 "mend" 或 "always" 时，只要能取得有效令牌就会自动恢复；为 "no" 时请人工决定。',
    },
  },
  CLUSTER_IS_PRIMARY: {
    status: 409,
    title: { en: 'The cluster is a primary itself', zh: '该集群自身是主集群' },
    message: {
      en: 'This controller is the primary of a federation with {members} members: a primary cannot join another.',
      zh: '该控制器是拥有 {members} 个成员的联邦的主集群：主集群不能加入其他联邦。',
    },
    remedy: {
      en: 'Demote it first, or register it with join: false.',
      zh: '请先将其降级，或以 join: false 登记。',
    },
  },
  PUT_OUT: {
    status: 409,
    title: { en: 'No member any more', zh: '已不再是成员' },
    message: {
      en: 'The cluster was put out of the federation of {primary}, or left it without Drover.',
      zh: '该集群被移出 {primary} 的联邦，或未经 Drover 自行退出。',
    },
    remedy: {
      en: 'If it is to be a member: POST /retry. With stayJoined "always" Drover does so by itself.',
      zh: '若应继续作为成员：POST /retry。stayJoined 为 "always" 时 Drover 会自动重新加入。',
    },
  },
  PRIMARY_OUT_OF_TOUCH: {
    status: 502,
    title: { en: 'The primary does not answer', zh: '主集群无应答' },
    message: {
      en: 'The controller cannot reach its primary {primary}; it goes on with the rules it has.',
      zh: '控制器无法连接其主集群 {primary}；它将继续使用现有规则。',
    },
    remedy: {
      en: 'Look at the primary, and at the way there from this cluster.',
      zh: '请检查主集群以及从本集群到它的网络。',
    },
  },
  PRIMARY_CANNOT_REACH: {
    status: 502,
    title: { en: 'The primary cannot reach the cluster', zh: '主集群无法连接该集群' },
    message: {
      en: 'The primary {primary} lists this cluster as "{status}": it does not answer at its advertised address.',
      zh: '主集群 {primary} 将本集群列为“{status}”：其公布地址无应答。',
    },
    remedy: {
      en: 'Look at the advertised address, and at what stands before the controller.',
      zh: '请检查公布地址以及控制器之前的入口。',
    },
  },
  NOT_LISTED: {
    status: 409,
    title: { en: 'The primary does not know it', zh: '主集群不认识它' },
    message: {
      en: 'The controller calls itself {name}, a member of {primary}; the primary does not list it.',
      zh: '控制器自称 {name}，为 {primary} 的成员；主集群却未列出它。',
    },
    remedy: {
      en: 'It will be put out at its next poll. Then retry.',
      zh: '它将在下次轮询时被移出，届时请重试。',
    },
  },
  VERSIONS_APART: {
    status: 409,
    title: { en: 'The versions do not go together', zh: '版本不兼容' },
    message: {
      en: 'This cluster and its primary {primary} run versions of NeuVector that do not go together ("{status}").',
      zh: '本集群与其主集群 {primary} 的 NeuVector 版本不兼容（“{status}”）。',
    },
    remedy: { en: 'Upgrade the older one.', zh: '请升级较旧的一方。' },
  },
  OUT_OF_SYNC: {
    status: 502,
    title: { en: 'Out of sync', zh: '未同步' },
    message: {
      en: 'The primary has called this cluster out of sync for {minutes} minutes.',
      zh: '主集群将本集群标为未同步已有 {minutes} 分钟。',
    },
    remedy: {
      en: 'With stayJoined "mend" the rules are sent again; else deploy them at the primary.',
      zh: 'stayJoined 为 "mend" 时会重新下发规则；否则请在主集群上手动下发。',
    },
  },
  MENDING_GIVEN_UP: {
    status: 422,
    title: { en: 'Not put right', zh: '未能修复' },
    message: { en: 'It was tried several times to put {cause} right.', zh: '已多次尝试修复 {cause}。' },
    remedy: { en: 'See to it, then POST /retry.', zh: '请处理后 POST /retry。' },
  },
  ATTEMPTS_EXHAUSTED: {
    status: 422,
    title: { en: 'Tried often enough', zh: '已达重试上限' },
    message: {
      en: 'It was tried {attempts} times and is tried no more.',
      zh: '已尝试 {attempts} 次，不再重试。',
    },
    remedy: { en: 'Put the cause right, then POST /retry.', zh: '请排除原因后 POST /retry。' },
  },
  VIA_API_SERVER: {
    status: 422,
    title: { en: 'Through the API server', zh: '经由 API 服务器' },
    message: {
      en: 'The controller is reached through the API server of a cluster: that server, not Drover, talks TLS to it, and does not verify it.',
      zh: '控制器经由某集群的 API 服务器访问：与其建立 TLS 的是该服务器而非 Drover，且不校验证书。',
    },
    remedy: {
      en: 'Where that matters, expose the controller and give its address.',
      zh: '若有此顾虑，请暴露控制器并直接提供其地址。',
    },
  },
  SIGN_IN_STILL_REFUSED: {
    status: 409,
    title: { en: 'The credential was refused', zh: '凭据已被拒绝' },
    message: {
      en: 'The controller refused the stored credential, and NeuVector locks an account after five failures: {name} is tried again only once a credential is given.',
      zh: '控制器拒绝了所存凭据，而 NeuVector 在五次失败后会锁定账户：{name} 只有重新提供凭据后才会重试。',
    },
    remedy: {
      en: 'PATCH the record with a credential that works; the same one, if it is right by now. Where the environment gives it: correct it there, or POST /retry an hour after the refusal.',
      zh: '请用 PATCH 提供有效的凭据；若原凭据现已有效，可再次提供。若凭据来自环境变量：请在环境中更正，或在被拒绝一小时后 POST /retry。',
    },
  },
  NOT_JOINING: {
    status: 409,
    title: { en: 'For metrics alone', zh: '仅用于指标' },
    message: {
      en: '{name} has join: false: there is nothing to retry or to leave.',
      zh: '{name} 的 join 为 false：无可重试或退出。',
    },
    remedy: {
      en: 'PATCH it with join: true, a name and a way to a token.',
      zh: '请用 PATCH 设置 join: true、名称以及令牌来源。',
    },
  },
  NOTHING_TO_RETRY: {
    status: 409,
    title: { en: 'Nothing to retry', zh: '无需重试' },
    message: { en: '{name} is {state}.', zh: '{name} 的状态为 {state}。' },
    remedy: {
      en: 'A paused one is resumed.',
      zh: '已暂停的请恢复。',
    },
  },
  SETTINGS_OWNED: {
    status: 409,
    title: { en: 'Described by the environment', zh: '由环境变量描述' },
    message: {
      en: '{name} is kept as the settings of the environment say (CTRL_API_SERVICE and its companions).',
      zh: '{name} 按环境变量（CTRL_API_SERVICE 等）维护。',
    },
    remedy: { en: 'Change the settings.', zh: '请修改这些设置。' },
  },
  MEMBERSHIP_GONE: {
    status: 404,
    title: { en: 'No such membership', zh: '没有这个成员关系' },
    message: { en: 'There is no membership {id} any more.', zh: '成员关系 {id} 已不存在。' },
    remedy: { en: 'List /api/v1/joins to see those there are.', zh: '请查看 /api/v1/joins 列表。' },
  },
  PRIMARY_UNASKED: {
    status: 502,
    title: { en: 'The primary could not be asked', zh: '无法询问主集群' },
    message: {
      en: 'How the primary lists this cluster is not known: {reason}',
      zh: '无法得知主集群如何列出本集群：{reason}',
    },
    remedy: { en: 'Look at primary.rest and its credential.', zh: '请检查 primary.rest 及其凭据。' },
  },
  SECRET_CHANGED_MEANWHILE: {
    status: 409,
    title: { en: 'Changed meanwhile', zh: '期间已被他人更改' },
    message: {
      en: 'While this was prepared, other secrets were stored for {name}.',
      zh: '准备期间，{name} 存入了其他机密。',
    },
    remedy: { en: 'Read the record again and decide anew.', zh: '请重新读取该记录后再决定。' },
  },
} as const;

export type JoinCode = keyof typeof joinErrors;
export const joinError = errorsOf(joinErrors);
