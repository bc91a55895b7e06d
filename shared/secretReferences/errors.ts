import { type Catalogue, errorsOf } from '#errors';

export const secretReferenceErrors = {
  REFERENCE_INVALID: {
    status: 422,
    title: { en: 'Not a reference to a secret', zh: '不是有效的机密引用' },
    message: {
      en: '{setting} begins as a reference to a secret and is none.',
      zh: '{setting} 以机密引用开头，但不是有效的引用。',
    },
    remedy: {
      en: 'Write ssm:NAME, secretsmanager:NAME, secretsmanager:NAME#KEY or file:/path. A secret that itself begins so must be put in one of these places.',
      zh: '请写成 ssm:名称、secretsmanager:名称、secretsmanager:名称#键 或 file:/路径。本身以此开头的机密须存放在这些位置之一。',
    },
  },
  REFERENCE_NOT_FOUND: {
    status: 422,
    title: { en: 'The secret is not there', zh: '找不到机密' },
    message: {
      en: '{setting} names {place}, which is not there.',
      zh: '{setting} 引用的 {place} 不存在。',
    },
    remedy: {
      en: 'Create it in the account and region of the functions, or mount it, or correct the name.',
      zh: '请在函数所在的账号和区域中创建、挂载，或更正名称。',
    },
  },
  REFERENCE_FORBIDDEN: {
    status: 422,
    title: { en: 'The secret may not be read', zh: '无权读取机密' },
    message: {
      en: '{setting} names {place}, which may not be read ({reason}).',
      zh: '{setting} 引用的 {place} 无权读取（{reason}）。',
    },
    remedy: {
      en: 'Deploy with the setting in the environment: the worker’s role is then given this one secret. A key of your own must also let that role decrypt. A file must be readable by the process.',
      zh: '请在环境中带有该设置时重新部署：worker 的角色会获得该机密的读取权限。自有密钥还须允许该角色解密。文件须可被进程读取。',
    },
  },
  REFERENCE_EMPTY: {
    status: 422,
    title: { en: 'The secret is empty', zh: '机密为空' },
    message: {
      en: '{setting} names {place}, which holds no text, or none of that key.',
      zh: '{setting} 引用的 {place} 中没有文本，或没有该键。',
    },
    remedy: {
      en: 'Put the secret there; with #KEY it must be a JSON object that has this member as a text.',
      zh: '请写入机密；使用 #键 时，内容须为 JSON 对象，且该成员为文本。',
    },
  },
  REFERENCE_UNANSWERED: {
    status: 503,
    title: { en: 'The secret could not be read now', zh: '暂时无法读取机密' },
    message: {
      en: '{setting} names {place}, which could not be read now ({reason}).',
      zh: '{setting} 引用的 {place} 暂时无法读取（{reason}）。',
    },
    remedy: {
      en: 'It is tried again each minute. Look at the route to the service, or at the disk.',
      zh: '每分钟会重试。请检查到该服务的网络或磁盘。',
    },
  },
} as const satisfies Catalogue;

export const referenceError = errorsOf(secretReferenceErrors);
