import { type Catalogue, errorsOf, type Language } from '#errors';

const status = 500;

/** What can keep the local run from starting. Each is said in one sentence, with its remedy. */
export const localErrors = {
  ARGUMENT_UNKNOWN: {
    status,
    title: { en: 'Unknown argument', zh: '未知参数' },
    message: { en: 'npm start does not know "{argument}"', zh: 'npm start 不认识参数 “{argument}”' },
    remedy: {
      en: 'it takes --fresh (begin anew, deleting all data), --threads (a thread per concurrent call) and --no-world (without simulated clusters), after a --.',
      zh: '可用参数（写在 -- 之后）：--fresh（清空数据重新开始）、--threads（每个并发调用一个线程）、--no-world（不启动模拟集群）。',
    },
  },
  PORT_BUSY: {
    status,
    title: { en: 'Port in use', zh: '端口被占用' },
    message: { en: 'Port {port} is in use', zh: '端口 {port} 已被占用' },
    remedy: {
      en: 'end what uses it, or choose another: {setting}={other} npm start.',
      zh: '请结束占用它的程序，或换一个端口：{setting}={other} npm start。',
    },
  },
  EXPORTER_PORT_INVALID: {
    status,
    title: { en: 'No port for the exporter', zh: '导出器端口无效' },
    message: {
      en: 'EXPORTER_PORT is no port, so the controller’s metrics have no address of their own',
      zh: 'EXPORTER_PORT 不是端口，控制器指标没有独立地址',
    },
    remedy: {
      en: 'give it a port from 1 to 65535; until then they are at /metrics/neuvector?membership=default of the API.',
      zh: '请设为 1 到 65535 的端口；在此之前可从 API 的 /metrics/neuvector?membership=default 获取。',
    },
  },
  DATA_UNWRITABLE: {
    status,
    title: { en: 'Data folder not writable', zh: '数据目录不可写' },
    message: {
      en: 'The data folder {folder} cannot be written ({reason})',
      zh: '数据目录 {folder} 不可写（{reason}）',
    },
    remedy: {
      en: 'make it writable, or choose another: DROVER_DATA=/path npm start.',
      zh: '请使其可写，或换一个目录：DROVER_DATA=/路径 npm start。',
    },
  },
  DATA_IN_USE: {
    status,
    title: { en: 'Data folder in use', zh: '数据目录正在使用' },
    message: {
      en: 'Another Drover is running on the data folder {folder}',
      zh: '另一个 Drover 正在使用数据目录 {folder}',
    },
    remedy: {
      en: 'end that one, or give this one its own: DROVER_DATA=/path SERVER_PORT={other} npm start.',
      zh: '请结束它，或为本次运行另设目录：DROVER_DATA=/路径 SERVER_PORT={other} npm start。',
    },
  },
  DATA_FOREIGN: {
    status,
    title: { en: 'Not a data folder', zh: '不是数据目录' },
    message: {
      en: '{folder} holds files that are not Drover’s, so --fresh deletes nothing there',
      zh: '{folder} 中有不属于 Drover 的文件，--fresh 不会删除其中任何内容',
    },
    remedy: { en: 'give DROVER_DATA a folder of its own.', zh: '请为 DROVER_DATA 指定一个专用目录。' },
  },
  EMULATOR_ENDED: {
    status,
    title: { en: 'The functions did not start', zh: '函数未能启动' },
    message: {
      en: 'serverless-offline ended before Drover was ready',
      zh: 'serverless-offline 在 Drover 就绪前退出',
    },
    remedy: { en: 'its log says why: {log}', zh: '原因见日志：{log}' },
  },
  NOT_READY: {
    status,
    title: { en: 'The functions did not start', zh: '函数未能启动' },
    message: {
      en: 'Drover did not answer within {seconds} s of its start',
      zh: 'Drover 启动后 {seconds} 秒内没有应答',
    },
    remedy: { en: 'its log may say why: {log}', zh: '原因可能在日志中：{log}' },
  },
  WORLD_ENDED: {
    status,
    title: { en: 'The simulated world ended', zh: '模拟世界已退出' },
    message: {
      en: 'The simulated world has ended unexpectedly; Drover goes on without its clusters',
      zh: '模拟世界意外退出；Drover 将在没有其集群的情况下继续运行',
    },
    remedy: {
      en: 'start it again beside Drover: npm run world.',
      zh: '可在 Drover 之外重新启动它：npm run world。',
    },
  },
  WORLD_NOT_REGISTERED: {
    status,
    title: { en: 'Something simulated was not registered', zh: '模拟对象未注册' },
    message: {
      en: 'The simulated {name} could not be registered in Drover ({reason})',
      zh: '模拟的 {name} 未能在 Drover 中注册（{reason}）',
    },
    remedy: {
      en: 'it is tried again at the next start; the log may say why.',
      zh: '下次启动时会重试；原因可能在日志中。',
    },
  },
} as const satisfies Catalogue;

export const fail = errorsOf(localErrors);

export function languageOf(environment: NodeJS.ProcessEnv): Language {
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  return /^zh/i.test(locale) ? 'zh' : 'en';
}
