import { type Catalogue, errorsOf } from '#errors';

/** What can keep the world from starting, and what its control API refuses. */
export const worldErrors = {
  WORLD_ARGUMENT_UNKNOWN: {
    status: 500,
    title: { en: 'Unknown argument', zh: '未知参数' },
    message: { en: 'npm run world does not know "{argument}"', zh: 'npm run world 不认识参数 “{argument}”' },
    remedy: {
      en: 'it takes --fresh, --clusters NUMBER, --seed TEXT, --speed NUMBER and --port NUMBER, after a --.',
      zh: '可用参数（写在 -- 之后）：--fresh、--clusters 数量、--seed 文本、--speed 倍数、--port 端口。',
    },
  },
  WORLD_ARGUMENT_INVALID: {
    status: 500,
    title: { en: 'Wrong argument', zh: '参数有误' },
    message: { en: '{argument} must be {shape}', zh: '{argument} 应为{shape}' },
    remedy: { en: 'for example: npm run world -- {example}.', zh: '例如：npm run world -- {example}。' },
  },
  WORLD_SEED_FIXED: {
    status: 500,
    title: { en: 'The world has another seed', zh: '世界的种子不同' },
    message: {
      en: 'The world in {folder} was made from another seed',
      zh: '{folder} 中的世界由另一个种子生成',
    },
    remedy: {
      en: 'leave --seed out to go on with it, or add --fresh to make it anew.',
      zh: '去掉 --seed 可继续使用它，加上 --fresh 可重新生成。',
    },
  },
  WORLD_PORT_BUSY: {
    status: 500,
    title: { en: 'Port in use', zh: '端口被占用' },
    message: {
      en: 'Port {port}, which the simulated world has for {what}, is in use',
      zh: '模拟世界用于{what}的端口 {port} 已被占用',
    },
    remedy: {
      en: 'end what uses it, or make the world anew on other ports: npm run world -- --fresh.',
      zh: '请结束占用它的程序，或在其他端口上重新生成：npm run world -- --fresh。',
    },
  },
  WORLD_FOLDER_UNWRITABLE: {
    status: 500,
    title: { en: 'Folder not writable', zh: '目录不可写' },
    message: {
      en: 'The world’s folder {folder} cannot be written ({reason})',
      zh: '模拟世界的目录 {folder} 不可写（{reason}）',
    },
    remedy: {
      en: 'make it writable, or choose another: DROVER_DATA=/path npm run world.',
      zh: '请使其可写，或换一个目录：DROVER_DATA=/路径 npm run world。',
    },
  },
  WORLD_IN_USE: {
    status: 500,
    title: { en: 'The world runs already', zh: '模拟世界已在运行' },
    message: {
      en: 'Another run has the world in {folder}',
      zh: '另一个进程正在运行 {folder} 中的模拟世界',
    },
    remedy: {
      en: 'use that one, end it, or make another world: DROVER_DATA=/path npm run world.',
      zh: '请使用它或结束它，或另建一个：DROVER_DATA=/路径 npm run world。',
    },
  },
  WORLD_UNREADABLE: {
    status: 500,
    title: { en: 'The world’s file cannot be read', zh: '无法读取世界文件' },
    message: {
      en: '{file} is not what the simulated world wrote there',
      zh: '{file} 不是模拟世界写入的内容',
    },
    remedy: {
      en: 'make the world anew: npm run world -- --fresh.',
      zh: '请重新生成：npm run world -- --fresh。',
    },
  },
  WORLD_JOURNAL_UNREADABLE: {
    status: 500,
    title: { en: 'The world’s journal cannot be read', zh: '无法读取世界日志' },
    message: {
      en: 'Line {number} of {file} is not what the simulated world wrote there',
      zh: '{file} 的第 {number} 行不是模拟世界写入的内容',
    },
    remedy: {
      en: 'take that line out, or make the world anew: npm run world -- --fresh.',
      zh: '请删除该行，或重新生成：npm run world -- --fresh。',
    },
  },
  WORLD_CLUSTER_UNKNOWN: {
    status: 404,
    title: { en: 'No such cluster', zh: '没有该集群' },
    message: { en: 'There is no simulated cluster {cluster}.', zh: '没有名为 {cluster} 的模拟集群。' },
    remedy: { en: 'GET /api/clusters lists them.', zh: '可通过 GET /api/clusters 查看。' },
  },
  WORLD_CONTROLLER_UNKNOWN: {
    status: 404,
    title: { en: 'No such controller', zh: '没有该控制器' },
    message: {
      en: 'There is no simulated NeuVector controller {controller} with a listener {listener}.',
      zh: '没有名为 {controller}、监听器为 {listener} 的模拟 NeuVector 控制器。',
    },
    remedy: {
      en: 'GET /api/controllers lists them; their listeners are rest and federation.',
      zh: '可通过 GET /api/controllers 查看；监听器为 rest 和 federation。',
    },
  },
  WORLD_SETTING_INVALID: {
    status: 422,
    title: { en: 'Not a setting of a controller', zh: '控制器设置有误' },
    message: { en: 'This cannot be set: {why}.', zh: '无法设置：{why}。' },
    remedy: {
      en: 'infra/world/README.md lists the settings of a controller and of its users.',
      zh: 'infra/world/README.md 列出了控制器及其用户的设置。',
    },
  },
  WORLD_FAULT_UNKNOWN: {
    status: 404,
    title: { en: 'No such fault', zh: '没有该故障' },
    message: {
      en: 'Fault {id} of {cluster} is not switched on.',
      zh: '{cluster} 上没有开启编号为 {id} 的故障。',
    },
    remedy: {
      en: 'It may have ended by itself, after its last time.',
      zh: '它可能已在最后一次触发后自行结束。',
    },
  },
  WORLD_FAULT_INVALID: {
    status: 422,
    title: { en: 'Not a fault', zh: '故障定义有误' },
    message: { en: 'This is no fault that can be switched on: {why}.', zh: '无法开启该故障：{why}。' },
    remedy: {
      en: 'infra/world/README.md lists them with their fields.',
      zh: 'infra/world/README.md 列出了全部故障及其字段。',
    },
  },
  WORLD_FAULT_OF_SHARED_PORT: {
    status: 409,
    title: { en: 'The port is shared', zh: '端口为共用' },
    message: {
      en: '{cluster} shares its port with others, so its connections cannot fail alone ({kind}).',
      zh: '{cluster} 与其他集群共用端口，其连接无法单独出错（{kind}）。',
    },
    remedy: {
      en: 'Choose a fault of requests, or a cluster with a port of its own.',
      zh: '请改用针对请求的故障，或选择独占端口的集群。',
    },
  },
  WORLD_CLOCK_INVALID: {
    status: 422,
    title: { en: 'Not a setting of the clock', zh: '时钟设置有误' },
    message: {
      en: 'The clock takes a speed from 0 to 10000, or a step forward in milliseconds.',
      zh: '时钟接受 0 到 10000 的倍速，或以毫秒计的前进步长。',
    },
    remedy: {
      en: 'Send {"speed": 60} or {"stepMillis": 3600000}.',
      zh: '请发送 {"speed": 60} 或 {"stepMillis": 3600000}。',
    },
  },
  WORLD_FOREIGN_PAGE: {
    status: 403,
    title: { en: 'Not from this page', zh: '请求并非来自本页面' },
    message: {
      en: 'The request came by another name or from another page than the world’s own.',
      zh: '该请求使用了其他主机名，或来自其他网页。',
    },
    remedy: {
      en: 'Open the page at the address that npm run world prints.',
      zh: '请使用 npm run world 打印的地址打开页面。',
    },
  },
} as const satisfies Catalogue;

export const fail = errorsOf(worldErrors);
