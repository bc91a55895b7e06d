import { type Catalogue, errorsOf } from '#errors';

/** What can be wrong with a request as such, whatever the area. */
export const httpErrors = {
  REQUEST_INVALID: {
    status: 400,
    title: { en: 'Request not valid', zh: '请求无效' },
    message: {
      en: 'The request does not have the form that this route expects: {first}.',
      zh: '请求不符合此路径要求的格式：{first}。',
    },
    remedy: {
      en: 'Correct what "errors" names; /docs shows the form.',
      zh: '请更正 errors 中列出的内容；格式见 /docs。',
    },
  },
  JSON_INVALID: {
    status: 400,
    title: { en: 'Body is not JSON', zh: '请求体不是 JSON' },
    message: { en: 'The body is not valid JSON{where}.', zh: '请求体不是有效的 JSON{where}。' },
    remedy: { en: 'Send one JSON value, in UTF-8.', zh: '请发送一个 UTF-8 编码的 JSON 值。' },
  },
  BODY_MISSING: {
    status: 400,
    title: { en: 'Body missing', zh: '缺少请求体' },
    message: { en: 'This route expects a JSON body and got none.', zh: '此路径需要 JSON 请求体。' },
    remedy: { en: 'Send a JSON object; /docs shows which.', zh: '请发送 JSON 对象；格式见 /docs。' },
  },
  BODY_TOO_DEEP: {
    status: 400,
    title: { en: 'Body nested too deep', zh: '请求体嵌套过深' },
    message: {
      en: 'The body is nested deeper than {limit} levels.',
      zh: '请求体嵌套超过 {limit} 层。',
    },
    remedy: { en: 'Send a flatter document.', zh: '请减少嵌套层级。' },
  },
  CURSOR_INVALID: {
    status: 400,
    title: { en: 'Cursor not valid', zh: '游标无效' },
    message: {
      en: 'The cursor was not given out for this list with these filters, or has expired.',
      zh: '该游标不属于当前列表与筛选条件，或已过期。',
    },
    remedy: { en: 'Begin again without cursor.', zh: '请去掉 cursor 从头开始。' },
  },
  ROUTE_UNKNOWN: {
    status: 404,
    title: { en: 'No such route', zh: '没有此路径' },
    message: { en: 'Nothing is served at this path.', zh: '此路径没有任何内容。' },
    remedy: { en: 'See /docs for all routes.', zh: '所有路径见 /docs。' },
  },
  RECORD_UNKNOWN: {
    status: 404,
    title: { en: 'No such record', zh: '没有此记录' },
    message: {
      en: 'There is no record of kind "{kind}" with this id or name, or it is outside this token’s labels.',
      zh: '没有此 id 或名称的“{kind}”记录，或其超出此令牌的标签范围。',
    },
    remedy: { en: 'List them to see which there are.', zh: '请列出全部以查看现有记录。' },
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: { en: 'Method not allowed', zh: '方法不被允许' },
    message: {
      en: '{method} is not offered here; {allow} are.',
      zh: '此处不支持 {method}，支持的方法有 {allow}。',
    },
    remedy: {
      en: 'Use one of the methods in the Allow header.',
      zh: '请使用 Allow 响应头中列出的方法。',
    },
  },
  NAME_TAKEN: {
    status: 409,
    title: { en: 'Name taken', zh: '名称已被占用' },
    message: {
      en: 'There is a {kind} named {name} already.',
      zh: '已存在名为 {name} 的 {kind}。',
    },
    remedy: { en: 'Choose another name, or change that record.', zh: '请换一个名称，或修改该记录。' },
  },
  RECORD_DELETING: {
    status: 409,
    title: { en: 'Record is being deleted', zh: '记录正在删除' },
    message: { en: 'The {kind} {name} is being deleted.', zh: '{kind} {name} 正在删除。' },
    remedy: { en: 'Wait until it is gone.', zh: '请等待删除完成。' },
  },
  IDEMPOTENCY_IN_FLIGHT: {
    status: 409,
    title: { en: 'Same request still running', zh: '相同请求仍在处理' },
    message: {
      en: 'A request with this Idempotency-Key has not been answered yet.',
      zh: '使用此 Idempotency-Key 的请求尚未完成。',
    },
    remedy: { en: 'Repeat it after Retry-After.', zh: '请在 Retry-After 之后重试。' },
  },
  IDEMPOTENCY_ANSWER_SEALED: {
    status: 409,
    title: { en: 'Answer cannot be given again', zh: '无法再次给出响应' },
    message: {
      en: 'The request was carried out. Its answer can only be given again to the credential that sent it.',
      zh: '该请求已执行；其响应只能再次返回给发起请求的凭据。',
    },
    remedy: { en: 'Read the record to see what came of it.', zh: '请读取该记录以查看结果。' },
  },
  VERSION_STALE: {
    status: 412,
    title: { en: 'Record has changed', zh: '记录已变更' },
    message: {
      en: 'If-Match names another version; the record is at version {version}.',
      zh: 'If-Match 指定的版本不符；记录当前版本为 {version}。',
    },
    remedy: {
      en: 'Read the record again and decide on what it is now.',
      zh: '请重新读取记录，并根据当前内容决定。',
    },
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: { en: 'Body too large', zh: '请求体过大' },
    message: { en: 'The body is larger than 1 MiB.', zh: '请求体超过 1 MiB。' },
    remedy: { en: 'Send less at once.', zh: '请减小单次请求的大小。' },
  },
  CONTENT_TYPE_UNSUPPORTED: {
    status: 415,
    title: { en: 'Content type not supported', zh: '不支持的内容类型' },
    message: {
      en: 'This route takes {accepted}, in UTF-8 and not compressed.',
      zh: '此路径接受 {accepted}，须为 UTF-8 且未压缩。',
    },
    remedy: { en: 'Set the Content-Type header.', zh: '请设置 Content-Type 请求头。' },
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: { en: 'Idempotency-Key used for another request', zh: 'Idempotency-Key 已用于其他请求' },
    message: {
      en: 'This Idempotency-Key came with another request before.',
      zh: '此 Idempotency-Key 曾用于另一个请求。',
    },
    remedy: { en: 'Use a new key for each new request.', zh: '请为每个新请求使用新的键。' },
  },
  TOO_MANY_SELECTED: {
    status: 422,
    title: { en: 'Too many selected', zh: '所选记录过多' },
    message: {
      en: 'The selector matches more than {limit} records.',
      zh: '选择器匹配的记录超过 {limit} 条。',
    },
    remedy: { en: 'Select fewer at once.', zh: '请缩小选择范围。' },
  },
  LABELS_TOO_MANY: {
    status: 422,
    title: { en: 'Too many labels', zh: '标签过多' },
    message: {
      en: 'With these, the record would have more than 20 labels, or more than 1 kB of them.',
      zh: '加上这些标签后，记录的标签将超过 20 个或 1 kB。',
    },
    remedy: {
      en: 'Remove others: a label set to null goes.',
      zh: '请移除其他标签：将其设为 null 即可移除。',
    },
  },
  IF_MATCH_NEEDED: {
    status: 428,
    title: { en: 'If-Match needed', zh: '需要 If-Match' },
    message: {
      en: 'Acting on a stale view does harm here, so the request must carry If-Match.',
      zh: '基于过期信息操作会造成损害，因此请求必须带有 If-Match。',
    },
    remedy: {
      en: 'Read the record, look at it, and send its ETag, which is its version in quotes, as If-Match.',
      zh: '请读取并确认该记录，然后将其 ETag（带引号的 version）作为 If-Match 发送。',
    },
  },
  INTERNAL: {
    status: 500,
    title: { en: 'Internal error', zh: '内部错误' },
    message: { en: 'Something failed inside Drover.', zh: 'Drover 内部出错。' },
    remedy: {
      en: 'Try again. If it stays, look for the request id in the logs and report it.',
      zh: '请重试。如仍失败，请用请求 id 在日志中查找并报告。',
    },
  },
  STORE_UNANSWERED: {
    status: 503,
    title: { en: 'Store not answering', zh: '存储无响应' },
    message: {
      en: 'The store did not answer; whether a write took effect is not known.',
      zh: '存储没有响应；写入是否生效未知。',
    },
    remedy: {
      en: 'Read the record again, then repeat the request, with the same Idempotency-Key if it is a POST.',
      zh: '请重新读取记录后再重试；POST 请求请使用相同的 Idempotency-Key。',
    },
  },
} as const satisfies Catalogue;

export const httpError = errorsOf(httpErrors);
